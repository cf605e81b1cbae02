"""What a run does after its own network: the cross-validation, and whether more castings are worth it."""

import shutil
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from casting_core.data.datasets import splits
from casting_core.data.datasets.class_rule import ClassRule
from casting_core.domain import OperatingPoint
from casting_core.errors import ModelError, RunError
from casting_core.jobs import control
from casting_core.judging.evaluation import evaluate
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.inputs.subsets import SHARES, nested_subsets
from casting_core.learning.recipes.choices import Keep, NetworkName
from casting_core.learning.recipes.events import EpochDone, Event, Further, Note, Prepared, ShareDone, decode
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.train import train
from casting_core.records.card import (
    CROSS_CALIBRATED,
    CROSS_VALIDATION,
    VALIDATION,
    LearningCurve,
    ModelCard,
    SharePoint,
)
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Wish
from casting_core.records.version_files import LEARNED, OUT_OF_FOLD
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import names_of, open_dataset
from casting_core.workflows.judging import out_of_fold
from casting_core.workflows.judging.scores import scores
from casting_core.workflows.judging.seen import learned_from
from casting_core.workflows.stores import registry
from casting_core.workflows.training import learning_curve, proof
from casting_core.workflows.training.calibrate import calibrate
from casting_core.workflows.training.cross_validation import OutOfFold
from casting_core.workflows.training.extra_networks import Scored, remembered, telling
from casting_core.workflows.training.learning_curve import Worth, words, worth
from casting_core.workflows.training.proof import prove
from casting_core.workflows.training.runs import note_run, run_folder, stop
from casting_core.workflows.training.train import work
from tests.conftest import PROVEN

pytestmark = pytest.mark.usefixtures("castings_known")


def events(run: int | None) -> list[Event | None]:
    """What a run has told."""
    assert run is not None
    return [decode(kind, values) for _, kind, values in control.log().events(run)]


