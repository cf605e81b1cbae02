"""How far each challenge part lies from being judged wrongly, over the weeks: it shrinks where a lamp ages."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import pandas as pd

from casting_core.workflows.challenge.standing import Seen
from casting_core.workflows.challenge.values import ChallengeSet, Part

FEW = 5  # photos that stand for the beginning, and as many for now: one photo is chance


@dataclass(frozen=True, kw_only=True)
class Margin:
    """One part at one station; margins are differences of scores, below 0 where it is judged wrongly."""

    part: Part
    photos: int
    first: float | None  # the middle one of the first photos; none without any
    lately: float | None  # the middle one of the last photos
    smallest: float | None
    missed: int


def any_of(seen: Sequence[Seen], known: ChallengeSet, station: str) -> bool:
    """Whether a station has scored any of the parts in force."""
    parts = {part.photo for part in known.parts}
    return any(one.station == station and one.known in parts and one.margin is not None for one in reversed(seen))


def over_time(seen: Sequence[Seen], known: ChallengeSet, station: str) -> pd.DataFrame:
    """A row per photo of a part in force at a station: at (UTC), part, label, margin, word, model; the oldest first."""
    parts = {part.photo: part for part in known.parts}
    rows = [
        {
            "at": pd.Timestamp(one.at, unit="s", tz="UTC"),
            "part": parts[one.known].name,
            "label": one.label.word,
            "margin": one.margin,
            "word": one.word.value,
            "model": one.model,
        }
        for one in seen
        if one.station == station and one.known in parts and one.margin is not None
    ]
    return pd.DataFrame(rows, columns=["at", "part", "label", "margin", "word", "model"])


def of_parts(table: pd.DataFrame, known: ChallengeSet) -> list[Margin]:
    """What became of the margin of each part, by the rows of ``over_time``."""
    found = []
    for part in known.parts:
        here = table[table["part"] == part.name]
        told = [float(one) for one in here["margin"]]
        found.append(
            Margin(
                part=part,
                photos=len(told),
                first=median(told[:FEW]) if told else None,
                lately=median(told[-FEW:]) if told else None,
                smallest=min(told, default=None),
                missed=int((here["word"] == "wrong").sum()),
            )
        )
    return found
