"""A process that has loaded what jobs of a kind need, and waits for the number of one.

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
    kind: str  # of the jobs that need what it has loaded
    environment: Mapping[str, str]  # in which it was begun: it knows no other settings
    leaving: Timer

    def fits(self, kind: str, environment: Mapping[str, str]) -> bool:
        return self.kind == kind and self.environment == environment and self.process.poll() is None


_changing = Lock()
_waiting: list[_Waiting] = []  # one, or none


def keep(process: "subprocess.Popen[bytes]", kind: str, environment: Mapping[str, str]) -> None:
    """Keeps a process that waits for a number on its standard input; one that was kept before goes."""
    leaving = Timer(IDLE, dismiss)
    leaving.daemon = True
    kept = _Waiting(process=process, kind=kind, environment=dict(environment), leaving=leaving)
    with _changing:
        before, _waiting[:] = _waiting[:], [kept]
    leaving.start()
    _let_go(before)


def there(kind: str, environment: Mapping[str, str]) -> bool:
    """Whether one waits for jobs of this kind that was begun in this environment."""
    with _changing:
        return any(one.fits(kind, environment) for one in _waiting)


def take(number: int, kind: str, environment: Mapping[str, str]) -> "subprocess.Popen[bytes] | None":
    """Gives the process that waits the number of its job; none where none waits for that kind in this environment."""
    with _changing:
        found = [one for one in _waiting if one.fits(kind, environment)]
        _waiting[:] = [one for one in _waiting if one not in found]
    for one in found:
        one.leaving.cancel()
        given = one.process.stdin
        assert given is not None
        with suppress(OSError), given:  # it may end in this very moment
            given.write(b"%d\n" % number)
            given.flush()
            return one.process
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
