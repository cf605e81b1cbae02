"""Two thresholds: what passes, what is rejected, and what a person has to look at between them."""

from dataclasses import dataclass

from casting_core.domain import OperatingPoint
from casting_core.judging.operating_point import contract
from casting_core.judging.operating_point.castings import Castings, middle
from casting_core.judging.operating_point.contract import Contract, Proven


@dataclass(frozen=True, kw_only=True)
class Workload:
    """What is promised of both thresholds together.

    Raises ``ValueError`` where one of them is no share between 0 and 1.
    """

    escapes: float  # the share of defective castings that pass, at most
    false_rejects: float  # the share of ok castings that are rejected without a look, at most
    confidence: float  # that both hold; each threshold gets half of the doubt

    def __post_init__(self) -> None:
        for share in (self.escapes, self.false_rejects):
            self.one(share)

    def one(self, share: float) -> Contract:
        """The contract of one of both thresholds."""
        return Contract(share=share, confidence=1 - (1 - self.confidence) / 2)


@dataclass(frozen=True, kw_only=True, eq=False)
class ByWorkload:
    """The two thresholds, or what is missing to prove them."""

    threshold: float | None  # a score below it passes; none where escapes are not proven
    rejects_from: float | None  # at or above it: rejected; none where false rejects are not proven
    escapes: Proven
    false_rejects: Proven


def choose(castings: Castings, wanted: Workload) -> ByWorkload:
    """The laxest lower threshold and the lowest upper one that are proven, so that a person looks at as few as can be.

    Where one threshold keeps both promises, the two are one and nobody has to look.
    """
    passes = contract.escapes(castings, wanted.one(wanted.escapes))
    rejects = contract.false_rejects(castings, wanted.one(wanted.false_rejects))
    low = float(passes.thresholds[-1]) if len(passes.thresholds) else None
    high = float(rejects.thresholds[0]) if len(rejects.thresholds) else None
    if low is not None and high is not None and high <= low:
        both = passes.thresholds[(passes.thresholds >= high) & (passes.thresholds <= low)]
        low = high = middle(both)
    return ByWorkload(threshold=low, rejects_from=high, escapes=passes, false_rejects=rejects)


def share_to_inspect(castings: Castings, point: OperatingPoint, defect_rate: float) -> float:
    """The share of all castings that a person has to look at, at a plant's own defect rate, 0..1."""
    bad, good = castings.to_inspect(point)
    return defect_rate * bad / max(1, len(castings.defective)) + (1 - defect_rate) * good / max(1, len(castings.ok))
