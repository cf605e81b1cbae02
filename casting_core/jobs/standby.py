"""A process that has loaded what a heavy job needs, and waits for its number.

To load TensorFlow takes seconds, which whoever presses Start would wait for. There is one such process at most. It does
one job, and it goes when nobody has come for it within ten minutes, or with the process that began it.
"""

import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Timer

IDLE = 600.0  # seconds
LEAVE = 5.0  # seconds it has to go by itself once nobody will come


@dataclass(frozen=True, kw_only=True, eq=False)
class _Waiting:
    process: "subprocess.Popen[bytes]"
    environment: Mapping[str, str]  # in which it was begun: it knows no other settings
    leaving: Timer


_changing = Lock()
_waiting: list[_Waiting] = []  # one, or none


def keep(process: "subprocess.Popen[bytes]", environment: Mapping[str, str]) -> None:
    """Keeps a process that waits for a number on its standard input; one that was kept before goes."""
    leaving = Timer(IDLE, dismiss)
    leaving.daemon = True
    kept = _Waiting(process=process, environment=dict(environment), leaving=leaving)
    with _changing:
        before, _waiting[:] = _waiting[:], [kept]
    leaving.start()
    _let_go(before)


def there(environment: Mapping[str, str]) -> bool:
    """Whether one waits that was begun in this environment."""
    with _changing:
        return any(one.environment == environment and one.process.poll() is None for one in _waiting)


def take(number: int, environment: Mapping[str, str]) -> "subprocess.Popen[bytes] | None":
    """Gives the process that waits the number of its job; none where there is none, or one of another environment."""
    with _changing:
        found, _waiting[:] = _waiting[:], []
    for one in found:
        given = one.process.stdin
        assert given is not None
        if one.environment == environment and one.process.poll() is None:
            with suppress(OSError), given:  # it may end in this very moment
                given.write(b"%d\n" % number)
                given.flush()
                one.leaving.cancel()
                return one.process
    _let_go(found)
    return None


def dismiss() -> None:
    """Lets the process go that waits, if there is one."""
    with _changing:
        found, _waiting[:] = _waiting[:], []
    _let_go(found)


def number() -> int | None:
    """In the process that waits: the number of its job, once somebody has come; none where nobody will."""
    told = sys.stdin.readline()
    return int(told) if told.strip().isdecimal() else None


def _let_go(found: list[_Waiting]) -> None:
    for one in found:
        one.leaving.cancel()
        with suppress(OSError):
            if one.process.stdin is not None:
                one.process.stdin.close()
        try:
            one.process.wait(LEAVE)
        except subprocess.TimeoutExpired:  # it loads still
            one.process.kill()
            one.process.wait()
