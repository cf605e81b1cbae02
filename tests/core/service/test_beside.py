"""The version in shadow is asked after the answer, never in its way."""

import threading
from collections.abc import Callable

import pytest

from casting_core.errors import JobError
from casting_core.records.chain import Kind
from casting_core.service import beside
from casting_core.service.beside import Beside
from casting_core.workflows.judging.recorded import Said
from casting_core.workflows.judging.shadow.version import InShadow
from casting_core.workflows.stations.asked import Answered, Asked
from casting_core.workflows.stations.judge import Judged
from casting_core.workflows.stores import ledger
from tests.patience import until


def answer(number: int) -> Answered:
    asked = Asked(station="S1", request=f"r{number}", part="P1", job="", photo=f"{number:064d}", started=1)
    said = Said(photo=asked.photo, model="starter", threshold=0.5, score=0.1, verdict="pass")
    return Answered(asked=asked, said=said, ended=2)


def begun(monkeypatch: pytest.MonkeyPatch, ask: Callable[..., Judged], **more: object) -> Beside:
    """With ``v1`` in shadow, whose process is this function."""
    found = InShadow(version="v1", graph="", row=1, at=0.0, who="Ana", why="")
    monkeypatch.setattr(beside, "in_shadow", lambda: found)
    monkeypatch.setattr(beside, "Standing", lambda *_: type("Process", (), {"end": lambda _self: None})())
    monkeypatch.setattr("casting_core.service.beside.judge.ask", ask)
    made = Beside(**more)  # type: ignore[arg-type]
    until(lambda: made._version)
    return made


def said(_process: object, photo: bytes) -> Judged:
    if photo == b"bad":
        raise JobError("the process broke off")
    return Judged(said=Said(photo="", model="v1", score=0.9, verdict="reject"), model="v1", problem="")


def rows() -> int:
    return len(ledger().rows(kinds=[Kind.SHADOW_VERDICT]))


def test_what_cannot_be_judged_beside_is_left_out_and_the_next_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    made = begun(monkeypatch, said)
    made.offer(b"bad", answer(1))
    made.offer(b"good", answer(2))
    until(lambda: made.judged)
    made.close()
    (row,) = ledger().rows(kinds=[Kind.SHADOW_VERDICT])
    assert (row.about, row.values["beside"]["verdict"], row.values["verdict"]) == (f"{2:064d}", "pass", "reject")


def test_a_photo_waits_while_stations_do_and_too_many_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "IDLE", 900.0)
    idle = threading.Event()
    made = begun(monkeypatch, said, busy=lambda: not idle.is_set())
    for number in range(beside.MOST + 5):
        made.offer(b"good", answer(number))
    assert made.dropped >= 4  # one may have been taken up already
    assert rows() == 0
    idle.set()
    until(lambda: made.judged + made.dropped == beside.MOST + 5)
    made.close()
    assert rows() == made.judged
