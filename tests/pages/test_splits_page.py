"""The Dataset page's sections on castings, splits and the map, and the remedies of its audit."""

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from casting_core.data.audit.finding import Kind, Severity
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.records.decisions import Kind as Decided
from casting_core.workflows import stores
from casting_core.workflows.audit.audit import Audit, audit
from casting_core.workflows.datasets import splits
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.review import correct
from pages.parts.audit.audit_view import key_of
from tests.pages.conftest import Open
from tests.pages.test_dataset_page import PAGE, fill, go, photos, shown, ticked
from tests.pages.test_pages import opened_with, press, said, unescaped


@pytest.fixture
def leaky(open_page: Open, leaky_folder: Path) -> AppTest:
    """The page with photos in use of which some castings lie in train and in test."""
    return opened_with(open_page, PAGE, "Leaky", leaky_folder)


def new(dataset: Dataset) -> tuple[int, int, int]:
    """Test photos of castings that are not in train, test photos in all, and castings behind the first."""
    castings = casting_of(dataset)
    learned = set(dataset.part("train")["photo"].map(castings))
    tested = dataset.part("test")["photo"].map(castings)
    fresh = tested[~tested.isin(learned)]
    return len(fresh), len(tested), fresh.nunique()


def make(app: AppTest, name: str, *, folds: int = 0, share: int = 30) -> AppTest:
    """Fills in the form for a split and sends it off; in the harness, what is in a form lasts for one run only."""
    app.text_input(key="split name").set_value(name)
    app.number_input(key="split folds").set_value(folds)
    app.number_input(key="split share").set_value(share)
    press(app, "Make the split")
    assert not app.exception
    return app


def of_splits(app: AppTest) -> pd.DataFrame:
    """The table of splits on the page."""
    return next(table.value for table in app.dataframe if "castings in both" in table.value).set_index("split")


# --- Castings ---------------------------------------------------------------------------------------------------------


def test_castings_and_splits_say_how_to_find_out_as_long_as_they_are_not_known(leaky: AppTest) -> None:
    for section in ("Castings", "Splits"):
        go(leaky, section)
        assert "It is not known yet which of these photos show one casting" in said(leaky)
        assert any(button.label == "Audit these photos" for button in leaky.button)
        assert not leaky.dataframe


@pytest.mark.usefixtures("known")
def test_the_castings_are_listed_with_the_photos_and_the_link_between_two_of_them(
    leaky: AppTest, leaky_folder: Path
) -> None:
    castings = casting_of(photos(leaky_folder))
    go(leaky, "Castings")
    assert f"**24 photos show {castings.nunique()} castings**" in said(leaky)
    table = leaky.dataframe[0].value
    assert sorted(table["photos"]) == sorted(castings.value_counts())
    assert set(table["splits"]) <= {"train", "train, test", "test"}
    first = int(table["casting"].iloc[0])
    assert f"Casting {first}: {int((castings == first).sum())} photos" in [one.value for one in leaky.subheader]
    assert len(shown(leaky)) == int((castings == first).sum())
    assert "places match; the fine detail agrees by" in said(leaky)


@pytest.mark.usefixtures("known")
def test_castings_are_taken_apart_and_joined_by_hand_and_the_page_counts_anew(
    leaky: AppTest, leaky_folder: Path
) -> None:
    before = casting_of(photos(leaky_folder)).nunique()
    go(leaky, "Castings")
    first = shown(leaky)[0]
    press_tick(leaky, first)
    fill(leaky, "What is it?", "They show a casting of their own")
    press(fill(leaky, "Your name", "Ana"), "Decide")
    assert not leaky.exception
    assert f"**24 photos show {before + 1} castings**" in said(leaky)
    press(leaky, "Undo")
    assert f"**24 photos show {before} castings**" in said(leaky)


def press_tick(app: AppTest, name: str) -> None:
    """Ticks the photo of this file."""
    next(one for one in app.checkbox if one.label.replace("\\", "").startswith(f"{name} :")).check()
    app.run()
    assert not app.exception


@pytest.mark.usefixtures("known")
def test_a_casting_labelled_both_ways_comes_first_and_says_so(open_page: Open, leaky_folder: Path) -> None:
    dataset = photos(leaky_folder)
    castings = casting_of(dataset)
    row = dataset.usable[dataset.usable["label"] == Label.OK].iloc[-1]
    correct.decide(dataset, Decided.LABEL, [row["photo"]], value="defective", who="Ana")
    app = go(opened_with(open_page, PAGE, "Leaky", leaky_folder), "Castings")
    first = app.dataframe[0].value.iloc[0]
    assert (first["casting"], first["label"], first["both labels"]) == (
        castings[row["photo"]],
        "ok and defective",
        True,
    )
    assert "1 casting carries both labels" in said(app)


