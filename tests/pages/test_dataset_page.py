"""The Dataset page section by section: finding photos, deciding about them, and splitting them by casting."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.records.decisions import Kind
from casting_core.workflows.datasets import opening
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.sample import SAMPLE
from casting_core.workflows.review import correct
from tests.pages.conftest import Open
from tests.pages.test_pages import opened_with, press, said, unescaped

PAGE = "pages/dataset.py"


@pytest.fixture
def leaky(open_page: Open, leaky_folder: Path) -> AppTest:
    """The page with those photos in use."""
    return opened_with(open_page, PAGE, "Leaky", leaky_folder)


def photos(folder: Path) -> Dataset:
    """The photos as they stand now."""
    return opening.open_dataset(folder)


def go(app: AppTest, name: str) -> AppTest:
    """Opens a section."""
    control = next(one for one in app.button_group if one.label == "Section")
    control.set_value(name)
    app.run()
    assert not app.exception
    return app


def fill(app: AppTest, label: str, value: object) -> AppTest:
    """Fills in a field, found by its label."""
    fields = [*app.selectbox, *app.text_input, *app.number_input, *app.toggle, *app.slider]
    next(one for one in fields if one.label == label).set_value(value)
    app.run()
    assert not app.exception
    return app


def tick(app: AppTest, name: str, at: int = 0) -> AppTest:
    """Ticks the photo of this file."""
    ticks = [one for one in app.checkbox if file_of(one.label) == name]
    (ticks[at].uncheck if ticks[at].value else ticks[at].check)()
    app.run()
    assert not app.exception
    return app


def file_of(label: str) -> str:
    """The file that a tick names, before the badge of its photo."""
    return label.replace("\\", "").rsplit(" :", 1)[0]


def shown(app: AppTest) -> list[str]:
    """The files in the gallery, in order."""
    return [file_of(one.label) for one in app.checkbox]


def ticked(app: AppTest) -> list[str]:
    return [file_of(one.label) for one in app.checkbox if one.value]


def names(table: "list[str]") -> list[str]:
    return [path.rsplit("/", 1)[-1] for path in table]


def decide(app: AppTest, action: str, *, who: str = "Ana", why: str = "") -> AppTest:
    """Fills in the form that decides about the chosen photos, and decides."""
    fill(app, "What is it?", action)
    fill(app, "Why", why)
    fill(app, "Your name", who)
    return press(app, "Decide")


# --- Photos -----------------------------------------------------------------------------------------------------------


def test_filters_leave_exactly_the_photos_that_pass_them(leaky: AppTest, leaky_folder: Path) -> None:
    table = photos(leaky_folder).usable
    go(leaky, "Photos")
    assert shown(leaky) == names(list(table["path"]))
    fill(leaky, "Split", "test")
    fill(leaky, "Label", "ok")
    here = table[(table["split"] == "test") & (table["label"] == Label.OK)]
    assert 0 < len(here) < len(table)
    assert shown(leaky) == names(list(here["path"]))
    name = names(list(here["path"]))[-1]
    fill(leaky, "Name contains", name.upper())
    assert shown(leaky) == [name]
    fill(leaky, "Name contains", "no such (photo")
    assert "No photo is left by these filters" in said(leaky)


def test_photos_are_sorted_by_their_light_and_their_sharpness(leaky: AppTest, leaky_folder: Path) -> None:
    table = photos(leaky_folder).usable
    go(leaky, "Photos")
    for order, column, rising in (
        ("darkest first", "brightness", True),
        ("brightest first", "brightness", False),
        ("least sharp first", "sharpness", True),
        ("sharpest first", "sharpness", False),
    ):
        fill(leaky, "Sort", order)
        wanted = table.sort_values(column, ascending=rising, kind="stable")
        assert shown(leaky) == names(list(wanted["path"])), order


def test_the_model_in_use_sorts_by_score_and_tells_what_it_misses(leaky: AppTest, leaky_folder: Path) -> None:
    from casting_core.workflows.judging.evaluate import score_table
    from casting_core.workflows.judging.model import load_model

    go(leaky, "Photos")
    fill(leaky, "Scores of the model in use", True)
    model = load_model("starter")
    scored = score_table(model.scorer, photos(leaky_folder).usable).sort_values("score", kind="stable")
    fill(leaky, "Sort", "lowest score first")
    assert shown(leaky) == names(list(scored["path"]))
    found = scored["score"] >= model.point.threshold
    fill(leaky, "Outcome", "model agrees")
    assert shown(leaky) == names(list(scored[found == (scored["label"] == Label.DEFECTIVE)]["path"]))
    fill(leaky, "Outcome", "every")
    low = float(scored["score"].iloc[5])
    fill(leaky, "Score", (round(low, 2) + 0.01, 1.0))
    assert shown(leaky) == names(list(scored[scored["score"] >= round(low, 2) + 0.01]["path"]))


def test_all_that_were_found_are_chosen_at_once_and_let_go_again(leaky: AppTest) -> None:
    go(leaky, "Photos")
    first, *_ = shown(leaky)
    fill(leaky, "Label", "ok")
    found = shown(leaky)
    press(leaky, f"Choose all {len(found)}")
    assert not leaky.exception
    assert ticked(leaky) == found
    assert f"**{len(found)} photos chosen**" in said(leaky)
    fill(leaky, "Label", "every")
    assert ticked(leaky) == found
    tick(leaky, first)
    fill(leaky, "State", "chosen")
    assert shown(leaky) == [first, *found]
    press(leaky, "Choose none")
    assert not leaky.exception
    assert "**0 photos chosen**" in said(leaky)
    assert shown(leaky) == []


def test_both_files_of_one_photo_are_chosen_and_let_go_together(
    open_page: Open, leaky_folder: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(leaky_folder, tmp_path / "photos")
    first = min((folder / "test" / "def_front").iterdir())
    shutil.copy(first, folder / "train" / "def_front" / first.name)
    app = go(opened_with(open_page, PAGE, "Twice", folder), "Photos")
    tick(app, first.name, at=1)
    assert ticked(app) == [first.name, first.name]
    assert "**1 photo chosen**" in said(app)
    tick(app, first.name, at=0)
    assert ticked(app) == []
    assert "**0 photos chosen**" in said(app)


def test_photos_chosen_on_one_page_stay_chosen_on_the_next(open_page: Open) -> None:
    app = go(open_page(PAGE), "Photos")
    first = shown(app)[0]
    tick(app, first)
    fill(app, "Page", 2)
    assert first not in shown(app)
    fill(app, "Page", 1)
    assert ticked(app) == [first]


def test_a_label_is_corrected_by_somebody_with_a_name_and_the_correction_is_undone(
    leaky: AppTest, leaky_folder: Path
) -> None:
    go(leaky, "Photos")
    before = photos(leaky_folder).usable
    wrong = before[before["label"] == Label.DEFECTIVE].iloc[0]
    tick(leaky, names([wrong["path"]])[0])
    decide(leaky, "Label: ok", who=" ")
    assert "Say who decides" in said(leaky)
    assert photos(leaky_folder).usable.equals(before)
    decide(leaky, "Label: ok", why="no crack **at all**", who="Ana")
    assert not leaky.exception
    assert f"Decided: Label: ok, {names([wrong['path']])[0]}" in unescaped(leaky).replace(":small[]", "")
    after = photos(leaky_folder).usable.set_index("path")["label"]
    assert after[wrong["path"]] == Label.OK
    (decision,) = correct.history(photos(leaky_folder), wrong["photo"])
    assert (decision.who, decision.why, decision.before) == ("Ana", "no crack **at all**", "defective")
    fill(leaky, "State", "label corrected")
    assert shown(leaky) == names([wrong["path"]])
    press(leaky, "Undo")
    assert not leaky.exception
    assert photos(leaky_folder).usable.set_index("path")["label"][wrong["path"]] == Label.DEFECTIVE
    assert "Decided" not in said(leaky)
    assert shown(leaky) == []


def test_photos_that_were_left_out_are_found_and_taken_back(leaky: AppTest, leaky_folder: Path) -> None:
    go(leaky, "Photos")
    total = len(shown(leaky))
    some = shown(leaky)[:2]
    for name in some:
        tick(leaky, name)
    decide(leaky, "Leave out", why="blurred")
    assert len(shown(leaky)) == total - 2
    assert len(photos(leaky_folder).usable) == total - 2
    fill(leaky, "State", "left out")
    assert shown(leaky) == some
    press(leaky, "Choose all 2")
    decide(leaky, "Take back in")
    assert len(photos(leaky_folder).usable) == total


def test_a_tag_is_given_shown_as_it_is_written_and_filtered_by(leaky: AppTest) -> None:
    hostile = "![x](http://example.org/a.png) **b**"
    go(leaky, "Photos")
    first = shown(leaky)[0]
    tick(leaky, first)
    fill(leaky, "What is it?", "Add a tag")
    press(fill(leaky, "Your name", "Ana"), "Decide")
    assert "A tag has 1 to 60 letters" in said(leaky)
    fill(leaky, "Tag", hostile)
    press(leaky, "Decide")
    assert not leaky.exception
    box = next(one for one in leaky.selectbox if one.label == "Tag")
    assert box.options == ["every", hostile], "an option is no Markdown: backslashes would be seen"
    fill(leaky, "Tag", hostile)
    assert shown(leaky) == [first]
    press(leaky, "Full size")
    assert not leaky.exception
    assert "![x](http" not in said(leaky)
    assert f"Tags: {hostile}" in unescaped(leaky).replace(":small[]", "")


def test_a_photo_without_a_label_is_shown_and_gets_one_by_hand(
    open_page: Open, leaky_folder: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(leaky_folder, tmp_path / "photos")
    (folder / "train" / "mystery").mkdir()
    first = min((folder / "train" / "def_front").iterdir())
    first.rename(folder / "train" / "mystery" / first.name)
    app = go(opened_with(open_page, PAGE, "No label", folder), "Photos")
    fill(app, "State", "other problem")
    assert shown(app) == [first.name]
    assert "no label" in app.checkbox[0].label
    press(app, "Full size")
    assert not app.exception
    assert "is mapped to neither ok nor defective" in unescaped(app)
    tick(app, first.name)
    decide(app, "Label: defective", why="a blowhole")
    assert not app.exception
    label = photos(folder).usable.set_index("path")["label"][f"train/mystery/{first.name}"]
    assert label == Label.DEFECTIVE


def test_another_dataset_knows_nothing_of_what_was_chosen_and_decided_in_this_one(
    leaky: AppTest, leaky_folder: Path
) -> None:
    go(leaky, "Photos")
    for name in shown(leaky)[:2]:
        tick(leaky, name)
    decide(leaky, "Leave out")
    tick(leaky, shown(leaky)[0])
    assert "Decided" in said(leaky)
    fill(leaky, "Dataset", SAMPLE)
    assert "Decided" not in said(leaky), "an undo here would be one of photos elsewhere"
    assert "**0 photos chosen**" in said(leaky)
    fill(leaky, "Dataset", "Leaky")
    press(leaky, "Undo")
    assert photos(leaky_folder).problems.empty


@pytest.mark.usefixtures("known")
def test_the_card_of_a_photo_tells_its_relatives_and_everything_that_was_decided(
    open_page: Open, leaky_folder: Path
) -> None:
    dataset = photos(leaky_folder)
    row = dataset.usable.iloc[0]
    castings = casting_of(dataset)
    correct.decide(dataset, Kind.LABEL, [row["photo"]], value="ok", why="![x](http://a)", who="**Ana**")
    app = go(opened_with(open_page, PAGE, "Leaky", leaky_folder), "Photos")
    press(app, "Full size")
    assert not app.exception
    text = unescaped(app).replace(":small[]", "")
    others = int((castings == castings[row["photo"]]).sum()) - 1
    assert others == 2
    assert f"**Casting {castings[row['photo']]}**: {others} other photos" in text
    assert row["photo"] in text
    assert "****Ana**** · label ok (before: defective): ![x](http://a)" in text
    assert "![x](http" not in said(app)


def test_a_card_says_where_relatives_are_found_as_long_as_nobody_knows_them(leaky: AppTest) -> None:
    press(go(leaky, "Photos"), "Full size")
    assert not leaky.exception
    assert "is not known yet: open Castings and find out" in said(leaky)
