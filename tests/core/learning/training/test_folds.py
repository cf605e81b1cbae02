"""Folds: what is held out never chooses the epoch of the network that judges it."""

from typing import Any

import numpy as np
import pytest

from casting_core.learning.inputs.photos import Photos
from casting_core.learning.recipes.choices import Keep
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training import folds


class Told(Exception):  # noqa: N818 - no error: it ends the training where the test knows enough
    """What a training was given."""


@pytest.mark.parametrize(
    ("changes", "chooses"),
    [({"keep": Keep.BEST}, True), ({"keep": Keep.MEAN, "early_stopping": 3}, True), ({"keep": Keep.MEAN}, False)],
)
def test_castings_held_out_do_not_choose_the_epoch(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], chooses: bool
) -> None:
    castings = np.repeat(np.arange(20), 2)
    photos = Photos(
        pixels=np.zeros((40, 2, 2), dtype=np.uint8),
        rows=np.arange(40),
        labels=(castings % 2).astype(np.float32),
        castings=castings,
    )
    fold = 1 + castings // 2 % 2

    def train(some: Photos, _recipe: Recipe, *, validation: Any, **_told: Any) -> None:
        raise Told(some.rows, validation)

    monkeypatch.setattr(folds, "train", train)
    begin = folds.fold_trainer(
        photos, Recipe.model_validate(changes), fold, report=lambda _event: None, should_stop=lambda: False
    )
    with pytest.raises(Told) as told:
        begin(1)
    rows, validation = told.value.args
    held_out = set(np.flatnonzero(fold == 1))
    assert (set(rows) & held_out == set()) is chooses  # where something is chosen they are not even there
    watched = set(rows[validation])
    assert watched
    assert (watched & held_out == set()) is chooses
