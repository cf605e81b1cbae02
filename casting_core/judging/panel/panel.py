"""The honest panel of a version on a dataset, as it is kept: a typed value with a version of its form."""

from typing import Final, Literal

from pydantic import Field

from casting_core.domain import Checked, Count, Figures, Fraction
from casting_core.judging.panel.background import Background
from casting_core.judging.panel.curves import Curves
from casting_core.judging.panel.reliability import Reliability
from casting_core.judging.panel.stress import StressCurve

SCHEMA_VERSION: Final = 1


class Panel(Checked):
    """What a version is worth, what it bears and what it reads.

    ``curves`` and ``reliability`` are of the castings that prove, where there are any, else of all of the split; so are
    the photos put under stress. They are missing where a class is, ``background`` where nobody can know where the part
    lies.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    version: str = Field(min_length=1)  # of the model
    dataset: str  # its folder
    split: str
    made: float  # seconds since 1970, UTC
    seconds: float = Field(ge=0)  # it took
    threshold: Fraction  # what lies below passes; all else counts as rejected
    upper: Fraction | None = None  # between both a person looks
    figures: Figures  # of the split: all of it, and the castings that chose nothing
    proves: bool  # whether the castings below are new to the version, and chose nothing of it
    photos: Count  # put under stress
    castings: Count
    stress: tuple[StressCurve, ...]
    background: Background | None = None
    reliability: Reliability | None = None
    curves: Curves | None = None
