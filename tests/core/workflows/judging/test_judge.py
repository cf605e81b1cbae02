"""From bytes to a finding: a verdict with its evidence, or the reason why there is none."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from casting_core.data.drawing.synthetic import read_masks
from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.data.imaging.images import identity
from casting_core.domain import Label, OperatingPoint, Verdict
from casting_core.errors import DatasetError, ModelError
from casting_core.settings import settings
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging import evaluate, inspect
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.stores import registry
from tests.core.data.encoded import encoded

HALF = OperatingPoint(threshold=0.5)


@pytest.fixture
def model(version: str) -> Model:
    return load_model(version)


@pytest.fixture
def photos(sample_folder: Path) -> list[Path]:
    return sorted((sample_folder / "test").rglob("*.jpeg"))


def test_a_photo_gets_a_verdict_with_its_evidence(model: Model, photos: list[Path]) -> None:
    content = photos[0].read_bytes()
    found = inspect.judge(content, model)
    assert found.sha256 == identity(content)
    assert found.score is not None
    assert found.verdict is model.point.verdict(found.score)
    assert found.reason == ""
    assert found.seen is not None
    assert found.seen.shape == (300, 300)
    assert found.evidence is not None
    assert found.evidence.shape == (18, 18)


def test_the_threshold_given_decides(model: Model, photos: list[Path]) -> None:
    content = photos[0].read_bytes()
    assert inspect.judge(content, model, point=OperatingPoint(threshold=0.0)).verdict is Verdict.REJECT
    assert inspect.judge(content, model, point=OperatingPoint(threshold=1.0)).verdict is Verdict.PASS


def test_bytes_that_are_no_photo_get_a_reason(model: Model) -> None:
    found = inspect.judge(b"Dear foundry", model)
    assert (found.verdict, found.score, found.seen) == (None, None, None)
    assert "not a photo" in found.reason


def test_a_photo_that_nobody_could_judge_is_to_be_taken_again(model: Model) -> None:
    found = inspect.judge(encoded(Image.new("L", (300, 300), 0)), model)
    assert (found.verdict, found.score) == (None, None)
    assert found.reason.startswith("Retake: the photo is black")
    assert found.seen is not None


def test_files_and_folders_are_judged_one_by_one_whatever_one_of_them_is(
    model: Model, sample_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "text.jpg").write_text("no photo")
    ok = sample_folder / "test" / "ok_front"
    found = list(inspect.predict([tmp_path / "text.jpg", tmp_path / "gone.png", ok], model))
    assert [path for path, _ in found] == [tmp_path / "text.jpg", tmp_path / "gone.png", *sorted(ok.iterdir())]
    assert "not a photo" in found[0][1].reason
    assert found[1][1].reason == "the file cannot be opened: No such file or directory"
    assert all(one.verdict for _, one in found[2:])


def test_a_file_that_is_too_large_is_not_even_read(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASTING_MAX_PHOTO_BYTES", "1000")
    settings.cache_clear()
    (tmp_path / "large.jpg").write_bytes(bytes(1001))
    [(_, found)] = inspect.predict([tmp_path / "large.jpg"], model)
    assert "larger than" in found.reason


def test_a_split_is_judged_as_its_photos_are_one_by_one(model: Model, sample_folder: Path) -> None:
    dataset = open_dataset(sample_folder)
    result, table = evaluate.evaluate_split(dataset, "test", model, point=HALF)
    singly = {path: inspect.judge((sample_folder / path).read_bytes(), model).score for path in table["path"]}
    assert table["score"].to_numpy() == pytest.approx([singly[path] for path in table["path"]], abs=1e-5)
    assert result.photos == len(table) == len(dataset.part("test"))
    assert result.missed + result.false_alarms == int(table["wrong"].sum())
    assert (result.missed, result.false_alarms) == (result.confusion[1][0], result.confusion[0][1])
    assert list(table.columns) == [*dataset.photos.columns, *evaluate.SCORED, *evaluate.JUDGED]


def test_the_figures_on_the_card_are_those_of_the_test_photos(model: Model, sample_folder: Path) -> None:
    result, _ = evaluate.evaluate_split(open_dataset(sample_folder), "test", model)
    figures = evaluate.figures(result)
    assert model.card.test is not None
    assert all(getattr(model.card.test, name) == getattr(figures, name) for name in figures.model_fields_set)
    assert "accuracy" in figures.model_fields_set


def test_missed_defects_come_first_then_false_alarms_each_with_the_worst_ahead() -> None:
    table = pd.DataFrame(
        {
            "path": list("abcdef"),
            "label": pd.array([1, 0, 1, 0, 1, 0], dtype="Int8"),
            "score": [0.4, 0.6, 0.1, 0.9, 0.7, 0.2],
        }
    )
    marked = evaluate.errors_first(table, HALF)
    assert "".join(marked["path"]) == "ca" + "db" + "ef"
    assert marked["wrong"].tolist() == [True] * 4 + [False] * 2
    assert list(table.columns) == ["path", "label", "score"]


def test_one_photo_of_a_dataset_is_explained(model: Model, sample_folder: Path) -> None:
    dataset = open_dataset(sample_folder)
    photo = dataset.usable.iloc[0]["photo"]
    seen, evidence = evaluate.explain(dataset, photo, model)
    assert (seen.shape, evidence.shape) == ((300, 300), (18, 18))
    with pytest.raises(DatasetError, match="no photo abababababab"):
        evaluate.explain(dataset, "ab" * 32, model)


def test_found_defects_are_measured_against_their_masks(model: Model, sample_folder: Path) -> None:
    found = evaluate.localise(open_dataset(sample_folder), "all", model)
    assert {"photo", "path", "score", "distance"} == set(found.columns)
    assert found["path"].str.contains("def_front").all()
    assert ((found["distance"] >= 0) & (found["distance"] < 425)).all()


def test_masks_beside_the_photos_say_where_the_defects_are_as_those_of_a_drawn_sample_do(
    model: Model, sample_folder: Path, tmp_path: Path
) -> None:
    drawn, folder = read_masks(sample_folder), tmp_path / "ng"
    folder.mkdir()
    for at, path in enumerate(sorted(drawn)[:8]):
        shutil.copy(sample_folder / path, folder / f"{at}.jpeg")
        Image.fromarray(drawn[path].astype(np.uint8) * 255).save(folder / f"{at}_mask.png")
    dataset = open_dataset(tmp_path)
    assert (len(dataset.usable), len(dataset.masks)) == (8, 8)
    given = evaluate.localise(dataset, "all", model)
    known = evaluate.localise(open_dataset(sample_folder), "all", model).drop_duplicates("photo").set_index("photo")
    assert given["distance"].tolist() == pytest.approx(known.loc[given["photo"], "distance"].tolist())


def test_without_a_name_the_version_in_production_judges(version: str) -> None:
    registry().promote(version)
    assert load_model().card.name == version


@pytest.mark.parametrize("file", ["serving.onnx", "gate.npz", "card.json"])
def test_a_damaged_version_is_one_error(version: str, file: str) -> None:
    (settings().model_dir / version / file).write_bytes(b"damaged")
    with pytest.raises(ModelError, match=f"model '{version}' is damaged"):
        load_model(version)


def test_labels_are_no_part_of_a_score(model: Model, sample_folder: Path) -> None:
    photos = open_dataset(sample_folder).part("test")
    turned = photos.assign(label=1 - photos["label"])
    one, other = (evaluate.score_table(model.scorer, table)["score"] for table in (photos, turned))
    assert np.array_equal(one, other)
    assert set(photos["label"]) == set(Label)


def test_a_part_that_is_not_found_is_for_a_person_to_look_at(
    model: Model, photos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Alignment, "found", lambda *_: False)
    found = inspect.judge(photos[0].read_bytes(), model)
    assert (found.verdict, found.score, found.evidence) == (Verdict.INSPECT, None, None)
    assert found.reason.startswith("the part was not found as the model knows it, so a person must look at it")
    assert "inspect" in evaluate.not_found(2)
