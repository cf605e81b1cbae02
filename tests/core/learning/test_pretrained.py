"""What a network of parts that are not round knows from the start: the file fits, and it knows something."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from casting_core.data.alignment.alignment import Alignment, Kind
from casting_core.data.relief import castings
from casting_core.learning import evidence, pretrained
from casting_core.learning.painting import painted
from casting_core.learning.pretraining import PRODUCTS, pretrain, straight


@pytest.fixture(scope="module")
def alignment() -> Alignment:
    return straight()


def test_a_product_never_seen_is_judged_well_before_anything_is_learned_of_it(alignment: Alignment) -> None:
    scores, truth, rng = [], [], np.random.default_rng(1)
    for product in range(PRODUCTS, PRODUCTS + 6):
        model = evidence.build(alignment)
        pretrained.begin(model)
        photos, part = castings(product, 40)
        evidence.learn_usual(model, photos[:30])
        broken = [painted(one, part, rng) for one in np.repeat(photos[30:], 2, axis=0)]
        views = np.stack([*photos[30:], *(view for view, mask in broken if mask.sum() > 20)])
        scores += model.predict(views[..., np.newaxis] / np.float32(255), verbose=0)[:, 0].tolist()
        truth += [False] * 10 + [True] * (len(views) - 10)
    assert len(truth) > 120
    assert roc_auc_score(truth, scores) > 0.95


def test_the_file_is_numbers_and_no_program() -> None:
    with np.load(pretrained.FILE, allow_pickle=False) as kept:
        assert all(kept[name].dtype == np.float32 for name in kept.files)
    assert pretrained.FILE.stat().st_size < 500_000


def test_what_is_kept_is_what_a_network_begins_with(
    alignment: Alignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (evidence.build(alignment) for _ in range(2))
    pretrained.keep(one, tmp_path / "kept.npz")
    monkeypatch.setattr(pretrained, "FILE", tmp_path / "kept.npz")
    pretrained.begin(other)
    view = np.random.default_rng(0).random((1, *alignment.shape, 1), dtype=np.float32)
    assert np.array_equal(one(view, training=False), other(view, training=False))
    assert evidence.MEMBERS[Kind.REGISTERED] == 1


@pytest.mark.slow
def test_the_command_that_made_it_makes_one_that_fits(
    alignment: Alignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    pretrain(tmp_path / "made.npz", products=2, steps=2, report=heard.append)
    assert heard == ["0 of 2 products drawn", "0 of 2 steps"]
    monkeypatch.setattr(pretrained, "FILE", tmp_path / "made.npz")
    pretrained.begin(evidence.build(alignment))
