"""Tables grow up step by step, from whatever version of the program made them; nothing in them is lost."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from casting_core.errors import CastingError
from casting_core.records.database.access import connect, writing
from casting_core.records.database.tables import metadata
from casting_core.records.jobs import JobLog, Request, add_job
from casting_core.records.migrations import HEAD
from casting_core.records.migrations.upgrade import STEPS, _walk, reached_by
from casting_core.settings import ROOT

Raw = Callable[[Callable[[Connection], object]], None]
ASKED = (
    "INSERT INTO runs (dataset, folder, rule, recipe, asked, state, wish, message) "
    "VALUES ('castings', '/photos', '{}', '{\"epochs\": 3}', 7, 'finished', '', '')"
)
TOLD = "INSERT INTO events (run, at, kind, body) VALUES (1, 8, 'note', '{\"text\": \"Reading photos\"}')"
CONNECT = "import sys; from casting_core.records.database.access import connect; connect(sys.argv[1])"


def steps() -> list[str]:
    """Every step, the first one first."""
    config = Config()
    config.set_main_option("script_location", STEPS)
    return [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def differences(engine: Engine) -> list[object]:
    """What the tables lack of what the program believes them to be."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


@pytest.fixture
def raw(url: str) -> Raw:
    """Does something to the database before the program sees it."""

    def do(what: Callable[[Connection], object]) -> None:
        engine = create_engine(url)
        with engine.begin() as connection:
            what(connection)
        engine.dispose()

    return do


def test_the_newest_step_is_the_one_the_program_knows() -> None:
    assert steps()[-1] == HEAD


def test_the_tables_are_what_the_program_believes_them_to_be(engine: Engine) -> None:
    assert differences(engine) == []


BEFORE_JOBS = [step for step in steps() if step < "0003"]


@pytest.mark.parametrize("step", BEFORE_JOBS)
def test_a_database_of_every_step_comes_to_the_same_tables_and_its_runs_are_jobs_with_their_numbers_and_events(
    url: str, raw: Raw, step: str
) -> None:
    raw(lambda connection: _walk(connection, None, to=step))
    for row in (ASKED, ASKED.replace("'castings'", "'others'"), TOLD, TOLD.replace("(1,", "(2,")):
        raw(lambda connection, row=row: connection.execute(text(row)))  # type: ignore[misc]
    engine = connect(url)
    assert differences(engine) == []
    log = JobLog(engine)
    assert [(job.id, job.kind, job.about, job.asked, job.queued) for job in log.jobs()] == [
        (2, "run", "others", 7, 7), (1, "run", "castings", 7, 7),
    ]  # fmt: skip
    job = log.find(1)
    assert job.inputs == {"dataset": "castings", "folder": "/photos", "rule": {}, "recipe": {"epochs": 3}}
    assert (job.state, job.uses, job.heavy, job.attempt) == ("finished", ["dataset:/photos"], True, 1)
    assert [log.events(run) for run in (1, 2)] == [[(run, "note", {"text": "Reading photos"})] for run in (1, 2)]
    engine.dispose()


@pytest.mark.parametrize("step", BEFORE_JOBS)
def test_new_jobs_and_events_are_numbered_behind_those_of_the_runs(url: str, raw: Raw, step: str) -> None:
    raw(lambda connection: _walk(connection, None, to=step))
    for row in (ASKED, ASKED, TOLD, TOLD, TOLD):
        raw(lambda connection, row=row: connection.execute(text(row)))  # type: ignore[misc]
    engine = connect(url)
    log = JobLog(engine)
    with writing(engine) as connection:
        assert add_job(connection, Request(kind="audit", inputs={}), machine="", now=9.0) == 3
    log.beat(3, [("note", {"text": "new"})])
    assert [number for number, _, _ in log.events(3)] == [4]
    engine.dispose()


RUN_0002 = """
    INSERT INTO runs (dataset, folder, rule, recipe, asked, started, heartbeat, ended, state, wish, message, model, pid,
                      machine, queued, rewound)
    VALUES ('castings', '/photos', '{}', '{}', 1, 2, 3, 4, 'stopped', 'stop, keep the best so far', 'why', 'v7', 5,
            'here', 1.5, 6)
"""


