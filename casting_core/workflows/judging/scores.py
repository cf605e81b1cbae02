"""The scores of a version side by side, each with what it proves."""

from dataclasses import dataclass

from casting_core.domain import CastingOutcomes, Figures
from casting_core.records.card import (
    CROSS_CALIBRATED,
    CROSS_VALIDATION,
    TEST,
    TEST_OF_FOLDERS,
    VALIDATION,
    ModelCard,
)
from casting_core.workflows.datasets.splits import FOLDERS
from casting_core.workflows.judging.seen import chosen_on_validation

PUBLIC = "test, as the folders say"
NEW = "castings that it has not learned from, and that chose nothing"
NOT_COUNTED = "castings not counted"


@dataclass(frozen=True, kw_only=True)
class Score:
    """What a version is worth on some photos. Castings come first: they are what is proven."""

    name: str  # of the photos
    proves: bool  # whether these castings were new to it and chose nothing
    meaning: str  # what castings these are, to be said beside the figures
    outcomes: CastingOutcomes | None  # of the castings that prove, or of all where none does; none: not counted
    photos: int
    right: float  # share of the photos, 0 to 1
    missed: int  # photos
    false_alarms: int  # photos


def scores(card: ModelCard) -> list[Score]:
    """Those that can prove something first: on test photos, by cross-validation; last those of what chose."""
    named = {key: key for key in (TEST, TEST_OF_FOLDERS, CROSS_VALIDATION, CROSS_CALIBRATED, VALIDATION)}
    named[TEST_OF_FOLDERS] = PUBLIC
    if card.data.split == FOLDERS:
        named[TEST] = PUBLIC
    chosen = chosen_on_validation(card)
    return [
        score_of(name, card.metrics[key], chose=chosen if key == VALIDATION else ())
        for key, name in named.items()
        if key in card.metrics
    ]


def proving(card: ModelCard) -> Score | None:
    """The score that counts: the first one of castings that were new to the version; ``None`` where it has none."""
    return next((score for score in scores(card) if score.proves), None)


def score_of(name: str, figures: Figures, *, chose: tuple[str, ...] = ()) -> Score:
    """Some figures with what they are; ``chose`` is what their photos chose of the version, whatever a card says."""
    whole, new = figures.whole, figures.never_seen
    outcomes, proves = whole.outcomes if whole else None, False
    if whole is None:
        meaning = "which photos show one casting is not known"
    elif chose:
        meaning = f"castings that chose {' and '.join(chose)}"
    elif figures.seen is None:
        meaning = "castings of which nobody knows whether it has learned from them"
    elif new is None:
        meaning = "castings of which only some are known to be learned from"
    elif not new.photos:
        meaning = "castings that it has learned from, or that chose something of it"
    else:
        meaning, outcomes, proves = NEW, new.outcomes, True
    return Score(
        name=name,
        proves=proves,
        meaning=meaning,
        outcomes=outcomes,
        photos=figures.photos,
        right=figures.accuracy,
        missed=figures.missed,
        false_alarms=figures.false_alarms,
    )
