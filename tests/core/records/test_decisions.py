"""Decisions about photos: rows are only added, and what was undone no longer counts."""

from itertools import count

import pytest
from sqlalchemy import Engine

from casting_core.records.decisions import DecisionLog, Kind, standing


@pytest.fixture
def log(engine: Engine) -> DecisionLog:
    return DecisionLog(engine, clock=count(100).__next__)


def test_a_corrected_label_keeps_who_when_why_and_the_old_one(log: DecisionLog) -> None:
    log.add("/photos", Kind.LABEL, [("a", "ok")], value="defective", why="a crack at the hub", who="Ana")
    (made,) = log.all("/photos")
    assert (made.photo, made.kind, made.value, made.before) == ("a", Kind.LABEL, "defective", "ok")
    assert (made.who, made.why, made.at) == ("Ana", "a crack at the hub", 100)


def test_what_was_undone_no_longer_counts_but_stays_in_the_history(log: DecisionLog) -> None:
    first = log.add("/photos", Kind.LEAVE_OUT, [("a", ""), ("b", "")], who="Ana")
    log.add("/photos", Kind.TAG, [("c", "")], value="rust", who="Bo")
    log.undo("/photos", first, who="Bo")
    assert [one.kind for one in standing(log.all("/photos"))] == [Kind.TAG]
    assert [one.kind for one in log.all("/photos")] == [Kind.LEAVE_OUT, Kind.LEAVE_OUT, Kind.TAG, Kind.UNDO]


def test_undoing_an_undo_brings_a_decision_back(log: DecisionLog) -> None:
    first = log.add("/photos", Kind.LEAVE_OUT, [("a", "")], who="Ana")
    log.undo("/photos", first, who="Bo")
    undo = log.all("/photos")[-1].batch
    log.undo("/photos", undo, who="Ana")
    assert [one.kind for one in standing(log.all("/photos"))] == [Kind.LEAVE_OUT]


def test_decisions_about_one_folder_are_none_about_another(log: DecisionLog) -> None:
    assert log.newest("/photos") == 0
    log.add("/photos", Kind.TAG, [("a", "")], value="rust", who="")
    assert log.newest("/photos") > 0
    assert log.newest("/others") == 0
    assert log.all("/others") == []
