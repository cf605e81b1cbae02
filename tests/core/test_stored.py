"""What the program of before left on disk opens, and people go on with it: runs are jobs, and nothing is lost."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from casting_core.domain import Label, Split
from casting_core.jobs import control
from casting_core.jobs.queue import TAKEN_OUT
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.decisions import Kind
from casting_core.records.jobs import State, Wish
from casting_core.workflows.audit.audit import audit, kept
from casting_core.workflows.datasets import removing
from casting_core.workflows.datasets.castings import casting_known, casting_of
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.datasets.splits import choices, choose
from casting_core.workflows.judging.inspect import judge
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.review.correct import history, undo
from casting_core.workflows.search import search
from casting_core.workflows.search.studies import studies
from casting_core.workflows.search.trials import trials
from casting_core.workflows.stores import dataset_book, decision_log, registry
from casting_core.workflows.training import runs
from tests.core.jobs.counting import over, until

STORED = Path(__file__).parent / "stored" / "before_jobs"
FINISHED, FAILED, KILLED, IN_LINE = 1, 2, 3, 4  # its runs
TEXT = (".json", ".sql")


@pytest.fixture(autouse=True)
def installation_of_before(own_installation: Path) -> Path:
    """This test's own installation, as the old program left it."""
    shutil.copytree(STORED, own_installation, dirs_exist_ok=True)
    for path in own_installation.rglob("*"):
        if path.suffix in TEXT:
            path.write_text(path.read_text("utf-8").replace("{HERE}", own_installation.as_posix()), "utf-8")
    dump = own_installation / "data" / "casting.sql"
    with sqlite3.connect(own_installation / "data" / "casting.sqlite") as database:
        database.executescript(dump.read_text("utf-8"))
    database.close()
    dump.unlink()
    return own_installation


def test_its_dataset_is_read_with_the_decisions_about_it_and_they_can_be_undone() -> None:
    (named,) = dataset_book().all()
    dataset = open_dataset(named.folder, rule=rule_of(named.rule))
    assert (named.name, len(dataset.usable), dataset.problems.empty) == ("Old castings", 20, True)
    tagged = dataset.photos[dataset.photos["tags"].str.contains("scratch")]
    assert len(tagged) == 2
    (tag,) = history(dataset, tagged["photo"].iloc[0])
    assert (tag.kind, tag.value, tag.why, tag.who) == (Kind.TAG, "scratch", "seen", "Anna")
    undo(dataset, tag.batch, who="Clara")
    again = open_dataset(named.folder, rule=rule_of(named.rule))
    assert not again.photos["tags"].str.contains("scratch").any()
    assert [decision.who for decision in decision_log().all(named.folder)][-1] == "Clara"


def test_its_castings_and_split_are_known_without_working_them_out_and_it_can_be_audited() -> None:
    (named,) = dataset_book().all()
    dataset = open_dataset(named.folder, rule=rule_of(named.rule))
    assert casting_known(dataset)
    assert casting_of(dataset).nunique() == 10
    assert "by casting" in choices(dataset)
    split = choose(dataset, "by casting")
    castings = casting_of(dataset)
    sides = split.usable.groupby(split.usable["photo"].map(castings))["split"].nunique()
    assert (sides == 1).all()
    assert set(split.usable["split"]) == {Split.TRAIN.value, Split.TEST.value}
    assert kept(dataset) is None, "an audit asks in another way since, so the old one is made anew"
    made = audit(dataset)
    assert (made.photos, made.castings) == (20, 10)
    assert kept(dataset) == made


def test_its_version_is_whole_and_judges_a_photo() -> None:
    card = registry().card("v1")
    assert registry().damaged() == {}
    registry().archive("v1")
    assert Recipe.model_validate(card.recipe).epochs == 2
    dataset = open_dataset(dataset_book().all()[0].folder)
    model = load_model("v1")
    of = {label: dataset.usable[dataset.usable["label"] == label]["path"].iloc[0] for label in Label}
    found = {label: judge((dataset.root / path).read_bytes(), model) for label, path in of.items()}
    scores = {label: finding.score for label, finding in found.items()}
    assert all(score is not None and 0 <= score <= 1 for score in scores.values()), found
    registry().promote("v1")
    assert registry().production() == "v1"
    assert removing.models_of(dataset_book().all()[0]) == ["v1"]


def test_its_runs_are_jobs_with_their_numbers_their_ends_and_their_events() -> None:
    states = {run.id: run.state for run in runs.all_runs()}
    assert states == {
        FINISHED: State.FINISHED, FAILED: State.FAILED, KILLED: State.LOST, IN_LINE: State.WAITING,
    }  # fmt: skip
    assert runs.find_run(FINISHED).model == "v1"
    assert runs.find_run(FAILED).message == "the loss is no longer a number"
    assert runs.find_run(KILLED).resumable
    told = [kind for _, kind, _ in control.log().events(FINISHED)]
    assert (told[0], told.count("epoch")) == ("note", 2)
    assert runs.find_run(IN_LINE).in_line
    named = dataset_book().all()[0]
    assert runs.note_run(named, Recipe()).id == IN_LINE + 1, "numbers go on"


def test_a_run_that_waited_can_be_taken_out_of_the_line() -> None:
    runs.stop(IN_LINE, Wish.DISCARD)
    assert (runs.find_run(IN_LINE).state, runs.find_run(IN_LINE).message) == (State.STOPPED, TAKEN_OUT)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_run_that_waited_is_trained_and_so_is_one_that_was_killed_when_somebody_resumes_it() -> None:
    started = control.start_next()
    assert started is not None
    assert started.id == IN_LINE
    runs.resume(KILLED)
    for run in (IN_LINE, KILLED):
        ended = until(over, run)
        assert ended.state is State.FINISHED, f"{ended.message}\n{runs.log_file(run).read_text()[-2000:]}"
    assert {runs.find_run(run).model for run in (IN_LINE, KILLED)} == {"v2", "v3"}


def test_its_study_can_be_looked_at() -> None:
    (study,) = studies()
    assert study.plan.name == "Old search"
    assert [(trial.state, trial.value) for trial in trials(study)] == [("done", 0.8), ("done", 0.9)]
    assert search.standing(study).state is State.FINISHED


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.timeout(1800)
def test_its_study_is_gone_on_with() -> None:
    """As if it had been asked for one more trial, and stopped before that."""
    (study,) = studies()
    plan = study.folder / "plan.json"
    told = json.loads(plan.read_text("utf-8"))
    told["trials"], told["recipe"]["epochs"] = 3, 1
    plan.write_text(json.dumps(told), "utf-8")
    (study,) = studies()
    assert search.standing(study).state is State.STOPPED
    search.resume(study)
    (worker,) = search.standing(study).at_work
    assert until(over, worker.job.id).state is State.FINISHED
    assert [trial.state for trial in trials(study)[:2]] == ["done", "done"]
    assert len(trials(study)) == 3
    assert search.standing(study).state is State.FINISHED


def test_what_is_stored_names_no_place_of_the_machine_that_it_was_drawn_on() -> None:
    for path in STORED.rglob("*"):
        if path.suffix in TEXT:
            text = path.read_text("utf-8")
            assert not any(place in text for place in ("/tmp", "/root", "/home", "/work", "C:\\")), path