def test_a_run_validates_on_the_validation_folder_and_learns_from_all_of_train(
    sample_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(sample_folder, tmp_path / "own")
    for path in sorted((tmp_path / "own" / "train").glob("*/*.*"))[::3]:  # so castings lie on both sides
        moved = tmp_path / "own" / "val" / path.parent.name / path.name
        moved.parent.mkdir(parents=True, exist_ok=True)
        path.rename(moved)
    dataset, heard = open_dataset(tmp_path / "own"), list[Event]()
    named = NamedDataset(name="own", folder=str(tmp_path / "own"), rule=names_of(ClassRule()))
    card = work(note_run(named, Recipe(epochs=1, batch_size=16, calibrate=True)).id, listen=heard.append)
    learned, own = (dataset.part(split)["photo"] for split in ("train", "validation"))
    assert (card.data.trained_on, card.data.validated_on, card.data.own_validation) == (len(learned), len(own), True)
    lines = [line.split(",") for line in registry().file(card.name, LEARNED).decode().splitlines()[1:]]
    assert {photo for photo, part, *_ in lines if part == "validation"} == set(own)
    castings = casting_of(dataset)
    both = len(set(learned.map(castings)) & set(own.map(castings)))
    (prepared,) = [event for event in heard if isinstance(event, Prepared)]
    assert (prepared.validation_photos, prepared.own_validation, prepared.castings_in_both) == (
        len(own),
        len(own),
        both,
    )
    assert card.validation.seen is not None
    assert card.validation.seen.castings == both > 0
    assert f"{both} of which the network learned from, too" in card.threshold_chosen


def test_every_photo_to_learn_from_has_a_score_by_a_network_that_had_not_seen_its_casting(
    proven: ModelCard, sample_dataset: NamedDataset
) -> None:
    card = proven
    dataset = open_dataset(sample_dataset.folder)
    table = out_of_fold.table(card, dataset)
    assert sorted(table["photo"]) == sorted(dataset.to_train["photo"])
    assert table["score"].between(0, 1).all()
    castings = table["photo"].map(casting_of(dataset))
    assert (table["fold"].groupby(castings).nunique() == 1).all()
    assert set(table["fold"]) == {1, 2}


def test_the_figures_on_the_card_are_those_of_the_scores_in_the_file(
    proven: ModelCard, sample_dataset: NamedDataset
) -> None:
    card = proven
    table, figures = out_of_fold.table(card, open_dataset(sample_dataset.folder)), card.metrics[CROSS_VALIDATION]
    right = (table["score"] >= card.threshold) == (table["label"] == 1)
    assert figures.accuracy == pytest.approx(right.mean())
    assert figures.right_by_fold == pytest.approx(right.groupby(table["fold"]).mean().tolist())
    assert figures.whole == figures.never_seen
    assert figures.seen is not None
    assert figures.seen.photos == 0
    named = {score.name: score for score in scores(card)}
    outcomes = named[CROSS_VALIDATION].outcomes
    assert named[CROSS_VALIDATION].proves
    assert outcomes is not None
    castings = table["photo"].map(casting_of(open_dataset(sample_dataset.folder)))
    assert outcomes.defective.n + outcomes.ok.n == castings.nunique()
    assert outcomes.defective.wrong + outcomes.ok.wrong == castings[~right].nunique()


def test_a_version_without_folds_is_proven_by_validation_castings_that_are_calibrated_by_others(
    sample_dataset: NamedDataset,
) -> None:
    """Its epoch was not chosen, and no casting has a say in the calibration of its own score."""
    card = work(note_run(sample_dataset, Recipe(epochs=1, batch_size=16, keep=Keep.LAST, calibrate=True)).id)
    figures, castings = card.metrics[CROSS_CALIBRATED], casting_of(open_dataset(sample_dataset.folder))
    learned = learned_from(card)
    assert learned is not None
    proving = {castings[photo] for photo in learned.validation}
    assert not proving & {castings[photo] for photo in learned.photos}
    assert figures.never_seen is not None and figures.never_seen == figures.whole
    assert (figures.photos, figures.never_seen.castings) == (card.data.validated_on, len(proving))
    named = {score.name: score for score in scores(card)}
    assert named[CROSS_CALIBRATED].proves
    assert (named[VALIDATION].meaning, named[VALIDATION].proves) == ("castings that chose the calibration", False)
    chose = card.validation.chose
    assert chose is not None
    assert chose.castings == len(proving)


def test_a_learning_curve_ends_with_the_run_s_own_network(proven: ModelCard) -> None:
    card, heard = proven, events(proven.run)
    curve = card.learning_curve
    assert curve is not None
    assert [dict(point) for point in curve.points] == [vars(event) for event in heard if isinstance(event, ShareDone)]
    counts = [point.castings for point in curve.points]
    assert counts == sorted(set(counts))
    assert len(counts) == len(SHARES) + 1
    assert curve.points[-1].photos == card.data.trained_on
    assert all(0 <= point.auc <= 1 for point in curve.points)


def test_further_networks_never_add_to_the_curves_of_the_run(proven: ModelCard) -> None:
    card, heard = proven, events(proven.run)
    assert len([event for event in heard if isinstance(event, EpochDone)]) == PROVEN.epochs == len(card.curves)
    told = [
        (event.task, event.number) for event in heard if isinstance(event, Further) and event.epoch == PROVEN.epochs
    ]
    folds = [("cross-validation", number) for number in range(1, PROVEN.folds + 1)]
    assert told == folds + [("learning curve", number) for number in range(1, len(SHARES) + 1)]


def test_scores_of_another_dataset_are_not_offered(
    proven: ModelCard, sample_dataset: NamedDataset, tmp_path: Path
) -> None:
    card = proven
    dataset = open_dataset(sample_dataset.folder)
    assert out_of_fold.known(card, dataset)
    elsewhere = card.data.model_copy(update={"folder": str(tmp_path)})
    assert not out_of_fold.known(card.model_copy(update={"data": elsewhere}), dataset)
    assert not out_of_fold.known(card.model_copy(update={"files": {}}), dataset)


def test_scores_that_were_changed_are_refused(proven: ModelCard, sample_dataset: NamedDataset) -> None:
    card = proven
    (registry().path(card.name) / OUT_OF_FOLD).write_text("photo,fold,score,found\n", "ascii")
    with pytest.raises(ModelError, match="is not the file that was registered"):
        out_of_fold.table(card, open_dataset(sample_dataset.folder))


def test_calibration_is_chosen_on_the_scores_out_of_fold(proven: ModelCard, sample_dataset: NamedDataset) -> None:
    card = proven
    whole = card.metrics[CROSS_VALIDATION].whole
    assert whole is not None
    assert f"{whole.castings} castings, each scored by a network that did not learn from it" in card.threshold_chosen
    table = out_of_fold.table(card, open_dataset(sample_dataset.folder))
    found = evaluate(table["score"].to_numpy(), table["label"].to_numpy(dtype=int), OperatingPoint(threshold=0.5))
    assert found.accuracy == pytest.approx(card.metrics[CROSS_VALIDATION].accuracy)


def test_too_many_folds_are_refused_before_anything_is_trained(sample_dataset: NamedDataset) -> None:
    run = note_run(sample_dataset, Recipe(epochs=1, folds=20)).id
    with pytest.raises(RunError, match=r"no cross-validation: .* castings are too few to make 20 folds"):
        work(run)
    assert "epoch" not in [kind for _, kind, _ in control.log().events(run)]


def test_a_stop_in_the_cross_validation_keeps_the_network_and_says_what_is_left_out(
    sample_dataset: NamedDataset,
) -> None:
    run = note_run(sample_dataset, Recipe(epochs=1, batch_size=16, folds=2)).id
    heard: list[Event] = []

    def listen(event: Event) -> None:
        heard.append(event)
        if isinstance(event, Further) and event.number == 2:
            stop(run, Wish.KEEP)

    card = work(run, listen=listen)
    assert CROSS_VALIDATION not in card.metrics
    assert OUT_OF_FOLD not in card.files
    assert any(isinstance(event, Note) and "left out" in event.text for event in heard)


def test_what_was_judged_before_a_crash_is_not_judged_again(tmp_path: Path) -> None:
    calls: list[int] = []

    def make() -> Scored:
        calls.append(1)
        said = np.array([0.2, 0.9], dtype=np.float32)
        return Scored(scores=said, found=np.array([True, False]), seconds=3.5, network="classic")

    first, again = (remembered(tmp_path / "run" / "fold-1.npz", make) for _ in range(2))
    assert calls == [1]
    assert np.array_equal(first.scores, again.scores)
    assert np.array_equal(first.found, again.found)
    assert again.seconds == 3.5
    (tmp_path / "run" / "fold-1.npz").write_bytes(b"half of i")
    remembered(tmp_path / "run" / "fold-1.npz", make)
    assert calls == [1, 1]
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["fold-1.npz"]


def test_a_resumed_run_takes_up_its_cross_validation_where_it_was(sample_dataset: NamedDataset) -> None:
    """The first fold's scores are put where a killed process would have left them: they come back unchanged."""
    run = note_run(sample_dataset, Recipe(epochs=1, batch_size=16, folds=2)).id
    trained: list[int] = []

    def listen(event: Event) -> None:
        if isinstance(event, EpochDone):
            photos = len(open_dataset(sample_dataset.folder).to_train)
            for_fold = np.full(photos, 0.25, dtype=np.float32)
            _leave(run_folder(run) / "fold-1.npz", for_fold[: _in_fold(sample_dataset, 1)])
        if isinstance(event, Further):
            trained.append(event.number)

    card = work(run, listen=listen)
    assert set(trained) == {2}
    table = out_of_fold.table(card, open_dataset(sample_dataset.folder))
    assert (table.loc[table["fold"] == 1, "score"] == 0.25).all()


def _in_fold(named: NamedDataset, number: int) -> int:
    dataset = open_dataset(named.folder)
    photos = dataset.to_train
    castings = np.asarray(photos["photo"].map(casting_of(dataset)), dtype=np.int64)
    return int((splits.folds(castings, photos["label"].to_numpy(dtype=int), number=2, seed=0) == number).sum())


def _leave(path: Path, said: np.ndarray) -> None:
    remembered(path, lambda: Scored(scores=said, found=np.ones(len(said), dtype=bool), seconds=1.0, network="classic"))


def drawn(castings: int, copies: int = 2) -> Photos:
    """Photos without pixels: half of the castings defective."""
    of_photo = np.repeat(np.arange(castings), copies)
    rows = np.arange(len(of_photo))
    labels = (of_photo % 2).astype(np.float32)
    return Photos(pixels=np.zeros((len(rows), 2, 2), dtype=np.uint8), rows=rows, labels=labels, castings=of_photo)


def test_shares_are_nested_whole_in_castings_and_balanced() -> None:
    photos = drawn(40)
    shares = nested_subsets(photos, seed=3)
    assert [share.castings for share in shares] == [10, 20, 30]
    for smaller, larger in pairwise(shares):
        assert set(smaller.chosen) < set(larger.chosen)
    for share in shares:
        some = photos.subset(share.chosen)
        assert some.labels.mean() == 0.5
        assert (pd.Series(some.casting_ids).value_counts() == 2).all()


@pytest.mark.parametrize(
    ("gain", "error", "told"),
    [
        (0.05, 0.01, Worth.YES),
        (0.001, 0.002, Worth.NO),
        (-0.03, 0.01, Worth.NO),
        (0.03, 0.02, Worth.UNTOLD),
        (0.0, 0.05, Worth.UNTOLD),
        (0.0, 0.0, Worth.NO),
        (0.5, float("inf"), Worth.UNTOLD),
    ],
)
def test_a_gain_is_held_against_what_can_be_seen(gain: float, error: float, told: Worth) -> None:
    points = tuple(SharePoint(castings=number, photos=number, accuracy=0.9, auc=0.9) for number in (10, 20))
    curve = LearningCurve(points=points, gain=gain, error=error)
    assert worth(curve) is told
    assert "all 20 castings instead of half" in words(curve)


def test_a_network_that_has_learned_nothing_says_nothing_about_castings() -> None:
    points = tuple(SharePoint(castings=number, photos=number, accuracy=0.6, auc=0.54) for number in (10, 20))
    curve = LearningCurve(points=points, gain=0.0, error=0.0)
    assert worth(curve) is Worth.UNTOLD
    assert "train longer first" in words(curve)


def test_a_network_beside_the_run_s_own_tells_only_how_far_it_is() -> None:
    heard: list[Event] = []
    hear = telling(heard.append, "learning curve", 2, of=3, epochs=5)
    hear(Note(text="not for the run"))
    hear(
        EpochDone(epoch=4, loss=1, accuracy=1, validation_loss=1, validation_accuracy=1, seconds=1, photos_per_second=1)
    )
    assert heard == [Further(task="learning curve", number=2, of=3, epoch=epoch, epochs=5) for epoch in (0, 4)]


def test_scores_of_another_network_do_not_calibrate_this_one() -> None:
    """Where two are compared, a fold may come to another network than the run did."""
    rng = np.random.default_rng(0)
    labels = np.tile([0.0, 1.0], 20).astype(np.float32)
    pixels = (rng.uniform(0, 80, (40, 300, 300)) + 90 * labels[:, None, None]).astype(np.uint8)
    photos = Photos(pixels=pixels, rows=np.arange(40), labels=labels, castings=np.arange(40))
    recipe = Recipe(epochs=1, keep=Keep.LAST, calibrate=True)
    trained = train(photos, recipe, report=lambda _: None, should_stop=lambda: False, validation=labels.cumsum() > 14)
    fold, half = 1 + np.arange(40) // 2 % 2, np.full(40, 0.5, dtype=np.float32)
    chosen = {}
    for network in ("classic", "backbone"):
        out = OutOfFold(
            photos=photos, fold=fold, scores=half, found=half > 0, seconds=[], networks=["classic", network]
        )
        chosen[network] = calibrate(trained, recipe, out).point.chosen
    assert "each scored by a network that did not learn from it" in chosen["classic"]
    assert "each scored" not in chosen["backbone"]


def test_a_learning_curve_is_that_of_the_network_that_was_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = Recipe(epochs=1, learning_curve=True, compare=True)
    kept = asked.model_copy(update={"network": NetworkName.BACKBONE})
    drawn = []
    monkeypatch.setattr(proof, "score", lambda *_: (np.zeros(1, np.float32), np.ones(1, bool)))
    monkeypatch.setattr(
        learning_curve, "draw", lambda _learn, _judged, whole, recipe, **_: drawn.append((whole, recipe))
    )
    photos = Photos(pixels=np.zeros((1, 1, 1), np.uint8), rows=np.zeros(1, np.int64), labels=np.zeros(1, np.float32))
    trained = SimpleNamespace(recipe=kept, train=photos, validation=photos)
    prove(photos, trained, asked, folder=tmp_path, report=lambda _: None, should_stop=lambda: False)  # type: ignore[arg-type]
    ((whole, recipe),) = drawn
    assert (whole.network, recipe) == ("backbone", kept)
