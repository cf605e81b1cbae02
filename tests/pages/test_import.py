"""Adding photos on the Dataset page: by a zip file, dropped files and a folder; what is refused; taking them away."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from casting_core.domain import Label
from casting_core.jobs import control
from casting_core.records.jobs import dataset_in
from casting_core.settings import settings
from casting_core.workflows import stores
from casting_core.workflows.datasets.import_job import Form, Found, start_import
from casting_core.workflows.datasets.sample import SAMPLE
from pages.parts.importing.import_source import FOLDER, PHOTOS, SERVER
from tests.core.data.importing import hostile, layouts
from tests.core.data.importing.hostile import photo, zipped
from tests.pages.conftest import Open
from tests.pages.test_pages import drawn_folder, said, use

PHOTOS_OF_BOTH = {
    f"parts/{folder}/{n}.png": photo(seed + n) for seed, folder in ((0, "ok"), (50, "def")) for n in range(3)
}


@pytest.fixture
def page(open_page: Open) -> AppTest:
    return open_page("pages/dataset.py")


def drop(app: AppTest, content: bytes, name: str = "castings.zip") -> AppTest:
    """Drops a zip file on the page."""
    uploader(app, "Drop a zip file here").set_value((name, content, "application/zip"))
    return app.run()


def uploader(app: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(field for field in app.file_uploader if field.label == label)


def choose(app: AppTest, way: str) -> AppTest:
    next(group for group in app.button_group if group.label == "They come as").set_value(way)
    return app.run()


def button(app: AppTest, label: str) -> AppTest:
    """Presses a button and waits for the work that it may have started."""
    next(one for one in app.button if one.label == label).click()
    app.run()
    for job in control.going_on():
        control.wait(job.id)
    if any(one.label == "Cancel" for one in app.button):
        app.run()  # a browser looks again by itself
    assert not app.exception
    return app


def name_it(app: AppTest, name: str) -> AppTest:
    next(field for field in app.text_input if field.label == "Name").set_value(name)
    return app


def photos(app: AppTest) -> str:
    return {metric.label: str(metric.value) for metric in app.metric}["Photos"]


def in_use(app: AppTest) -> str:
    return str(next(box for box in app.selectbox if box.label == "Dataset").value)


def test_a_zip_is_looked_through_and_taken_in(page: AppTest) -> None:
    drop(page, zipped(PHOTOS_OF_BOTH | {"parts/notes.txt": b"x"}))
    assert not page.exception
    assert "**6 photos** in 2 classes · no splits" in said(page)
    assert "Not photos by their names, and left out" in said(page)
    assert not settings().datasets_dir.exists(), "nothing is taken in before a person says so"
    assert [radio.value for radio in page.radio if "3 unsplit" in radio.label] == [1, 0]
    name_it(page, "Impeller")
    button(page, "Import")
    assert (in_use(page), photos(page)) == ("Impeller", "6")
    assert "6 photos came into **Impeller**" in said(page)


def test_the_same_zip_again_changes_nothing_and_more_can_join(page: AppTest) -> None:
    drop(page, zipped(PHOTOS_OF_BOTH))
    button(name_it(page, "Impeller"), "Import")
    drop(page, zipped(PHOTOS_OF_BOTH | {"parts/ok/new.png": photo(99)}))
    next(box for box in page.selectbox if box.label == "Add them to").set_value("Impeller")
    page.run()
    button(page, "Import")
    assert photos(page) == "7"
    assert "1 photo came into **Impeller** · 6 were there already" in said(page)


def test_what_a_folder_means_can_be_changed_before_it_is_taken_in(page: AppTest) -> None:
    drop(page, zipped({"ok/a.png": photo(1), "lunker/b.png": photo(2), "mask/c.png": photo(3)}))
    assert "Nothing is known about" in said(page)
    next(radio for radio in page.radio if "lunker" in radio.label).set_value("defective")
    button(name_it(page, "Pump"), "Import")
    assert photos(page) == "2"
    assert "1 were left out" in said(page)


def test_dropped_photos_in_no_folder_are_asked_for(page: AppTest) -> None:
    choose(page, PHOTOS)
    files = [(f"../{n}.png", photo(n), "image/png") for n in range(3)] + [("text.png", b"no photo", "image/png")]
    uploader(page, "Drop photos here").set_value(files)
    page.run()
    assert "4 photos lie in no class folder" in said(page)
    next(radio for radio in page.radio if "in no class folder" in radio.label).set_value("ok")
    button(name_it(page, "Loose"), "Import")
    assert photos(page) == "3"
    assert "1 file could not be read" in said(page)
    assert list(page.dataframe[0].value["file"]) == ["text.png"]


def test_a_dropped_folder_keeps_its_classes(page: AppTest) -> None:
    choose(page, FOLDER)
    uploader(page, "Drop a folder here").set_value(
        [(path, content, "image/png") for path, content in PHOTOS_OF_BOTH.items()]
    )
    page.run()
    button(name_it(page, "Dropped"), "Import")
    assert photos(page) == "6"


def test_a_folder_of_the_server_stays_where_it_is(page: AppTest, tmp_path: Path) -> None:
    folder = drawn_folder(tmp_path / "photos")
    before = sorted(tmp_path.rglob("*"))
    read_folder(page, str(folder))
    button(name_it(page, "Added"), "Import")
    assert (in_use(page), photos(page)) == ("Added", "12")
    assert stores.dataset_book().find("Added").folder == str(folder)
    assert sorted(tmp_path.rglob("*")) == before
    assert not settings().datasets_dir.exists()


def test_of_two_sets_side_by_side_one_is_chosen_on_the_page(page: AppTest) -> None:
    drop(page, zipped(layouts.casting_archive()))
    assert "**12 photos** in 2 classes · splits: train, test" in said(page)
    assert "2 sets lie side by side" in said(page)
    box = next(box for box in page.selectbox if box.label == "Which set")
    box.set_value("casting_512x512")
    page.run()
    assert "**8 photos** in 2 classes · no splits" in said(page)
    button(name_it(page, "Small"), "Import")
    assert (in_use(page), photos(page)) == ("Small", "8")


def test_kinds_of_defect_groups_and_masks_come_in_and_photos_are_found_by_them(page: AppTest) -> None:
    drop(
        page,
        zipped({f"line1/{path}": content for path, content in layouts.mvtec().items()} | layouts.mvtec("bolt", 100)),
    )
    assert "8 masks are not taken for photos" in said(page)
    button(name_it(page, "Parts"), "Import")
    assert "8 masks kept as the place of defects" in said(page)
    next(group for group in page.button_group if group.label == "Section").set_value("Photos")
    page.run()
    kind, group = (next(box for box in page.selectbox if box.label == label) for label in ("Kind of defect", "Group"))
    assert (kind.options, group.options) == (["every", "bent", "scratch"], ["every", "bolt", "line1", "metal_nut"])
    kind.set_value("scratch")
    page.run()
    assert not page.exception
    assert "4 photos" in said(page)


@pytest.mark.parametrize("folder", ["~nobody-of-this-name/x", "x" * 4000, "a\0b", "/nowhere/at all"])
def test_a_folder_that_cannot_be_is_a_sentence(page: AppTest, folder: str) -> None:
    read_folder(page, folder)
    assert not page.exception
    assert "here is no folder" in said(page) or "cannot be read" in said(page)


def read_folder(app: AppTest, folder: str) -> AppTest:
    """Fills in and sends the form that names a folder of the server."""
    choose(app, SERVER)
    next(field for field in app.text_input if field.label == "Folder").set_value(folder)
    next(one for one in app.button if one.label == "Read the folder").click()
    return app.run()


@pytest.mark.parametrize(
    "what", ["a path upwards", "100,000 files", "files that quote each other", "no archive at all"]
)
def test_an_archive_that_means_harm_is_a_sentence_on_the_page(page: AppTest, what: str) -> None:
    make, _ = hostile.REFUSED[what]
    drop(page, make())
    assert not page.exception
    assert len(page.error) == 1
    assert photos(page) == "60", "the dataset in use is as before"


@pytest.mark.parametrize("name", ["![x](http://example.org/a.png)", "<b>\u202eko", "x" * 70, ""])
def test_a_name_is_shown_and_not_obeyed_or_refused(page: AppTest, name: str) -> None:
    drop(page, zipped(PHOTOS_OF_BOTH), name=f"../{name}.zip")
    button(name_it(page, name), "Import")
    assert "![x](http" not in said(page)
    assert page.error or photos(page) == "6"


def test_a_name_that_is_taken_is_refused_before_anything_is_copied(page: AppTest) -> None:
    drop(page, zipped(PHOTOS_OF_BOTH))
    button(name_it(page, SAMPLE), "Import")
    assert "There is a dataset named" in page.error[0].value
    assert not settings().datasets_dir.exists()


def test_class_folders_whose_names_clash_are_said(open_page: Open, tmp_path: Path) -> None:
    folder = drawn_folder(tmp_path / "photos", names=("OK", "def"))
    (folder / "OK" / "0.png").rename(folder / "moved.png")
    (folder / "ok").mkdir(exist_ok=True)  # on a disk that minds no case it is the same folder
    (folder / "moved.png").rename(folder / "ok" / "0.png")
    if len(list(folder.iterdir())) < 3:
        pytest.skip("this disk does not tell OK from ok")
    open_page("dashboard.py")
    use("Clash", folder)
    app = open_page("pages/dataset.py")
    assert not app.exception
    assert "OK, ok differ only in case" in said(app)


def test_a_class_that_a_person_called_neither_is_not_asked_for_again(open_page: Open, tmp_path: Path) -> None:
    folder = drawn_folder(tmp_path / "photos")
    (folder / "mystery").mkdir()
    (folder / "mystery" / "a.png").write_bytes(photo(7))
    open_page("dashboard.py")
    use("Half", folder)
    app = open_page("pages/dataset.py")
    assert "could not be told apart by name" in said(app)
    button(app, "Keep")
    assert "could not be told apart by name" not in said(app)


def test_a_removed_dataset_can_be_put_back_until_the_next_start(page: AppTest) -> None:
    drop(page, zipped(PHOTOS_OF_BOTH))
    button(name_it(page, "Impeller"), "Import")
    folder = Path(stores.dataset_book().find("Impeller").folder)
    remove(page)
    assert in_use(page) == SAMPLE
    assert "**Impeller** was removed" in said(page)
    button(page, "Undo")
    assert (in_use(page), photos(page)) == ("Impeller", "6")
    remove(page)
    assert folder.exists()
    st.cache_resource.clear()  # the next start
    page.run()
    assert not folder.exists()
    assert "was removed" not in said(page)


def test_the_models_that_lose_their_data_are_named(page: AppTest) -> None:
    button(page, "Remove this dataset")
    assert "lose their data: starter" in said(page)
    button(page, "Keep it")
    assert not any(one.label == "Remove" for one in page.button)


def test_the_only_dataset_stays(page: AppTest) -> None:
    remove(page)
    assert "is the only dataset here" in page.error[0].value.replace("\\", "")
    assert in_use(page) == SAMPLE


def test_a_removed_sample_stays_away_until_it_is_wanted(page: AppTest, tmp_path: Path) -> None:
    read_folder(page, str(drawn_folder(tmp_path / "photos")))
    button(name_it(page, "Own"), "Import")
    next(box for box in page.selectbox if box.label == "Dataset").set_value(SAMPLE)
    page.run()
    remove(page)
    st.cache_resource.clear()
    page.run()
    assert [known.name for known in stores.dataset_book().all()] == ["Own"]
    assert not settings().sample_dir.exists()


def test_a_dataset_gets_another_name(page: AppTest) -> None:
    next(field for field in page.text_input if field.label == "New name").set_value("Trial castings")
    button(page, "Rename")
    assert (in_use(page), photos(page)) == ("Trial castings", "60")
    st.cache_resource.clear()
    page.run()
    assert [known.name for known in stores.dataset_book().all()] == ["Trial castings"]


def test_a_visitor_begins_with_what_the_model_in_production_learned_from(
    open_page: Open, version: str, tmp_path: Path
) -> None:
    open_page("dashboard.py")
    use("castings", drawn_folder(tmp_path / "learned"))  # the name in the version's card
    use("newest", drawn_folder(tmp_path / "newest"))
    assert in_use(open_page("pages/dataset.py")) == "newest"
    stores.registry().promote(version)
    assert in_use(open_page("pages/dataset.py")) == "castings"


def remove(app: AppTest) -> AppTest:
    """Presses the button that removes the dataset in use, and the one that means it."""
    button(app, "Remove this dataset")
    assert "Remove " in said(app)
    return button(app, "Remove")


def test_photos_that_came_in_while_nobody_looked_are_there_for_everybody(open_page: Open, tmp_path: Path) -> None:
    """As after an import that was resumed from the drawer, or whose tab was closed."""
    archive = tmp_path / "more.zip"
    archive.write_bytes(zipped(PHOTOS_OF_BOTH))
    choices = {"ok": Label.OK, "def": Label.DEFECTIVE}
    found = Found(form=Form.ZIP, path=archive)
    open_page("dashboard.py")
    assert control.wait(start_import(found, name="Impeller", choices=choices, new=True).id).result is not None
    app = open_page("pages/dataset.py")
    assert (in_use(app), photos(app)) == ("Impeller", "6")
    archive.write_bytes(zipped(PHOTOS_OF_BOTH | {"parts/ok/new.png": photo(99)}))
    job = start_import(found, name="Impeller", choices=choices, new=False)
    assert job.uses == [dataset_in(stores.dataset_book().find("Impeller").folder)], "it cannot be removed under it"
    assert control.wait(job.id).result is not None
    app.run()
    assert photos(app) == "7"
