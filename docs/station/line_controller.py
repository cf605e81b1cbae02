"""A simulated line controller: how the answer of a station becomes signals that a line works with.

    trigger     in   a part lies in front of the camera
    busy        out  the station is at work; a trigger is not taken meanwhile
    result_valid     the other outputs are those of this part
    passed      out  the part may go on; in all other cases it may not
    code        out  why: see ``Code``
    counter     out  results since the start; a line that sees it jump by more than one has lost a part

No answer within the deadline means reject. The same is true for everything that is not understood.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Protocol


class Code(IntEnum):
    """Why a part may go on, or may not."""

    NONE = 0
    PASS = 1
    REJECT = 2
    INSPECT = 3  # a person must look
    NO_ANSWER = 4
    BLOCKED = 5  # no part may pass: the station must judge its challenge parts first, or a person must clear it
    CHALLENGE = 6  # this was a challenge part: take it back


CODES = {"pass": Code.PASS, "reject": Code.REJECT, "inspect": Code.INSPECT}
BLOCKED = ("due", "missed", "unsure")  # what an answer says of the challenge where no part may pass


@dataclass(frozen=True, kw_only=True)
class Signals:
    """The outputs at one moment."""

    busy: bool = False
    result_valid: bool = False
    passed: bool = False
    code: Code = Code.NONE
    counter: int = 0


class HasVerdict(Protocol):
    """What an answer must have."""

    @property
    def verdict(self) -> str:
        """``pass``, ``reject``, ``inspect``; anything else is no answer."""
        ...

    @property
    def challenge(self) -> str:
        """What it says of the station's challenge, or of the challenge part; empty where nothing."""
        ...


Ask = Callable[[bytes, str, float], HasVerdict]  # photo, part, seconds


class LineController:
    """Takes triggers, one after the other. ``watch`` sees the signals each time they change."""

    def __init__(self, ask: Ask, *, deadline: float, watch: Callable[[Signals], None] = lambda _signals: None) -> None:
        self._ask, self._deadline, self._watch = ask, deadline, watch
        self.signals = Signals()

    def trigger(self, part: str, photo: bytes) -> Signals:
        """The signals when this part's result is valid; a trigger while busy changes nothing."""
        if self.signals.busy:
            return self.signals
        self._set(Signals(busy=True, counter=self.signals.counter))
        code = self._code(part, photo)
        # The result first and then that it is valid: a line that looks in between must not see an old one.
        done = replace(self.signals, passed=code is Code.PASS, code=code, counter=self.signals.counter + 1)
        self._set(done)
        self._set(replace(done, busy=False, result_valid=True))
        return self.signals

    def acknowledge(self) -> None:
        """The line has taken the result."""
        self._set(Signals(counter=self.signals.counter))

    def _code(self, part: str, photo: bytes) -> Code:
        until = time.monotonic() + self._deadline
        try:
            reply = self._ask(photo, part, self._deadline)
            code = CODES.get(reply.verdict, Code.NO_ANSWER)
            if code is Code.INSPECT and reply.challenge:
                code = Code.BLOCKED if reply.challenge in BLOCKED else Code.CHALLENGE
        except Exception:  # whatever it was: there is no answer
            return Code.NO_ANSWER
        return code if time.monotonic() < until else Code.NO_ANSWER

    def _set(self, signals: Signals) -> None:
        self.signals = signals
        self._watch(signals)
