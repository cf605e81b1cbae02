"""Everything a report tells, as one value; sections are made from it and from nothing else."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from casting_core.domain import Figures, OperatingPoint
from casting_core.records.card import ModelCard
from casting_core.records.chain import Entry, Head
from casting_core.workflows.audit.audit import Audit
from casting_core.workflows.judging.scores import Score
from casting_core.workflows.operating_points import PointSet
from casting_core.workflows.reports.blocks import Block
from casting_core.workflows.review.judgements import Judgement


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A casting that was judged wrongly, by its worst photo: the one whose score is furthest from the truth."""

    casting: int  # its number in the dataset, from 1
    photo: str  # sha256
    path: str  # within the dataset
    score: float
    photos: int  # of the casting among those judged
    wrong: int  # of them judged wrongly
    kind: str  # of defect, as its label says; empty where nobody said
    new: bool | None  # whether the version has not learned from it, and it chose nothing; none: not known
    both_ways: bool  # whether its photos are labelled both ways, so that it counts in neither class
    judgements: tuple[Judgement, ...] = ()  # of its wrong photos, the latest first
    picture: bytes = field(default=b"", repr=False)  # JPEG; empty where it is not shown
    evidence: bytes = field(default=b"", repr=False)  # the same with the evidence laid over it


@dataclass(frozen=True, kw_only=True)
class Group:
    """The photos of one split and one class."""

    split: str
    label: str
    photos: int
    castings: int


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The photos that were judged, in the order of their paths."""

    labels: tuple[int, ...]  # 0 ok, 1 defective
    scores: tuple[float, ...]
    not_found: int  # photos in which the part was not found, so that a person must look
    between: int  # photos between two thresholds, so that a person must look
    refused: tuple[tuple[str, str], ...]  # path and reason of photos that the gate would refuse


@dataclass(frozen=True, kw_only=True)
class Report:
    """What is known of a version on a dataset.

    The last two are brought by other parts of the program; what is missing is said to be not measured.
    """

    made: datetime  # UTC, to the second
    program: str  # the version of this program
    card: ModelCard
    point: OperatingPoint  # that verdicts are given at
    points: tuple[PointSet, ...]  # that people set for this version, the latest first
    in_production: bool
    promotions: tuple[Entry, ...]  # of this version, the newest first
    dataset: str  # its name
    revision: int
    fingerprint: str
    split: str
    groups: tuple[Group, ...]
    size_limits: tuple[str, ...]  # sentences: which photos are too small, and which defects
    corrected: int  # photos whose labels people changed since the version was made
    figures: Figures
    score: Score
    judged: Judged
    missed: tuple[Wrong, ...]  # every casting with a missed photo, the worst first
    false_alarms: tuple[Wrong, ...]
    audit: Audit
    defect_rate: float | None  # of the plant; none where nobody has said
    head: Head  # of the ledger
    broken: str  # what is wrong with the ledger; empty where it is as it was written
    stress: tuple[Block, ...] = ()  # what other light, blur and noise do to the verdicts
    agreement: tuple[Block, ...] = ()  # how version and people agree

    def __post_init__(self) -> None:
        if self.made.tzinfo is not UTC:
            raise ValueError("a report is made at a moment in UTC")

    @property
    def same_data(self) -> bool:
        """Whether these are the very photos and labels that the version learned from."""
        return self.fingerprint == self.card.data.fingerprint
