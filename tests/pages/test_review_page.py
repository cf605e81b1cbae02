"""Review: what its figures are worth, in castings the model has learned from and castings it has never seen."""

import pytest
from PIL import Image, ImageFilter
from streamlit.testing.v1 import AppTest

from casting_core.data.datasets.scan import Dataset
from casting_core.judging.evaluation import evaluate
from casting_core.settings import settings
from casting_core.workflows.datasets import splits
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.evaluate import score_table
from casting_core.workflows.judging.model import load_model
from tests.pages.conftest import Open
from tests.pages.test_pages import press, said, unescaped

PAGE = "pages/review.py"


def sample() -> Dataset:
    """The drawn sample as it stands now."""
    return open_dataset(settings().sample_dir)


def reviewed(app: AppTest, *, model: str, split: str) -> AppTest:
    """The page with this model on this split."""
    for key, value in (("reviewed model", model), ("reviewed split", split)):
        app.selectbox(key=key).set_value(value)
        app.run()
        assert not app.exception
    return app


def right(model: str, dataset: Dataset, split: str) -> float:
    """The share of photos that a model judges rightly, computed beside the page."""
    judge = load_model(model)
    table = score_table(judge.scorer, dataset.part(split))
    return evaluate(table["score"].to_numpy(), table["label"].to_numpy(dtype=int), judge.point).accuracy


def by_split(app: AppTest) -> dict[str, dict[str, object]]:
    """The table that compares the splits, by their names."""
    table = next(table.value for table in app.dataframe if "castings never seen" in table.value)
    return {str(row["split"]): {str(name): value for name, value in row.items()} for row in table.to_dict("records")}


def test_what_is_behind_the_figures_is_said_to_be_unknown_as_long_as_it_is(open_page: Open) -> None:
    app = open_page(PAGE)
    assert "It is not known which of these photos show one casting" in said(app)
    assert "these figures may flatter it" in said(app)


@pytest.mark.usefixtures("known")
def test_a_model_that_does_not_say_what_it_learned_from_gets_no_praise(open_page: Open) -> None:
    app = reviewed(open_page(PAGE), model="starter", split="test")
    tested = sample().part("test")["photo"].map(casting_of(sample()))
    words = (
        f"{len(tested)} photos of {tested.nunique()} castings. Which of them the model has learned from is not known."
    )
    assert words in said(app)
    assert "never seen" not in said(app)


@pytest.mark.usefixtures("known")
def test_test_photos_of_castings_kept_whole_show_none_the_model_has_learned_from(open_page: Open, version: str) -> None:
    app = reviewed(open_page(PAGE), model=version, split="test")
    assert "18 photos of 9 castings, none of which the model has learned from: a score on parts never seen." in said(
        app
    )


@pytest.mark.usefixtures("known")
def test_photos_the_model_has_learned_from_are_told_from_those_it_has_not(open_page: Open, version: str) -> None:
    app = reviewed(open_page(PAGE), model=version, split="all")
    assert "60 photos of 30 castings: **42 show castings the model has learned from**" in said(app)
    assert f"(right on {100 * right(version, sample(), 'train'):.1f} % of those)" in said(app)
    never = (
        f"On the 18 photos of 9 castings never seen it is right on **{100 * right(version, sample(), 'test'):.1f} %**"
    )
    assert never in said(app)
    reviewed(app, model=version, split="train")
    assert "42 photos of 21 castings: **42 show castings the model has learned from**" in said(app)
    assert "None shows a casting it has not seen." in said(app)


@pytest.mark.usefixtures("known")
def test_the_splits_are_compared_by_what_the_model_had_seen_of_each(open_page: Open, version: str) -> None:
    splits.make_by_casting(sample(), "by casting", share=0.5, seed=1)
    splits.make_folds(sample(), "two", number=2, seed=0)
    app = reviewed(open_page(PAGE), model=version, split="by casting")
    rows = by_split(app)
    assert list(rows) == ["as the folders say", "by casting", "two/1", "two/2"]
    assert rows["as the folders say"]["castings never seen"] == "9"
    chosen = splits.choose(sample(), "by casting")
    tested = set(chosen.part("test")["photo"])
    never = tested & set(sample().part("test")["photo"])
    assert rows["by casting"]["photos"] == len(tested)
    assert rows["by casting"]["castings"] == len(tested) // 2
    assert rows["by casting"]["castings never seen"] == str(len(never) // 2)
    assert rows["by casting"]["right"] == f"{100 * right(version, chosen, 'test'):.1f} %"
    assert sum(int(str(rows[f"two/{fold}"]["castings never seen"])) for fold in (1, 2)) == 9
    assert {metric.label: metric.value for metric in app.metric}["Photos"] == str(len(tested))


@pytest.mark.usefixtures("known")
def test_a_casting_opened_on_review_shows_its_relatives(open_page: Open, version: str) -> None:
    app = reviewed(open_page(PAGE), model=version, split="all")
    cells = next(group for group in app.button_group if group.label == "Show the castings of")
    cells.set_value(next(option for option in cells.options if "Defects found" in str(option)))
    app.run()
    if not any(button.label == "Full size" for button in app.button):  # a model that calls every casting ok
        cells.set_value(next(option for option in cells.options if "Missed" in str(option)))
        app.run()
    press(app, "Full size")
    assert not app.exception
    assert ": 1 other photo" in unescaped(app)


def test_what_the_gate_would_refuse_is_counted_and_listed(open_page: Open) -> None:
    blurred = sorted((settings().sample_dir / "test" / "ok_front").iterdir())[0]
    Image.open(blurred).filter(ImageFilter.GaussianBlur(6)).save(blurred)
    app = open_page(PAGE)
    assert "The gate would refuse 1 photo" in [one.label for one in app.expander]
    assert f"test/ok_front/{blurred.name}: The photo is blurred; focus, and hold the camera still" in unescaped(app)
