"""Many photos on the Inspection page: judged together, a table with rejects first, bad files apart, one photo large."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.jobs import control
from casting_core.records.chain import Kind
from casting_core.records.jobs import State
from casting_core.workflows import stores
from casting_core.workflows.datasets.import_job import Form, Found
from casting_core.workflows.judging.batch import batch_job, kept
from casting_core.workflows.judging.batch.batch_job import Asked
from pages.parts.batch.batch_source import MANY
from tests.at_work import begin_and_die
from tests.core.data.importing import hostile
from tests.pages.conftest import Open
from tests.pages.test_pages import press, said

NAMES = ["=cmd().jpeg", "![x](http:__e.org).jpeg"]


@pytest.fixture
def photos(sample_folder: Path) -> dict[str, bytes]:
    """More photos than a page shows one below the other, and two files that are none."""
    found = sorted((sample_folder / "test").rglob("*.jpeg"))[: MANY + 2]
    return {f"{number}.jpeg": path.read_bytes() for number, path in enumerate(found)} | dict.fromkeys(NAMES, b"Dear")


def done(app: AppTest) -> AppTest:
    """The page once the batch that it has asked for is over."""
    for job in control.going_on():
        if job.kind == batch_job.KIND:
            control.wait(job.id)
    app.run()
    assert not app.exception
    return app


def choose(app: AppTest, source: str) -> AppTest:
    next(group for group in app.button_group if group.label == "Photo from").set_value(source)
    return app.run()


def shown(app: AppTest) -> list[str]:
    """The files in the table, from the top."""
    return list(next(one.value for one in app.dataframe if "score" in one.value and "photo" in one.value)["file"])


def test_many_dropped_photos_are_judged_together_and_none_of_them_is_judged_on_the_page(
    open_page: Open, photos: dict[str, bytes]
) -> None:
    app = open_page("pages/inspection.py")
    app.text_input(key="inspector").input("Ana").run()
    app.file_uploader[0].set_value([(name, content, "image/jpeg") for name, content in photos.items()]).run()
    assert "**10 photos** are judged together" in said(app)
    assert stores.ledger().rows() == [], "nothing is judged before a person says so"
    press(app, "Judge 10 photos")
    done(app)
    assert "10 photos:" in said(app)
    (row,) = stores.ledger().rows()
    assert (row.kind, row.actor, row.values["photos"]) == ("batch", "Ana", 10)
    judged = {one.path: one for one in kept.results_of(row.about)}
    rejects = [name for name in shown(app) if judged[name].verdict == "reject"]
    assert shown(app)[: len(rejects)] == rejects
    assert len(shown(app)) == 8
    bad = next(one.value for one in app.dataframe if "why" in one.value)
    assert list(bad["file"]) == ["'=cmd().jpeg", "![x](http:__e.org).jpeg"]  # no spreadsheet runs it
    assert app.query_params["batch"] == row.about
    assert "by Ana" in said(app)

    press(app, "Verify every result")
    assert "All 10 results are as row 1 of the ledger" in said(app)
    app.text_input(key="batch name").input("3.jp").run()
    assert shown(app) == ["3.jpeg"]
    press(app, "I have looked at this batch")
    assert "Looked at" in said(app)
    assert stores.ledger().rows(kinds=[Kind.KEEPING])[0].about == row.about
    press(app, next(one.label for one in app.button if one.label.startswith("Remove its photos")))
    assert not (kept.folder_of(row.about) / kept.PHOTOS).exists()
    press(app, "Back to single photos")
    assert app.file_uploader
    assert next(one.value for one in app.dataframe if "came to" in one.value)["by"].tolist() == ["Ana"]


def test_a_row_that_is_chosen_shows_its_photo_with_the_evidence(open_page: Open, sample_folder: Path) -> None:
    app = open_page("pages/inspection.py")
    choose(app, "Folder")
    app.text_input(key="folder to judge, typed").input(str(sample_folder / "test"))
    press(app, "Judge the folder")
    done(app)
    mark = str(app.query_params["batch"])
    first = next(one for one in kept.results_of(mark) if one.path == shown(app)[0])
    table = next(one for one in app.dataframe if "photo" in one.value)
    assert str(table.value["photo"].iloc[0]).startswith("data:image/jpeg;base64,")
    key = str(table.proto.id).split("-", 2)[-1]  # behind Streamlit's own mark
    assert key.startswith("batch rows ")
    app.session_state[key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    assert f"sha256 {first.sha256}" in said(app)
    assert f"Score **{first.score:.3f}**" in " ".join(bar.proto.text for bar in app.get("progress"))


def test_a_zip_file_that_means_harm_is_a_sentence_and_leaves_nothing(open_page: Open) -> None:
    app = open_page("pages/inspection.py")
    choose(app, "Zip file")
    harm = hostile.REFUSED["a path upwards"][0]()
    app.file_uploader[0].set_value(("x.zip", harm, "application/zip")).run()
    press(app, "Judge the zip file")
    assert not app.exception
    assert "wants to write outside its folder" in said(app)
    assert not kept.batches_dir().exists()


@pytest.mark.parametrize("typed", ["/nowhere/at all", "a\0b", "~nobody/x", "x" * 3000])
def test_a_folder_that_is_none_is_a_sentence(open_page: Open, typed: str) -> None:
    app = open_page("pages/inspection.py")
    choose(app, "Folder")
    app.text_input(key="folder to judge, typed").input(typed)
    press(app, "Judge the folder")
    assert not app.exception
    assert "There is no folder" in said(app)
    assert batch_job.earlier(newest=1) == []


def test_a_batch_that_broke_off_is_said_shows_what_there_is_and_can_be_resumed(
    open_page: Open, sample_folder: Path
) -> None:
    open_page("dashboard.py")
    asked = Asked(found=Found(form=Form.FOLDER, path=sample_folder / "test"), name="monday", model="starter")
    begin_and_die(control.queue().ask(asked.request(), starting=True)[0].id)
    app = open_page("pages/inspection.py")
    listed = next(one for one in app.dataframe if "came to" in one.value)
    assert (listed.value["state"].iloc[0], listed.value["what"].iloc[0]) == ("lost", "monday")
    (one,) = batch_job.earlier(newest=1)
    app.query_params["batch"] = one.mark
    app.run()
    assert "killed, or the machine was switched off" in said(app)
    press(app, "Resume")
    done(app)
    assert batch_job.earlier(newest=1)[0].state is State.FINISHED
    assert len(shown(app)) > 0


@pytest.mark.parametrize("mark", ["0" * 12, "../../etc/passwd", "<b>"])
def test_a_link_to_a_batch_that_is_not_here_is_a_sentence(open_page: Open, mark: str) -> None:
    app = open_page("pages/inspection.py")
    app.query_params["batch"] = mark
    app.run()
    assert not app.exception
    assert "There is no batch" in said(app)
    press(app, "Back to single photos")
    assert app.file_uploader
