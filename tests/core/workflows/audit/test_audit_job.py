"""An audit as a job: it starts once, says how far it is, hears when nobody wants it, and is missed when it dies."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from casting_core.errors import DatasetError
from casting_core.jobs import control
from casting_core.jobs.work import do
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job, Request, State
from casting_core.workflows.audit.audit import kept
from casting_core.workflows.audit.audit_job import KIND, find_audit, start_audit, subject_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.kinds import KINDS

PATIENCE = 600.0  # seconds a process may take on a busy machine


def until(reached: Callable[[Job], object], dataset: NamedDataset) -> Job:
    """The audit as soon as it is so far; fails where it never comes to that."""
    give_up = time.monotonic() + PATIENCE
    while not ((found := find_audit(dataset)) and reached(found)):
        assert time.monotonic() < give_up, found
        time.sleep(0.05)
    return found


def over(job: Job) -> bool:
    return job.state.over


def test_two_people_who_click_at_once_start_one_audit_and_it_comes_to_its_end(sample_dataset: NamedDataset) -> None:
    assert find_audit(sample_dataset) is None
    first, second = start_audit(sample_dataset, actor="Anna"), start_audit(sample_dataset, actor="Ben")
    assert first.id == second.id
    assert len(control.known(kind=KIND)) == 1
    shares: list[float] = []

    def far(job: Job) -> bool:
        shares.append(job.share)
        return job.state.over

    until(far, sample_dataset)
    audited = find_audit(sample_dataset)
    assert audited is not None
    assert (audited.state, audited.actor) == (State.FINISHED, "Anna")
    assert shares == sorted(shares)
    made = kept(open_dataset(sample_dataset.folder))
    assert made is not None
    assert audited.result == {"headline": made.headline}


def test_an_audit_that_nobody_wants_any_more_ends_and_keeps_nothing(sample_dataset: NamedDataset) -> None:
    control.stop(start_audit(sample_dataset).id)
    assert until(over, sample_dataset).state is State.STOPPED
    assert kept(open_dataset(sample_dataset.folder)) is None
    start_audit(sample_dataset)  # the wish of the last time is forgotten
    assert until(over, sample_dataset).state is State.FINISHED


@pytest.mark.skipif(os.name != "posix", reason="only POSIX knows this way to die")
def test_an_audit_whose_process_was_killed_is_called_lost_and_begins_anew(sample_dataset: NamedDataset) -> None:
    number = start_audit(sample_dataset).id
    pid = until(lambda job: job.pid, sample_dataset).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert until(over, sample_dataset).state is State.LOST
    control.resume(number)
    assert until(over, sample_dataset).state is State.FINISHED


def test_a_folder_that_has_gone_is_the_reason_why_it_failed(sample_dataset: NamedDataset, tmp_path: Path) -> None:
    gone = replace(sample_dataset, folder=str(tmp_path / "gone"))
    number = start_audit(gone).id
    job = until(over, gone)
    assert (job.id, job.state, job.message[:18]) == (number, State.FAILED, "there is no folder")


def test_what_a_folder_means_is_part_of_what_is_audited(sample_dataset: NamedDataset) -> None:
    other = replace(sample_dataset, rule={"ok": ["def_front"], "defective": ["ok_front"]})
    assert subject_of(other) != subject_of(sample_dataset)
    assert subject_of(replace(sample_dataset, name="renamed")) == subject_of(sample_dataset)


def test_photos_that_nobody_can_use_are_the_reason_why_it_failed(sample_dataset: NamedDataset, tmp_path: Path) -> None:
    (tmp_path / "ok").mkdir()
    (tmp_path / "ok" / "text.jpg").write_text("no photo")
    request = Request(kind=KIND, inputs={"folder": str(tmp_path), "rule": sample_dataset.rule})
    number = control.queue().ask(request)[0].id
    with pytest.raises(DatasetError, match="there is nothing to audit"):
        do(number, KINDS)
    assert "there is nothing to audit" in control.find(number).message
