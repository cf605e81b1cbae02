"""The line through the scores of castings: where a proposal draws it, or moved by hand."""

from collections.abc import Mapping
from math import isfinite

import streamlit as st

from casting_core.domain import OperatingPoint
from casting_core.judging.operating_point.cost import Costs
from casting_core.workflows.judging import plant
from casting_core.workflows.models.calibration import CalibrationPhotos
from pages.parts.charts.score_line import component, picture
from pages.parts.charts.score_line.picture import Line, Plant

BY_HAND, PROPOSED = "point by hand", "point proposed"  # keys
HOW = "The height of a bar grows with the square root of its castings, so that a single one is seen."


def show(photos: CalibrationPhotos | None, point: OperatingPoint, *, now: OperatingPoint) -> None:
    """The castings and what becomes of them at this point; the one in force is dotted."""
    line = Line(low=point.threshold, high=point.upper, now=(now.threshold, now.upper))
    _mount(photos, line, Plant(defect_rate=plant.defect_rate()), of="", key=PROPOSED)


def move(
    photos: CalibrationPhotos | None, *, now: OperatingPoint, of: str, costs: Costs, castings_per_shift: int
) -> tuple[float, float | None]:
    """The line to be moved, which begins where it is in force; where it was left: the lower and the upper threshold.

    ``of`` names the version whose line it is.
    """
    key = f"{BY_HAND} {of}"
    low, high = _left(key) or (round(now.threshold, 3), None if now.upper is None else round(now.upper, 3))
    line = Line(low=low, high=high, now=(now.threshold, now.upper), movable=True)
    known = Plant(defect_rate=plant.defect_rate(), costs=costs, castings_per_shift=castings_per_shift)
    _mount(photos, line, known, of=f"{of} {now.limits}", key=key)
    return low, high


def _mount(photos: CalibrationPhotos | None, line: Line, known: Plant, *, of: str, key: str) -> None:
    castings = None if photos is None else photos.each_once()
    hint = "" if castings is None else HOW
    told = "How many castings have which score, by label, each casting once, with the threshold as a line"
    component.mount(picture.of_castings(castings, line, known) | {"of": of, "hint": hint, "alt": told}, key=key)


def _left(key: str) -> tuple[float, float | None] | None:
    """Where the browser says that the line was left; none where it says nothing, or nothing that can be."""
    told = st.session_state.get(key)
    point = told.get("point") if isinstance(told, Mapping) else None
    if not isinstance(point, list) or len(point) != 2:
        return None
    low, high = point
    if not _is_score(low) or not (high is None or (_is_score(high) and high >= low)):
        return None
    return float(low), None if high is None else float(high)


def _is_score(value: object) -> bool:
    return isinstance(value, int | float) and isfinite(value) and 0 <= value <= 1
