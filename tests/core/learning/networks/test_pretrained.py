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
from casting_core.learning.pretraining.generic import PLANS, alignment_of_drawn
from casting_core.learning.pretraining.painting import paint_defects
from tests.patience import PATIENCE

KINDS = pytest.mark.parametrize("kind", PLANS)


@KINDS
def test_a_product_never_seen_is_judged_well_before_anything_is_learned_of_it(kind: Kind) -> None:
    plan, alignment = PLANS[kind], alignment_of_drawn(kind)
    scores, truth, rng = [], [], np.random.default_rng(1)
    model = evidence.build(alignment, members=1)
    pretrained.load(model, kind)
    for number in range(plan.products, plan.products + 8):
        product = plan.draw(number)
        pairs = zip(product.photos, product.placements, strict=True)
        sound = np.stack([alignment.view(photo, lies) for photo, lies in pairs])
        usual, sound = np.array_split(sound, 2)
        evidence.fit_to_sound_parts(model, usual)
        broken = [paint_defects(one, product.part, rng) for one in np.repeat(sound, 3, axis=0)]
        views = np.stack([*sound, *(view for view, mask in broken if mask.sum() > 20)])
        scores += model.predict(views[..., np.newaxis] / np.float32(255), verbose=0)[:, 0].tolist()
        truth += [False] * len(sound) + [True] * (len(views) - len(sound))
    assert len(truth) > 50
    assert roc_auc_score(truth, scores) > 0.95


@KINDS
def test_the_files_are_numbers_and_no_programs(kind: Kind) -> None:
    file = pretrained.weights_file(kind)
    with np.load(file, allow_pickle=False) as kept:
        assert all(kept[name].dtype == np.float32 for name in kept.files)
        assert all(np.isfinite(kept[name]).all() for name in kept.files)
    assert file.stat().st_size < 500_000


def test_parts_that_are_not_aligned_begin_as_those_that_are_registered() -> None:
    assert (
        pretrained.weights_file(Kind.FREE)
        == pretrained.weights_file(Kind.REGISTERED)
        != pretrained.weights_file(Kind.ROUND)
    )


@KINDS
def test_what_is_kept_is_what_a_network_begins_with(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (evidence.build(alignment_of_drawn(kind), members=1) for _ in range(2))
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
    pretrained.save(one, pretrained.weights_file(kind))
    pretrained.load(other, kind)
    view = np.random.default_rng(0).random((1, *alignment_of_drawn(kind).shape, 1), dtype=np.float32)
    assert np.array_equal(one(view, training=False), other(view, training=False))


def test_a_second_member_begins_at_random() -> None:
    alone, two = (evidence.build(alignment_of_drawn(Kind.ROUND), members=number) for number in (1, 2))
    random = [weight.copy() for layer in evidence.member_layers(two, 1) for weight in layer.get_weights()]
    for model in (alone, two):
        pretrained.load(model, Kind.ROUND)
    kept = [weight for layer in evidence.member_layers(two, 1) for weight in layer.get_weights()]
    assert all(np.array_equal(*pair) for pair in zip(random, kept, strict=True))
    view = np.random.default_rng(0).random((1, *alignment_of_drawn(Kind.ROUND).shape, 1), dtype=np.float32)
    logits = [
        evidence.member_logits(model, keras.Model(model.input, model.get_layer("strongest").output)(view))[0, 0]
        for model in (alone, two)
    ]
    of_one, first_of_two = map(float, logits)
    assert first_of_two == pytest.approx(of_one, abs=1e-4), "the first judges as it does alone"


@pytest.mark.slow
@pytest.mark.long
def test_the_command_that_made_them_makes_some_that_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = ["--products", "1", "--steps", "2", "--into", str(tmp_path)]
    command = [sys.executable, "-m", "casting_core.learning.pretraining", Kind.REGISTERED, *few]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == ["0 of 1 products drawn", "0 of 2 steps"]
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
    pretrained.load(evidence.build(alignment_of_drawn(Kind.REGISTERED), members=1), Kind.REGISTERED)