# --- Splits -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("whole", [0, 2])  # castings that lie in test with all their photos
def test_the_leak_is_said_in_photos_and_castings(
    open_page: Open, leaky_folder: Path, tmp_path: Path, whole: int
) -> None:
    folder = shutil.copytree(leaky_folder, tmp_path / "photos")
    castings = casting_of(photos(folder))
    for path in photos(folder).usable.set_index("path")["photo"].map(castings).loc[lambda of: of < whole].index:
        (folder / path).rename(folder / "test" / Path(path).relative_to(Path(path).parts[0]))
    fresh, tested, behind = new(photos(folder))
    assert (fresh, behind) == (3 * whole, whole)
    app = go(opened_with(open_page, PAGE, "Leaky", folder), "Splits")
    so_many = f" ({whole} castings)" if whole else ""
    assert f"Only **{fresh} of {tested}** test photos show a casting that is not in train{so_many}." in said(app)
    row = of_splits(app).loc["as the folders say"]
    assert row["test photos"] == tested
    assert row["test castings"] == photos(folder).part("test")["photo"].map(castings).nunique()
    assert row["castings in both"] == row["test castings"] - behind


@pytest.mark.usefixtures("known")
def test_a_sample_whose_castings_are_whole_is_said_to_be_so(open_page: Open) -> None:
    app = go(open_page(PAGE), "Splits")
    assert "No casting lies in both train and test" in said(app)
    assert of_splits(app).loc["as the folders say", "castings in both"] == 0


@pytest.mark.usefixtures("known")
def test_a_split_by_casting_is_made_kept_refused_twice_and_deleted(leaky: AppTest, leaky_folder: Path) -> None:
    folder = str(leaky_folder.resolve())
    go(leaky, "Splits")
    make(leaky, "half", share=50)
    row = of_splits(leaky).loc["half"]
    assert (row["castings in both"], row["test castings"]) == (0, 4)
    assert row["photos to learn from"] + row["test photos"] == 24
    assert row["test photos"] == 3 * row["test castings"]
    assert leaky.session_state["casting"].training_split == "half"
    make(leaky, "half")
    assert "There is a split 'half' already" in unescaped(leaky)
    assert list(stores.split_book().plans(folder)) == ["half"]
    press(leaky, "Delete")
    assert stores.split_book().plans(folder) == {}
    assert list(of_splits(leaky).index) == ["as the folders say"]
    assert leaky.session_state["casting"].training_split == ""


@pytest.mark.usefixtures("known")
def test_folds_hold_each_casting_out_once(leaky: AppTest) -> None:
    go(leaky, "Splits")
    make(leaky, " three ", folds=3)
    table = of_splits(leaky).drop(index="as the folders say")
    assert list(table.index) == ["three/1", "three/2", "three/3"]
    assert set(table["castings in both"]) == {0}
    assert table["test photos"].sum() == 24
    assert leaky.session_state["casting"].training_split == "three/1"


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("name", ["", "a/b", "test"])
def test_a_name_that_will_not_do_is_a_sentence(leaky: AppTest, name: str) -> None:
    go(leaky, "Splits")
    make(leaky, name)
    assert f"A split cannot be named '{name}'" in unescaped(leaky)
    assert list(of_splits(leaky).index) == ["as the folders say"]


@pytest.mark.usefixtures("known")
def test_the_name_of_a_split_is_shown_as_it_is_written(open_page: Open, leaky_folder: Path) -> None:
    splits.make_by_casting(photos(leaky_folder), "=1+1 **b**", share=0.3, seed=0)
    app = go(opened_with(open_page, PAGE, "Leaky", leaky_folder), "Splits")
    assert "'=1+1 **b**" in of_splits(app).index
    box = next(one for one in app.selectbox if one.label == "Split")
    assert box.options == ["=1+1 **b**"]
    choice = next(one for one in open_page("pages/train.py").selectbox if one.label == "Split")
    assert choice.options == ["as the folders say", "=1+1 **b**"]


# --- Map --------------------------------------------------------------------------------------------------------------


