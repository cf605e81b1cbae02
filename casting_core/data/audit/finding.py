"""One finding of an audit: what was seen, what follows from it for the person who answers for the castings, what helps.

What is in order is a finding too, so that a reader of the report sees what was looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Groups = tuple[tuple[str, ...], ...]


class Severity(StrEnum):
    """How much is at stake, the worst first."""

    SERIOUS = "serious"
    WORTH_KNOWING = "worth knowing"
    FINE = "fine"


class Kind(StrEnum):
    """What was looked at; within a severity, findings stand in this order."""

    CASTINGS_ACROSS_SPLITS = "castings in train and test"
    CASTINGS_ACROSS_VALIDATION = "castings in train and validation"
    CASTINGS_LABELLED_BOTH_WAYS = "castings under two labels"
    IDENTICAL_ACROSS_LABELS = "identical photos under two labels"
    IDENTICAL_ACROSS_SPLITS = "identical photos in two splits"
    ESCAPES = "proof of the escape rate"
    FALSE_ALARMS = "proof of the false-alarm rate"
    BRIGHTNESS = "brightness as a shortcut"
    BACKGROUND = "background as a shortcut"
    FILES = "files as a shortcut"
    SKEW = "skew between the classes"
    UNREADABLE = "files that cannot be used"
    FOREIGN = "photos of something else"
    BLUR = "blurred photos"
    EXPOSURE = "photos too dark or too bright"
    SIZE = "photos of another size"
    IDENTICAL_WITHIN_SPLIT = "photos that lie there twice"


class Remedy(StrEnum):
    """The one thing that helps; what it is called where a person reads it."""

    SPLIT_BY_CASTING = "split anew, castings whole"
    DECIDE_LABEL = "look at them and decide on one label"
    LEAVE_OUT = "leave these photos out"
    CLASS_WEIGHTS = "train with class weights"
    AUGMENTATION = "train with augmentation"
    LOCAL_CONTRAST = "train the network that sees local contrast only"
    ADD_CASTINGS = "add photos of more castings"
    RETAKE = "mend these files or take the photos again"
    NONE = "nothing to do"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an audit found out about one question. Photos are named by their sha256, files by their path."""

    kind: Kind
    severity: Severity
    title: str  # one sentence, with the numbers
    consequence: str  # what follows from it
    remedy: Remedy = Remedy.NONE
    photos: tuple[str, ...] = ()  # those the remedy is about
    groups: Groups = ()  # photos to be seen side by side, where it is about what they have in common
    names: tuple[str, ...] = ()  # of the groups, where they have any
    files: tuple[str, ...] = ()  # paths: what cannot be used, or the spare copies of photos that lie there twice
    figures: Mapping[str, int | float] = field(default_factory=dict)  # the numbers, for machines
    answered: bool = True  # false where the photos do not let the question be answered; the title says why
