"""The pulse of a job: what happens is written within a beat, wishes are heard, and a full disk loses nothing."""

from collections.abc import Sequence

import pytest

from casting_core.errors import CastingError, StoppedError
from casting_core.jobs.progress import Doing
from casting_core.jobs.pulse import Pulse, beating, counted
from casting_core.records.jobs import EventRow, JobLog, Row, Wish
from tests.core.jobs.counting import asked


@pytest.fixture
def job(log: JobLog) -> int:
    assert log.jobs() == []
    return asked()


def pulse_of(log: JobLog, job: int) -> Pulse:
    return Pulse(log, job, encode=lambda text: ("note", {"text": text}))


def texts(log: JobLog, job: int) -> list[str]:
    return [body["text"] for _, _, body in log.events(job)]


def full(*_: object, **__: object) -> None:
    raise CastingError("the database cannot be written: disk is full")


def test_events_are_written_in_order_with_the_next_beat(log: JobLog, job: int) -> None:
    pulse = pulse_of(log, job)
    pulse.report("one")
    pulse.report("two")
    assert texts(log, job) == []
    pulse.beat()
    pulse.beat()
    assert texts(log, job) == ["one", "two"]


def test_progress_is_written_with_the_next_beat_and_is_no_event(log: JobLog, job: int) -> None:
    pulse = pulse_of(log, job)
    for share in (0.1, 0.4):
        pulse.report(Doing(what=f"Reading {share}", share=share))
    pulse.beat()
    assert (log.find(job).doing, log.find(job).share) == ("Reading 0.4", 0.4)
    assert texts(log, job) == []


@pytest.mark.parametrize(("told", "shown"), [(-0.5, 0.0), (1.5, 1.0)])
def test_a_share_is_never_shown_beyond_its_ends(log: JobLog, job: int, told: float, shown: float) -> None:
    pulse = pulse_of(log, job)
    pulse.report(Doing(what="Reading", share=told))
    pulse.beat()
    assert log.find(job).share == shown


def test_a_kind_without_events_tells_only_how_far_it_is(log: JobLog, job: int) -> None:
    pulse = Pulse(log, job)
    pulse.report("nobody keeps this")
    pulse.beat()
    assert texts(log, job) == []


def test_a_wish_is_heard_with_the_next_beat(log: JobLog, job: int) -> None:
    pulse = pulse_of(log, job)
    pulse.beat()
    assert not pulse.should_stop()
    log.wish(job, Wish.KEEP)
    pulse.beat()
    assert pulse.should_stop()
    assert pulse.wish is Wish.KEEP


def test_what_cannot_be_written_now_is_written_later(log: JobLog, job: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pulse = pulse_of(log, job)
    pulse.report("one")
    pulse.report(Doing(what="Reading", share=0.5))
    with monkeypatch.context() as patch:
        patch.setattr(log, "beat", full)
        pulse.beat()
    pulse.report("two")
    pulse.beat()
    assert texts(log, job) == ["one", "two"]
    assert log.find(job).share == 0.5


def test_progress_that_was_told_after_a_beat_that_failed_counts_more_than_that_of_before(
    log: JobLog, job: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulse = pulse_of(log, job)
    pulse.report(Doing(what="Reading", share=0.2))

    def late(*_: object, **__: object) -> None:
        pulse.report(Doing(what="Reading", share=0.7))
        full()

    with monkeypatch.context() as patch:
        patch.setattr(log, "beat", late)
        pulse.beat()
    pulse.beat()
    assert log.find(job).share == 0.7


def test_the_last_words_are_written_when_a_job_breaks_off(log: JobLog, job: int) -> None:
    with pytest.raises(ValueError, match="broken"), beating(pulse_of(log, job)) as pulse:
        pulse.report("last words")
        assert not pulse.should_stop()
        raise ValueError("broken")
    assert texts(log, job) == ["last words"]


@pytest.mark.parametrize(("last", "left"), [(0, []), (1, ["one"]), (3, ["one", "two", "three"])])
def test_what_an_earlier_attempt_told_is_taken_back_as_far_as_its_kind_says(
    log: JobLog, job: int, last: int, left: list[str]
) -> None:
    for text in ("one", "two", "three"):
        log.beat(job, [("note", {"text": text})])

    def keep(rows: Sequence[EventRow]) -> tuple[int, Sequence[Row]]:
        return ([0] + [number for number, _, _ in rows])[last], [("note", {"text": "told again"})]

    pulse = pulse_of(log, job)
    pulse.report("never written")
    pulse.rewind(keep)
    pulse.beat()
    assert texts(log, job) == [*left, "told again"]
    assert log.find(job).rewound == 1


def test_a_job_that_told_nothing_yet_takes_nothing_back(log: JobLog, job: int) -> None:
    pulse_of(log, job).rewind(lambda _rows: (0, []))
    assert log.find(job).rewound == 0


def test_steps_are_told_as_a_part_of_the_whole_job_until_nobody_wants_it() -> None:
    heard: list[object] = []
    wanted = [True, True, False]
    step = counted(heard.append, lambda: not wanted.pop(0), "Reading", start=0.5, end=0.75)
    step(0, 2)
    step(1, 2)
    assert heard == [Doing(what="Reading", share=share, even=False) for share in (0.5, 0.625)]
    with pytest.raises(StoppedError, match="everything is as it was before"):
        step(2, 2)
    assert len(heard) == 2


def test_of_nothing_to_do_all_is_done() -> None:
    heard: list[object] = []
    counted(heard.append, lambda: False, "Reading")(0, 0)
    assert heard == [Doing(what="Reading", share=0.0)]