def points(app: AppTest) -> list[dict[str, Any]]:
    """The traces of the map."""
    (chart,) = app.get("plotly_chart")
    return list(json.loads(chart.proto.spec)["data"])


@pytest.mark.usefixtures("known")
def test_the_map_shows_every_photo_by_label_by_casting_and_by_score(leaky: AppTest, leaky_folder: Path) -> None:
    table = photos(leaky_folder).usable
    go(leaky, "Map")
    by_label = {trace["name"]: len(trace["customdata"]) for trace in points(leaky)}
    assert by_label == {label.word: int((table["label"] == label).sum()) for label in Label}
    for colour in ("casting", "score"):
        control = next(one for one in leaky.button_group if one.label == "Coloured by")
        control.set_value(colour)
        leaky.run()
        assert not leaky.exception
        (trace,) = points(leaky)
        assert {photo for photo, _ in trace["customdata"]} == set(table["photo"])
        assert trace["x"]


def test_castings_that_are_not_known_are_no_colour_of_the_map(leaky: AppTest) -> None:
    go(leaky, "Map")
    control = next(one for one in leaky.button_group if one.label == "Coloured by")
    assert not any("Casting" in str(getattr(option, "content", option)) for option in control.options)


# --- Remedies ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(leaky_folder: Path, tmp_path: Path) -> Path:
    """Leaky photos, one of them labelled both ways and one lying four times in train."""
    folder = shutil.copytree(leaky_folder, tmp_path / "photos")
    ok = sorted((folder / "train" / "ok_front").iterdir())
    shutil.copy(ok[0], folder / "train" / "def_front" / "both.jpeg")
    for number in range(3):
        shutil.copy(ok[1], folder / "train" / "ok_front" / f"zz {number}.jpeg")
    return folder


def audited(open_page: Open, folder: Path) -> tuple[AppTest, Audit]:
    """The report of an audit, every finding open."""
    made = audit(photos(folder))
    app = opened_with(open_page, PAGE, "Mixed", folder)
    for finding in made.findings:
        if finding.severity is not Severity.FINE:
            app.session_state[key_of(finding, made)] = True
    return go(app, "Audit"), made


def remedy(app: AppTest, kind: Kind) -> AppTest:
    """Clicks the button of a finding."""
    app.button(key=f"remedy {kind}").click()
    app.run()
    assert not app.exception
    return app


def test_one_click_on_the_leak_makes_a_split_by_casting_and_a_second_one_another(open_page: Open, mixed: Path) -> None:
    app, made = audited(open_page, mixed)
    (leak,) = [one for one in made.findings if one.kind is Kind.CASTINGS_ACROSS_SPLITS]
    assert leak.severity is Severity.SERIOUS
    remedy(app, leak.kind)
    assert of_splits(app).loc["by casting", "castings in both"] == 0
    remedy(go(app, "Audit"), leak.kind)
    assert list(of_splits(app).index) == ["as the folders say", "by casting", "by casting 2"]


def test_one_click_on_a_photo_labelled_both_ways_shows_it_chosen(open_page: Open, mixed: Path) -> None:
    app, made = audited(open_page, mixed)
    (finding,) = [one for one in made.findings if one.kind is Kind.IDENTICAL_ACROSS_LABELS]
    remedy(app, finding.kind)
    assert f"**{len(set(finding.photos))} photo" in said(app)
    assert set(ticked(app)) == set(shown(app))
    assert "both.jpeg" in shown(app)
    press(fill(fill(app, "What is it?", "Label: ok"), "Your name", "Ana"), "Decide")
    assert not app.exception
    table = photos(mixed).usable
    assert set(table[table["path"].str.endswith("both.jpeg")]["label"]) == {Label.OK}
    go(app, "Overview")
    go(app, "Photos")
    assert len(shown(app)) == 24, "the filter of photos chosen is not kept once none is"


def test_one_click_leaves_the_spare_files_out_and_undo_brings_them_back(open_page: Open, mixed: Path) -> None:
    app, made = audited(open_page, mixed)
    (finding,) = [one for one in made.findings if one.kind is Kind.IDENTICAL_WITHIN_SPLIT]
    before = len(photos(mixed).usable)
    remedy(app, finding.kind)
    assert len(photos(mixed).usable) == before - len(finding.files)
    assert f"Left out, {len(finding.files)} spare files" in unescaped(app)
    press(app, "Undo")
    assert len(photos(mixed).usable) == before
