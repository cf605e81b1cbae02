"""The figures of a study, each with what it counts.

Matches are counted in two ways, and each figure says in which: by parts, where a part counts only if every trial is
right (or alike), and by decisions, where each trial of each part counts. Parts are independent of each other and
decisions about one part are not, so bounds are over parts.
"""

from dataclasses import dataclass

from casting_core.domain import Label
from casting_core.judging.agreement import bands
from casting_core.judging.agreement.bands import Band
from casting_core.judging.agreement.kappas import Coefficient


@dataclass(frozen=True, kw_only=True)
class Share:
    """A share of parts, with exact bounds (Clopper and Pearson 1934): 95 %, two-sided."""

    of_parts: int
    parts: int
    lower: float
    upper: float

    @property
    def value(self) -> float | None:
        """The share itself; none where there are no parts."""
        return self.of_parts / self.parts if self.parts else None


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """What went wrong with the parts of one class: by decisions, as AIAG counts, and by parts, with a bound."""

    wrong: int  # decisions
    decisions: int
    parts_wrong: int  # judged wrongly at least once
    parts: int
    upper: float  # of all such parts at most this share is judged wrongly at least once: exact, one-sided, 95 %

    @property
    def rate(self) -> float | None:
        """The share of decisions; none where there are none."""
        return self.wrong / self.decisions if self.decisions else None


@dataclass(frozen=True, kw_only=True)
class Appraiser:
    """One appraiser: with themselves, and against the reference."""

    name: str
    parts: int  # judged at least once
    single: int  # of them judged in one trial only, which says nothing of repeatability
    decisions: int
    alike: Share  # parts judged the same in every trial, of those with two trials or more
    within: Coefficient  # Fleiss' kappa over the trials
    within_ac1: Coefficient
    effectiveness: Share  # by parts: every trial right
    right: int  # by decisions
    judged: int  # decisions about parts whose reference is known
    missed: Wrong  # defective parts called ok
    false_alarms: Wrong  # ok parts called defective
    kappa: Coefficient  # Cohen's, against the reference
    ac1: Coefficient

    @property
    def band(self) -> Band | None:
        """The worst of effectiveness, miss rate and false alarm rate; none where no reference is known."""
        known = [
            (self.effectiveness.value, bands.effectiveness),
            (self.missed.rate, bands.miss_rate),
            (self.false_alarms.rate, bands.false_alarm_rate),
        ]
        found = [band(value) for value, band in known if value is not None]
        return bands.worst(found) if found else None


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two appraisers against each other."""

    first: str
    second: str
    alike: Share  # parts that both called the same in every trial
    table: tuple[tuple[int, int], tuple[int, int]]  # decisions in the same trial: row the first, column the second
    kappa: Coefficient  # Cohen's
    ac1: Coefficient


@dataclass(frozen=True, kw_only=True)
class Disputed:
    """A part on which somebody disagrees with somebody, with themselves, or with the reference."""

    part: str
    reference: Label | None
    answers: tuple[tuple[str, tuple[Label, ...]], ...]  # by appraiser, trial by trial
    split: bool  # whether appraisers disagree among themselves


@dataclass(frozen=True, kw_only=True)
class Study:
    """All of it."""

    parts: int
    defective: int  # by the reference
    trials: int
    seed: int  # by which parts were drawn anew
    appraisers: tuple[Appraiser, ...]
    pairs: tuple[Pair, ...]
    alike: Share  # parts that everybody called the same in every trial
    right: Share  # parts that everybody called rightly in every trial
    fleiss: Coefficient  # over all answers
    ac1: Coefficient
    disputed: tuple[Disputed, ...]
