"""What became of parts, shift by shift: a part counts once a shift, however many photos of it were judged."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casting_core.judging.watch.seen import Outcome, Seen
from casting_core.judging.watch.shifts import Shift


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many parts were judged, and what became of them."""

    passed: int = 0
    rejected: int = 0
    inspect: int = 0  # a person must look
    gated: int = 0  # photos, not parts, that the gate refused

    @property
    def judged(self) -> int:
        """Parts that got a verdict."""
        return self.passed + self.rejected + self.inspect

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: number + getattr(other, name) for name, number in vars(self).items()})


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    """One photo for each part of each shift: the last one of its worst verdict."""

    which: NDArray[np.int64]  # (parts,), the photo's place among those seen, in the order they were judged
    shift: NDArray[np.int64]  # (parts,), the shift's number


def parts(seen: Seen, shifts: Sequence[Shift]) -> Parts:
    """The parts of these shifts; a part without a verdict is none, and photos outside of the shifts are left out.

    A rejected photo speaks for its part whatever others of it say, then one that a person must look at.
    """
    shift = np.searchsorted([one.start for one in shifts], seen.at, side="right") - 1
    inside = np.flatnonzero((shift >= 0) & (seen.outcome != Outcome.RETAKE))
    if not len(inside):
        return Parts(which=inside, shift=inside)
    _, name = np.unique(seen.part[inside], return_inverse=True)
    group = shift[inside] * (int(name.max()) + 1) + name
    order = np.lexsort((seen.at[inside], seen.outcome[inside], group))
    last = np.flatnonzero(np.append(np.diff(group[order]) != 0, True))
    which = np.sort(inside[order[last]])
    return Parts(which=which, shift=shift[which])


def of_shifts(seen: Seen, found: Parts, shifts: Sequence[Shift]) -> list[Counts]:
    """What became of the parts of each shift."""
    outcome = seen.outcome[found.which]
    told = {
        name: np.bincount(found.shift[outcome == code], minlength=len(shifts))
        for name, code in (("passed", Outcome.PASS), ("rejected", Outcome.REJECT), ("inspect", Outcome.INSPECT))
    }
    shift = np.searchsorted([one.start for one in shifts], seen.at[seen.gated], side="right") - 1
    told["gated"] = np.bincount(shift[shift >= 0], minlength=len(shifts))
    return [Counts(**{name: int(some[at]) for name, some in told.items()}) for at in range(len(shifts))]


def total(some: Sequence[Counts]) -> Counts:
    """All of them together."""
    return sum(some, start=Counts())
