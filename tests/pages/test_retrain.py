"""Review: what people have said of a version's photos goes into the next training, at one click."""

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.data.datasets.columns import Column
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label, Split
from casting_core.jobs import control
from casting_core.records.datasets import NamedDataset
from casting_core.records.decisions import Kind
from casting_core.workflows import stores
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.recipes import recipe_on
from casting_core.workflows.review import correct
from casting_core.workflows.review.judgements import Judged, judge
from casting_core.workflows.training.runs import all_runs
from tests.pages.conftest import Open
from tests.pages.test_pages import press, said
from tests.pages.test_review_page import PAGE, reviewed


@pytest.fixture
def app(open_page: Open, version: str, sample_dataset: NamedDataset, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Review, with a version that was trained on the sample; runs are asked for, and not begun."""
    monkeypatch.setattr(control, "ask", lambda request, **_: control.queue().ask(request)[0])
    stores.dataset_book().put(sample_dataset)
    page = open_page(PAGE)
    page.session_state["casting"].dataset = sample_dataset.name
    return reviewed(page, model=version, split="test")


def offered(app: AppTest) -> list[str]:
    """What the button says, where there is one."""
    return [button.label for button in app.button if button.key == "retrain"]


def photos_of(named: NamedDataset) -> Dataset:
    """As they stand now."""
    return open_dataset(named.folder, rule=rule_of(named.rule))


def confirm_miss(named: NamedDataset, split: Split, version: str) -> list[str]:
    """Somebody says of a defective photo that the version passed it, and rightly has its label; all of its casting."""
    dataset = photos_of(named)
    photos, castings = dataset.usable, casting_of(dataset)
    mine = photos.loc[(photos[Column.SPLIT] == split) & (photos[Column.LABEL] == Label.DEFECTIVE), Column.PHOTO]
    first, score = mine.iloc[0], load_model(version).point.threshold / 2
    judge(dataset, first, Judged.LABEL_RIGHT, model=version, score=score, who="Ada")
    return [str(photo) for photo in mine if castings[photo] == castings[first]]


def test_corrected_labels_are_trained_on_at_one_click_and_the_run_knows_its_parent(
    app: AppTest, version: str, sample_dataset: NamedDataset
) -> None:
    assert not offered(app)
    opened = open_dataset(sample_dataset.folder)
    some = opened.usable["photo"].head(2).tolist()
    correct.decide(opened, Kind.LABEL, some, value="ok", who="Ada")
    app.run()
    assert "2 photos were given another label or left out since **v1** learned" in said(app)
    press(app, "Train again with 2 corrected labels")
    (run,) = all_runs()
    assert (run.parent, run.dataset, run.missed) == (version, sample_dataset.name, ())
    assert run.recipe == recipe_on(stores.registry().card(version)).model_dump(mode="json")


@pytest.mark.usefixtures("known")
def test_a_confirmed_miss_is_learned_from_more_often_with_all_photos_of_its_casting(
    app: AppTest, version: str, sample_dataset: NamedDataset
) -> None:
    photos = confirm_miss(sample_dataset, Split.TRAIN, version)
    app.run()
    assert "1 missed casting is confirmed as defective" in said(app)
    app.number_input(key="missed times").set_value(5)
    app.run()
    assert offered(app) == ["Train again with 1 missed casting"]
    press(app, "Train again with 1 missed casting")
    (run,) = all_runs()
    assert (run.parent, set(run.missed), run.missed_times) == (version, set(photos), 5)


@pytest.mark.usefixtures("known")
def test_a_confirmed_miss_among_test_photos_teaches_nothing_and_that_is_said(
    app: AppTest, version: str, sample_dataset: NamedDataset
) -> None:
    confirm_miss(sample_dataset, Split.TEST, version)
    app.run()
    assert "1 confirmed miss is on photos that are kept apart to test" in said(app)
    assert not offered(app)


@pytest.mark.usefixtures("known")
def test_what_is_no_miss_of_this_version_is_not_offered(
    app: AppTest, version: str, sample_dataset: NamedDataset
) -> None:
    photos = photos_of(sample_dataset).part(Split.TRAIN)
    defective, ok = (photos.loc[photos[Column.LABEL] == label, Column.PHOTO].iloc[0] for label in reversed(Label))
    judge(photos_of(sample_dataset), defective, Judged.LABEL_RIGHT, model=version, score=1.0, who="Ada")  # it was found
    judge(photos_of(sample_dataset), ok, Judged.LABEL_RIGHT, model=version, score=0.0, who="Ada")  # it is sound
    app.run()
    assert not offered(app)
    judge(
        photos_of(sample_dataset), defective, Judged.LABEL_RIGHT, model="starter", score=0.0, who="Ada"
    )  # another one missed it
    app.run()
    assert not offered(app)
    judge(photos_of(sample_dataset), defective, Judged.CANNOT_TELL, model=version, score=0.0, who="Ada")
    app.run()
    assert not offered(app)
