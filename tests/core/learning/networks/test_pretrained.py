"""What networks know from the start: the files fit, and they know something of products never seen."""

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from casting_core.data.imaging.alignment.alignment import Kind
from casting_core.learning.networks import evidence, pretrained
from casting_core.learning.pretraining.generic import PRACTICE, plain
from casting_core.learning.pretraining.painting import painted
from tests.patience import PATIENCE

KINDS = pytest.mark.parametrize("kind", PRACTICE)


@KINDS
def test_a_product_never_seen_is_judged_well_before_anything_is_learned_of_it(kind: Kind) -> None:
    practice, alignment = PRACTICE[kind], plain(kind)
    scores, truth, rng = [], [], np.random.default_rng(1)
    model = evidence.build(alignment, members=1)
    pretrained.begin(model, kind)
    for number in range(practice.products, practice.products + 8):
        product = practice.draw(number)
        pairs = zip(product.photos, product.placements, strict=True)
        sound = np.stack([alignment.view(photo, lies) for photo, lies in pairs])
        usual, sound = np.array_split(sound, 2)
        evidence.learn_usual(model, usual)
        broken = [painted(one, product.part, rng) for one in np.repeat(sound, 3, axis=0)]
        views = np.stack([*sound, *(view for view, mask in broken if mask.sum() > 20)])
        scores += model.predict(views[..., np.newaxis] / np.float32(255), verbose=0)[:, 0].tolist()
        truth += [False] * len(sound) + [True] * (len(views) - len(sound))
    assert len(truth) > 50
    assert roc_auc_score(truth, scores) > 0.95


@KINDS
def test_the_files_are_numbers_and_no_programs(kind: Kind) -> None:
    file = pretrained.file_of(kind)
    with np.load(file, allow_pickle=False) as kept:
        assert all(kept[name].dtype == np.float32 for name in kept.files)
        assert all(np.isfinite(kept[name]).all() for name in kept.files)
    assert file.stat().st_size < 500_000


def test_parts_that_lie_free_begin_as_those_that_are_laid_on_a_reference() -> None:
    assert pretrained.file_of(Kind.FREE) == pretrained.file_of(Kind.REGISTERED) != pretrained.file_of(Kind.ROUND)


@KINDS
def test_what_is_kept_is_what_a_network_begins_with(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (evidence.build(plain(kind), members=1) for _ in range(2))
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
    pretrained.keep(one, pretrained.file_of(kind))
    pretrained.begin(other, kind)
    view = np.random.default_rng(0).random((1, *plain(kind).shape, 1), dtype=np.float32)
    assert np.array_equal(one(view, training=False), other(view, training=False))


def test_a_second_member_begins_with_nothing() -> None:
    alone, two = (evidence.build(plain(Kind.ROUND), members=number) for number in (1, 2))
    by_lot = [weight.copy() for layer in evidence.of_member(two, 1) for weight in layer.get_weights()]
    for model in (alone, two):
        pretrained.begin(model, Kind.ROUND)
    kept = [weight for layer in evidence.of_member(two, 1) for weight in layer.get_weights()]
    assert all(np.array_equal(*pair) for pair in zip(by_lot, kept, strict=True))
    view = np.random.default_rng(0).random((1, *plain(Kind.ROUND).shape, 1), dtype=np.float32)
    said = [
        evidence.logits(model, keras.Model(model.input, model.get_layer("strongest").output)(view))[0, 0]
        for model in (alone, two)
    ]
    alone_said, first_of_two = map(float, said)
    assert first_of_two == pytest.approx(alone_said, abs=1e-4), "the first says what it says alone"


@pytest.mark.slow
def test_the_command_that_made_them_makes_some_that_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = ["--products", "1", "--steps", "2", "--into", str(tmp_path)]
    command = [sys.executable, "-m", "casting_core.learning.pretraining", Kind.REGISTERED, *few]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == ["0 of 1 products drawn", "0 of 2 steps"]
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
    pretrained.begin(evidence.build(plain(Kind.REGISTERED), members=1), Kind.REGISTERED)
