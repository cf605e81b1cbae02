"""What appraisers said of parts, trial by trial."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NONE = -1  # no answer, or no reference

Given = NDArray[np.int8]  # answers or references: 0 ok, 1 defective, NONE


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """The answers of a study. Raises ``ValueError`` where the shapes do not fit."""

    parts: tuple[str, ...]
    appraisers: tuple[str, ...]
    given: Given  # (appraisers, parts, trials), 0 ok, 1 defective, NONE
    reference: Given  # (parts,)

    def __post_init__(self) -> None:
        if self.given.ndim != 3 or self.given.shape[:2] != (len(self.appraisers), len(self.parts)):
            raise ValueError(f"answers of shape {self.given.shape} do not fit the appraisers and parts")
        if self.reference.shape != (len(self.parts),):
            raise ValueError(f"{len(self.reference)} references do not fit {len(self.parts)} parts")

    @property
    def trials(self) -> int:
        """The most trials that anybody has."""
        return int((self.given != NONE).sum(axis=2).max(initial=0))


def counts(given: Given) -> NDArray[np.int64]:
    """How often each part was called ok and defective, (parts, 2); ``given`` is (parts, answers)."""
    return np.stack([(given == 0).sum(axis=1), (given == 1).sum(axis=1)], axis=1)


def crossed(first: Given, second: Given) -> NDArray[np.int64]:
    """What two said of each part in the same trial, (parts, 2, 2): row the first, column the second.

    Both are (parts, trials); trials that one of them has not done are left out.
    """
    return np.array(
        [[((first == one) & (second == other)).sum(axis=1) for other in (0, 1)] for one in (0, 1)], dtype=np.int64
    ).transpose(2, 0, 1)
