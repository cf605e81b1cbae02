"""A process that stands ready answers one question after the other, and is begun anew where it gives no answer."""

import os
import signal
from collections.abc import Iterator

import psutil
import pytest

from casting_core.errors import JobError
from casting_core.jobs.standing import Standing
from tests.patience import PATIENCE, until

SOON = 0.5  # seconds after which a process that never answers is given up


@pytest.fixture(scope="module")
def process() -> Iterator[Standing]:
    standing = Standing("tests.core.jobs.echoing")
    yield standing
    standing.end()


def test_each_question_gets_its_answer(process: Standing) -> None:
    answers = [process.ask(one, seconds=PATIENCE) for one in (b"abc", b"", b"xyz" * 100_000)]
    assert answers == [b"cba", b"", b"zyx" * 100_000]


@pytest.mark.parametrize(("question", "why"), [(b"end", "broke off"), (b"x" * 2_000_000, "broke off")])
def test_a_process_that_breaks_off_is_begun_anew(process: Standing, question: bytes, why: str) -> None:
    before = process.begun
    with pytest.raises(JobError, match=why):
        process.ask(question, seconds=PATIENCE)
    assert process.begun == before + 1
    assert process.ask(b"abc", seconds=PATIENCE) == b"cba"


def test_a_process_that_never_answers_is_ended(process: Standing) -> None:
    process.ask(b"abc", seconds=PATIENCE)  # it is there
    with pytest.raises(JobError, match="took longer"):
        process.ask(b"hang", seconds=SOON)
    assert process.ask(b"abc", seconds=PATIENCE) == b"cba"


@pytest.mark.skipif(os.name != "posix", reason="processes are stopped by a signal")
def test_a_process_that_was_stopped_is_ended_though_its_pipe_is_full(process: Standing) -> None:
    process.ask(b"abc", seconds=PATIENCE)
    os.kill(process.pid, signal.SIGSTOP)
    with pytest.raises(JobError, match="took longer"):
        process.ask(b"x" * 1_000_000, seconds=SOON)
    assert process.ask(b"abc", seconds=PATIENCE) == b"cba"


def test_a_process_that_was_killed_while_nobody_asked_is_not_missed(process: Standing) -> None:
    process.ask(b"abc", seconds=PATIENCE)
    seen = psutil.Process(process.pid)
    seen.kill()
    until(lambda: seen.status() == psutil.STATUS_ZOMBIE)
    process.revive()
    assert process.ask(b"abc", seconds=PATIENCE) == b"cba"