def test_what_a_run_came_to_and_everything_that_was_known_of_it_is_the_jobs(url: str, raw: Raw) -> None:
    raw(lambda connection: _walk(connection, None, to="0002"))
    raw(lambda connection: connection.execute(text(RUN_0002)))
    engine = connect(url)
    job = JobLog(engine).find(1)
    engine.dispose()
    assert (job.asked, job.queued, job.started, job.heartbeat, job.ended) == (1, 1.5, 2, 3, 4)
    assert (job.state, job.wish, job.message) == ("stopped", "stop, keep the best so far", "why")
    assert (job.result, job.pid, job.machine, job.rewound) == ({"model": "v7"}, 5, "here", 6)


WAITING, WORKING, ABOUT_TO_START = (
    RUN_0002.replace("3, 4, 'stopped'", f"{heartbeat}, NULL, '{state}'").replace("'v7', 5", f"NULL, {pid}")
    for heartbeat, state, pid in (("NULL", "waiting", "NULL"), ("3", "working", "5"), ("3", "waiting", "NULL"))
)


@pytest.mark.parametrize(
    ("row", "state", "in_line"),
    [(WAITING, "waiting", True), (WORKING, "lost", False), (ABOUT_TO_START, "lost", False)],
    ids=["in line", "at work", "about to start"],
)
def test_a_run_in_line_keeps_its_place_and_one_whose_process_has_gone_is_lost(
    url: str, raw: Raw, row: str, state: str, in_line: bool
) -> None:
    raw(lambda connection: _walk(connection, None, to="0002"))
    raw(lambda connection: connection.execute(text(row)))
    engine = connect(url)
    job = JobLog(engine).find(1)
    engine.dispose()
    assert (job.state, job.in_line, job.result) == (state, in_line, None)


@pytest.mark.parametrize("missing", [[], ["revisions", "splits", "decisions", "removed_datasets"]])
def test_a_database_from_before_there_were_steps_is_taken_over(url: str, raw: Raw, missing: list[str]) -> None:
    """Versions before this one made the tables they lacked, and noted nothing down."""

    def as_it_was(connection: Connection) -> None:
        _walk(connection, None, to="0001")
        for table in [*missing, "alembic_version"]:
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text(ASKED))

    raw(as_it_was)
    engine = connect(url)
    assert differences(engine) == []
    assert [job.asked for job in JobLog(engine).jobs()] == [7]
    engine.dispose()


def test_a_database_of_a_newer_version_is_left_alone(url: str, raw: Raw) -> None:
    raw(lambda connection: _walk(connection, None))
    raw(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(CastingError, match=r"written by a newer version of this program \(it has seen step 9999"):
        connect(url)


def test_of_several_processes_that_start_at_once_one_makes_the_tables(url: str, tmp_path: Path) -> None:
    """Started from another folder, too: the steps are found beside the code."""
    command = [sys.executable, "-c", CONNECT, url]
    started = [
        subprocess.Popen(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE) for _ in range(4)
    ]
    assert [process.communicate()[1] for process in started] == [b""] * 4
    engine = connect(url)
    with engine.connect() as connection:
        assert reached_by(connection) == HEAD
    assert differences(engine) == []
    engine.dispose()


def test_a_step_that_fails_leaves_nothing_half_done(url: str, raw: Raw) -> None:
    raw(lambda connection: connection.execute(text("CREATE TABLE decisions (strange INTEGER)")))
    with pytest.raises(CastingError, match="cannot be opened"):
        connect(url)
    engine = create_engine(url)
    assert inspect(engine).get_table_names() == ["decisions"]
    engine.dispose()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("no address", "no address of a database; one looks like postgresql://"),
        ("mysql://ana:secret@there/runs", "begins with 'mysql'"),
        ("postgresql://ana:secret@/runs?host=/nowhere", "cannot be opened"),
    ],
)
def test_an_address_that_will_not_do_is_said_without_its_password(address: str, said: str) -> None:
    with pytest.raises(CastingError, match=said) as caught:
        connect(address)
    assert "secret" not in str(caught.value)


def test_threads_that_start_at_once_share_one_engine_and_one_upgrade(tmp_path: Path) -> None:
    url = f"sqlite:///{(tmp_path / 'new' / 'casting.sqlite').as_posix()}"
    with ThreadPoolExecutor(8) as pool:
        engines = list(pool.map(connect, [url] * 8))
    assert len({id(engine) for engine in engines}) == 1
    with engines[0].connect() as connection:
        assert reached_by(connection) == HEAD
    engines[0].dispose()
