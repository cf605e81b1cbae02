"""Challenge parts, a set of them, and what the answer to a station says of its challenge."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from casting_core.domain import Label, OperatingPoint, Verdict

PREFIX = "CHALLENGE-"  # how the number of every challenge part begins


class Word(StrEnum):
    """What an answer says: of the station that asked, or of the challenge part that it asked about."""

    DUE = "due"  # the station must judge its challenge parts first
    MISSED = "missed"  # it judged one wrongly, and nobody has cleared it
    UNSURE = "unsure"  # the record could not be read in time
    RIGHT = "right"  # this challenge part was judged right
    WRONG = "wrong"  # it was not
    NOT_JUDGED = "not judged"  # no score: it is to be photographed again
    NOT_NEW = "not new"  # this photo was sent before: the part is to be photographed anew
    NO_PART = "no such part"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One known casting."""

    name: str  # the part number that a station sends for it
    photo: str  # sha256 of the photo it is known by
    label: Label
    score: float  # of that photo, when the set was chosen
    role: str  # "clear" or "borderline"

    def body(self) -> dict[str, Any]:
        """Its place in a row."""
        return asdict(self) | {"label": self.label.word}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """The way back; raises ``KeyError``, ``TypeError`` or ``ValueError`` where somebody has altered the row."""
        label = {label.word: label for label in Label}[told["label"]]
        words = {name: str(told[name]) for name in ("name", "photo", "role")}
        return cls(label=label, score=float(told["score"]), **words)

    def word(self, score: float | None, verdict: str) -> Word:
        """Whether a verdict on a new photo of it is right: a defective part must not pass, nor an ok one be rejected.

        Where a person has to look the verdict is right for both, as long as there is a score.
        """
        if score is None or verdict not in set(Verdict):
            return Word.NOT_JUDGED
        wrong = Verdict.PASS if self.label is Label.DEFECTIVE else Verdict.REJECT
        return Word.WRONG if verdict == wrong else Word.RIGHT


@dataclass(frozen=True, kw_only=True)
class ChallengeSet:
    """The parts in force."""

    name: str  # by which rows name it
    parts: tuple[Part, ...]
    shifts: tuple[str, ...]  # when shifts begin, as "06:00", by the clock of this machine
    dataset: str  # where the photos come from, for people
    model: str  # whose scores chose them
    at: float  # seconds since 1970, UTC
    who: str
    why: str

    def part(self, name: str) -> Part | None:
        """The part of this number; none where there is none."""
        return next((one for one in self.parts if one.name == name), None)


@dataclass(frozen=True, kw_only=True)
class Challenged:
    """What an answer says of a challenge. With ``known`` it is the answer to a challenge part."""

    word: Word
    verdict: str  # what the version itself said; the answer is always INSPECT
    set: str = ""
    known: str = ""  # sha256 of the photo that the part is known by
    label: str = ""

    def body(self) -> dict[str, str]:
        """Its place in a row."""
        return asdict(self) | {"word": self.word.value}

    @classmethod
    def read(cls, told: object) -> Self | None:
        """The way back; none where the row says nothing of a challenge, or somebody has altered it beyond reading."""
        if not isinstance(told, dict) or str(told.get("word")) not in set(Word):
            return None
        rest = {name: str(told.get(name, "")) for name in ("verdict", "set", "known", "label")}
        return cls(word=Word(str(told["word"])), **rest)


def margin(label: Label, score: float, point: OperatingPoint) -> float:
    """How far a score lies from being wrong, as a difference of scores; below 0 where it is wrong.

    A defective part is judged wrongly below the threshold, an ok one from where parts are rejected.
    """
    return score - point.threshold if label is Label.DEFECTIVE else point.rejects_from - score


def names(parts: Sequence[Part]) -> str:
    """The numbers of some parts in a line."""
    return ", ".join(part.name for part in parts)
