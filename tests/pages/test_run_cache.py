"""The events of a run for pages: each row is decoded once, and what was taken back is gone."""

import pytest

from casting_core.jobs import control
from casting_core.jobs.feed import EventFeed
from casting_core.learning.recipes.events import Event, Note, decode, encode
from casting_core.records.jobs import Request, Row
from pages.parts.caches import run_cache
from pages.parts.caches.run_cache import Told


class AtOnce(EventFeed):
    """A feed that looks at every call."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(control.log(), clock=self._later)

    def _later(self) -> float:
        self.now += 1.0
        return self.now


@pytest.fixture
def told() -> Told:
    return Told(AtOnce())


def run_of(*texts: str) -> int:
    run = control.queue().ask(Request(kind="run", inputs={}))[0].id
    tell(run, *texts)
    return run


def tell(run: int, *texts: str) -> None:
    control.log().beat(run, [encode(Note(text=text)) for text in texts])


def test_an_event_is_made_once_and_not_at_every_look(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[Row] = []

    def counted(kind: str, values: dict[str, object]) -> Event | None:
        decoded.append((kind, values))
        return decode(kind, values)

    monkeypatch.setattr(run_cache, "decode", counted)
    run = run_of("one", "two")
    for _ in range(3):
        assert list(told.events(run)) == [Note(text="one"), Note(text="two")]
    tell(run, "three")
    assert list(told.events(run))[2:] == [Note(text="three")]
    assert len(decoded) == 3


def test_events_that_were_taken_back_are_gone_though_others_have_their_numbers(told: Told) -> None:
    run = run_of("one", "two")
    told.events(run)
    first = control.log().events(run)[0][0]
    control.log().take_back(run, after=first)
    tell(run, "another")
    assert list(told.events(run)) == [Note(text="one"), Note(text="another")]


def test_rows_of_another_program_are_left_out(told: Told) -> None:
    run = run_of("one")
    control.log().beat(run, [("weather", {"text": "fine"}), ("note", {"words": "old"})])
    tell(run, "two")
    assert list(told.events(run)) == [Note(text="one"), Note(text="two")]


def test_of_very_many_runs_only_the_latest_are_remembered(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_cache, "MOST", 2)
    runs = [run_of(str(number)) for number in range(4)]
    assert [list(told.events(run)) for run in [*runs, runs[0]]] == [
        [Note(text=str(number))] for number in (0, 1, 2, 3, 0)
    ]
