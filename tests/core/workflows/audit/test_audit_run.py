"""An audit as a process: it starts once, says how far it is, hears when nobody wants it, and is missed when it dies."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from filelock import FileLock

from casting_core.errors import DatasetError
from casting_core.jobs import background
from casting_core.records.datasets import NamedDataset
from casting_core.settings import settings
from casting_core.workflows.audit import audit_run
from casting_core.workflows.audit.audit import kept
from casting_core.workflows.audit.audit_run import AuditRun, State, cancel_audit, find_audit, start_audit, work
from casting_core.workflows.datasets.opening import open_dataset

PATIENCE = 60.0  # seconds a process may take on a busy machine


def wait_for(said: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not said():
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.05)


def processes() -> list[psutil.Process]:
    """The audits this test started."""
    return [child for child in psutil.Process().children() if "audit" in _command(child)]


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:  # it ended while we looked
        return []


def state(dataset: NamedDataset) -> State | None:
    run = find_audit(dataset)
    return run.state if run else None


def noted(dataset: NamedDataset) -> Path:
    """An audit noted down for a process that nobody starts."""
    settings().audits_dir.mkdir(parents=True, exist_ok=True)
    audit_run._note(AuditRun(dataset=dataset, asked=time.time()))
    return audit_run._place(dataset)


def test_two_people_who_click_at_once_start_one_audit_and_it_comes_to_its_end(sample_dataset: NamedDataset) -> None:
    assert find_audit(sample_dataset) is None
    start_audit(sample_dataset)
    start_audit(sample_dataset)
    assert state(sample_dataset) is State.WORKING
    assert len(processes()) == 1
    shares = []
    while (run := find_audit(sample_dataset)) and run.state is State.WORKING:
        shares.append(run.share)
        time.sleep(0.05)
    assert state(sample_dataset) is State.FINISHED
    assert shares == sorted(shares)
    assert kept(open_dataset(sample_dataset.folder)) is not None


def test_an_audit_that_nobody_wants_any_more_ends_and_keeps_nothing(sample_dataset: NamedDataset) -> None:
    start_audit(sample_dataset)
    cancel_audit(sample_dataset)
    wait_for(lambda: state(sample_dataset) is not State.WORKING)
    assert state(sample_dataset) is State.STOPPED
    assert kept(open_dataset(sample_dataset.folder)) is None
    start_audit(sample_dataset)  # the wish of the last time is forgotten
    wait_for(lambda: state(sample_dataset) is not State.WORKING)
    assert state(sample_dataset) is State.FINISHED


def test_an_audit_whose_process_was_killed_is_called_lost(sample_dataset: NamedDataset) -> None:
    start_audit(sample_dataset)
    wait_for(lambda: bool((run := find_audit(sample_dataset)) and run.up))
    for process in processes():
        process.kill()
    wait_for(lambda: state(sample_dataset) is not State.WORKING)
    assert state(sample_dataset) is State.LOST


def test_a_process_that_never_comes_up_is_said_so(
    sample_dataset: NamedDataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(background, "ROOT", tmp_path)  # where there is no such program
    start_audit(sample_dataset)
    wait_for(lambda: state(sample_dataset) is State.FAILED)
    run = find_audit(sample_dataset)
    assert run is not None
    assert "ended before it began" in run.message


def test_a_python_that_is_not_there_is_said_so(sample_dataset: NamedDataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/no/such/python")
    start_audit(sample_dataset)
    run = find_audit(sample_dataset)
    assert run is not None
    assert run.state is State.FAILED
    assert "cannot be started: No such file" in run.message


def test_the_end_of_an_earlier_process_is_not_that_of_the_next(sample_dataset: NamedDataset) -> None:
    place = noted(sample_dataset)
    earlier = AuditRun(dataset=sample_dataset, asked=time.time() - 1)
    audit_run._gone(earlier, place)
    assert state(sample_dataset) is State.WORKING


def test_a_process_that_says_nothing_is_not_waited_for_for_ever(sample_dataset: NamedDataset) -> None:
    noted(sample_dataset)
    assert state(sample_dataset) is State.WORKING
    audit_run._note(AuditRun(dataset=sample_dataset, asked=time.time() - audit_run.START_LIMIT))
    assert state(sample_dataset) is State.LOST


def test_a_folder_that_has_gone_is_the_reason_why_it_failed(sample_dataset: NamedDataset, tmp_path: Path) -> None:
    gone = replace(sample_dataset, folder=str(tmp_path / "gone"))
    with pytest.raises(DatasetError, match="there is no folder"):
        work(noted(gone))
    run = find_audit(gone)
    assert run is not None
    assert (run.state, run.message[:18]) == (State.FAILED, "there is no folder")


def test_while_one_is_going_on_a_second_process_gives_way(
    sample_dataset: NamedDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = noted(sample_dataset)
    monkeypatch.setattr(audit_run, "SOON", 0.1)
    with FileLock(place.with_suffix(".lock")), pytest.raises(DatasetError, match="going on already"):
        work(place)
    assert state(sample_dataset) is State.WORKING  # the other one's; it has not been called off


def test_what_is_noted_down_by_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no audit is noted down"):
        work(tmp_path / "run.json")
