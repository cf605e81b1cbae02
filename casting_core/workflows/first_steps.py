"""What is done, on the way from photos of a dataset to a model that judges them, as the records tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from casting_core.data.datasets.scan import Dataset
from casting_core.records.card import ModelCard, seconds_since_1970
from casting_core.records.datasets import NamedDataset
from casting_core.records.decisions import Decision, standing
from casting_core.records.registry import STARTER
from casting_core.settings import settings


class Step(StrEnum):
    """What a person does, in the order of the work."""

    PHOTOS = "photos"  # their own are here, not the drawn sample only
    AUDIT = "audit"  # they were asked what is wrong with them
    TRAIN = "train"  # a version has learned from them
    REVIEW = "review"  # people have decided about photos since, or the version got nothing wrong
    PROMOTE = "promote"  # such a version is in production


@dataclass(frozen=True, kw_only=True)
class Done:
    """Which steps are done."""

    steps: frozenset[Step]

    @property
    def next(self) -> Step | None:
        """The first step that is not done yet; ``None`` where all are."""
        return next((step for step in Step if step not in self.steps), None)


def done(
    named: NamedDataset,
    dataset: Dataset,
    *,
    audited: bool,
    cards: Sequence[ModelCard],
    production: str,
    decisions: Sequence[Decision],
) -> Done:
    """Which steps are done for a dataset, by the cards of all versions and the decisions about its photos."""
    own = [card for card in cards if _learned_from(card, named, dataset)]
    steps = {
        Step.PHOTOS: dataset.root != settings().sample_dir and not dataset.usable.empty,
        Step.AUDIT: audited,
        Step.TRAIN: bool(own),
        Step.REVIEW: any(_nothing_wrong(card) for card in own) or _decided_since(own, decisions),
        Step.PROMOTE: any(card.name == production for card in own),
    }
    return Done(steps=frozenset(step for step, is_done in steps.items() if is_done))


def _learned_from(card: ModelCard, named: NamedDataset, dataset: Dataset) -> bool:
    """Whether a version was trained on this dataset; an old card names no folder, and the starter came with us."""
    if card.name == STARTER:
        return False
    if card.data.folder is None:
        return card.data.name == named.name
    return Path(card.data.folder) == dataset.root


def _nothing_wrong(card: ModelCard) -> bool:
    return card.test is not None and not card.test.missed and not card.test.false_alarms


def _decided_since(own: Sequence[ModelCard], decisions: Sequence[Decision]) -> bool:
    """Whether a decision that still counts was made after the first of these versions."""
    if not own:
        return False
    first = min(seconds_since_1970(card.created) for card in own)
    return any(one.at >= first for one in standing(decisions))
