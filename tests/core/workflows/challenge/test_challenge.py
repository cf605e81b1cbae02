"""A station that has not judged its challenge parts right lets nothing pass, until it has or a person clears it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from casting_core.domain import Label, OperatingPoint, Verdict
from casting_core.errors import CastingError, DatasetError
from casting_core.records.chain import Kind
from casting_core.records.ledger import Ledger
from casting_core.workflows import stores
from casting_core.workflows.challenge import margins, sets
from casting_core.workflows.challenge.proposing import Candidate, propose
from casting_core.workflows.challenge.shifts import latest_start, starts_in
from casting_core.workflows.challenge.standing import Challenges, clear, progress
from casting_core.workflows.challenge.values import Word
from casting_core.workflows.judging.recorded import Said
from casting_core.workflows.review import history
from casting_core.workflows.stations.asked import Answered, Asked
from casting_core.workflows.stations.book import Book
from casting_core.workflows.stations.challenged import challenged
from casting_core.workflows.stores import ledger
from tests.patience import PATIENCE

POINT = OperatingPoint(threshold=0.5)
HOUR = 3600.0
SIX = datetime(2026, 11, 30, 6, tzinfo=UTC).timestamp()
OK, FLAWED = "CHALLENGE-1", "CHALLENGE-2"


def candidate(photo: str, label: Label, score: float, *, role: str = "borderline") -> Candidate:
    return Candidate(photo=photo * 64, label=label, score=score, margin=0.1, role=role)


PARTS = (candidate("a", Label.OK, 0.1, role="clear"), candidate("b", Label.DEFECTIVE, 0.6))


class Line:
    """A station and its clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = SIX + HOUR
        engine = ledger()._engine
        for place in ("challenge.standing", "challenge.sets", "stations.book"):
            book = Ledger(engine, clock=lambda: self.now)
            monkeypatch.setattr(f"casting_core.workflows.{place}.ledger", lambda book=book: book)
        self.challenges, self.book, self.asked = Challenges(now=lambda: self.now), Book(days=30), 0

    def judges(self, part: str, score: float | None, *, photo: str = "", station: str = "S1") -> Answered:
        """The answer on record to a new photo with this score."""
        self.now, self.asked = self.now + 1, self.asked + 1
        asked = Asked(
            station=station,
            request=f"r{self.asked}",
            part=part,
            job="",
            photo=photo or f"{self.asked:064d}",
            started=round(1000 * self.now),
        )
        verdict = "" if score is None else POINT.verdict(score).value
        said = Said(photo=asked.photo, model="v1", threshold=0.5, score=score, verdict=verdict)
        looked = self.challenges.look(station, part, asked.photo)
        answer = challenged(Answered(asked=asked, said=said, ended=asked.started), looked)
        (kept,) = self.book.keep(lambda: [answer])
        return kept

    def word(self, station: str = "S1") -> Word | None:
        return self.challenges.standing(station).word


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(monkeypatch)


@pytest.fixture
def challenging(line: Line) -> Line:
    """With two challenge parts in force, since seven in the morning."""
    shifts = starts_in("06:00, 14:00 22:00")
    sets.choose(PARTS, shifts=shifts, dataset="castings", model="v1", actor="Ana", reason="new lamp")
    return line


def test_the_ledger_is_read_again_for_a_challenge_part_and_after_one(
    challenging: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casting_core.workflows.challenge.standing.FRESH", PATIENCE)
    known = challenging.challenges
    known.look_again()
    about = ("S1", "P1", "f" * 64)
    assert known.at_hand(*about) is None, "nothing was read yet"
    assert known.look(*about).standing.word is Word.DUE
    assert known.at_hand(*about) == known.look(*about)
    assert known.at_hand("S1", OK, "f" * 64) is None
    known.look_again()
    assert known.at_hand(*about) is None


def test_without_challenge_parts_nothing_changes(line: Line) -> None:
    answer = line.judges("CHALLENGE-7", 0.1)
    assert (answer.verdict, answer.challenge) == (Verdict.PASS, None)
    assert "challenge" not in ledger().rows()[0].values


def test_a_station_passes_nothing_before_all_parts_are_judged_right(challenging: Line) -> None:
    line = challenging
    answer = line.judges("P1", 0.1)
    assert (answer.verdict, answer.own) == (Verdict.INSPECT, "pass")
    assert "CHALLENGE-1, CHALLENGE-2 left" in answer.said.reason
    first = line.judges(OK, 0.2)
    assert (first.verdict, first.challenge is not None and first.challenge.word) == (Verdict.INSPECT, Word.RIGHT)
    assert line.judges("P2", 0.1).verdict is Verdict.INSPECT
    line.judges(FLAWED, 0.9)
    assert line.judges("P3", 0.1).verdict is Verdict.PASS
    assert line.judges("P3", 0.1, station="S2").verdict is Verdict.INSPECT, "each station has its own"
    kinds = [row.kind for row in reversed(ledger().rows())]
    assert kinds == ["challenge", "inspection", "challenge", "inspection", "challenge", "inspection", "inspection"]
    ledger().verify()


def test_an_answer_about_a_challenge_part_is_found_again_by_its_request(challenging: Line) -> None:
    kept = challenging.judges(OK, 0.2)
    assert Book(days=30).find(kept.asked.key) == kept


def test_the_parts_are_due_again_when_the_next_shift_begins(challenging: Line) -> None:
    line = challenging
    line.judges(OK, 0.2)
    line.judges(FLAWED, 0.9)
    line.now = latest_start(("06:00", "14:00", "22:00"), line.now + 10 * HOUR) - 1
    assert line.word() is None
    line.now += 2
    assert line.word() is Word.DUE


def test_another_version_in_production_makes_the_parts_due_and_the_same_one_again_does_not(challenging: Line) -> None:
    line = challenging
    line.judges(OK, 0.2)
    line.judges(FLAWED, 0.9)
    book = Ledger(ledger()._engine, clock=lambda: line.now + 1)
    book.add(Kind.PROMOTION, about="v1", body={"before": "v1"}, actor="Ana", reason="again")
    assert line.word() is None
    book.add(Kind.PROMOTION, about="v2", body={"before": "v1"}, actor="Ana", reason="better")
    line.now += 2
    assert line.word() is Word.DUE
    clear(line.challenges, "S1", actor="Ana", reason="the lamp was off")
    assert line.word() is None
    book.add(Kind.PROMOTION, about="v1", body={"before": "v2"}, actor="Ben", reason="back")
    assert line.judges("P1", 0.1).verdict is Verdict.INSPECT
    line.judges(OK, 0.2)
    line.judges(FLAWED, 0.9)
    assert line.word() is None


def test_a_miss_blocks_the_station_into_later_shifts_until_a_person_clears_it(challenging: Line) -> None:
    line = challenging
    line.judges(OK, 0.2)
    line.judges(FLAWED, 0.4)  # a defective part passed
    line.judges(FLAWED, 0.9)  # and judging it right again does not help
    line.now += 24 * HOUR
    assert line.word() is Word.MISSED
    answer = line.judges("P1", 0.1)
    assert (answer.verdict, answer.own) == (Verdict.INSPECT, "pass")
    assert "CHALLENGE-2 (defective)" in answer.said.reason
    told = line.challenges.standing("S1").to_fetch_back
    assert told.startswith("Parts that this station passed before row 3"), "it was never judged right before"
    with pytest.raises(CastingError, match="who clears the station"):
        clear(line.challenges, "S1", actor="Ana", reason=" ")
    clear(line.challenges, "S1", actor="Ana", reason="lamp changed")
    row = ledger().rows(kinds=[Kind.CHALLENGE])[0]
    assert (row.actor, row.reason, row.values["missed"]) == ("Ana", "lamp changed", ["CHALLENGE-2"])
    assert history.what(row) == "station S1 cleared, its challenge was missed"
    assert line.judges("P2", 0.1).verdict is Verdict.PASS
    with pytest.raises(CastingError, match="nothing to clear"):
        clear(line.challenges, "S1", actor="Ana", reason="again")


def test_a_miss_says_between_which_rows_parts_may_have_to_be_fetched_back(challenging: Line) -> None:
    line = challenging
    line.judges(FLAWED, 0.9)  # row 2
    line.judges(OK, 0.2)
    line.judges("P1", 0.1)
    line.judges(FLAWED, 0.2)  # row 5
    told = line.challenges.standing("S1").to_fetch_back
    assert "between row 2 of the ledger" in told
    assert "and row 5, " in told


def test_an_ok_part_that_is_rejected_is_a_miss_and_one_to_be_looked_at_is_none(challenging: Line) -> None:
    line = challenging
    part = line.challenges.look("S1", OK, "f" * 64).part
    assert part is not None
    assert part.word(0.6, "reject") is Word.WRONG
    assert part.word(0.6, "inspect") is Word.RIGHT
    assert part.word(None, "inspect") is Word.NOT_JUDGED


@pytest.mark.parametrize("photo", ["a" * 64, f"{1:064d}"])
def test_a_photo_that_was_used_before_does_not_count(challenging: Line, photo: str) -> None:
    line = challenging
    line.judges(OK, 0.2)
    answer = line.judges(OK, 0.2, photo=photo)
    assert answer.challenge is not None
    assert answer.challenge.word is Word.NOT_NEW
    assert line.judges("CHALLENGE-9", 0.1).verdict is Verdict.INSPECT, "no part of this number is in force"


def test_what_was_right_but_written_too_late_counts_as_not_judged_and_a_miss_stays(challenging: Line) -> None:
    right = challenging.judges(OK, 0.2).to_inspect("late")
    wrong = challenging.judges(FLAWED, 0.2).to_inspect("late")
    assert [one.challenge.word for one in (right, wrong) if one.challenge] == [Word.NOT_JUDGED, Word.WRONG]


@pytest.mark.parametrize(
    "body",
    [
        {"done": "chosen", "parts": "none", "shifts": ["06:00"]},
        {"done": "chosen", "parts": [{"label": []}], "shifts": []},
        {"challenge": {"word": []}},
        {"challenge": {"word": "wrong", "known": "b"}, "score": "low", "threshold": 7, "upper": []},
    ],
)
def test_a_row_that_somebody_has_altered_frees_no_station(challenging: Line, body: dict[str, object]) -> None:
    ledger().add(Kind.CHALLENGE, about="S1", body=body, actor="")
    assert challenging.word() is Word.DUE
    assert challenging.challenges.look("S1", "P1", "f" * 64).known is not None


def test_parts_that_are_given_up_block_nobody_and_new_ones_are_due_at_once(challenging: Line) -> None:
    line = challenging
    known = line.challenges.now()
    assert known is not None
    line.judges(OK, 0.9)
    sets.end(known.name, actor="Ana", reason="line stands still")
    assert line.word() is None
    line.now += 1
    sets.choose(PARTS, shifts=("06:00",), dataset="castings", model="v1", actor="Ana", reason="")
    assert line.word() is Word.DUE


def test_margins_shrink_where_the_lamp_ages(challenging: Line) -> None:
    line = challenging
    for day in range(20):
        line.judges(FLAWED, 0.9 - 0.015 * day)
        line.judges(OK, 0.2)
        line.now += 24 * HOUR
    known = line.challenges.now()
    assert known is not None
    table = margins.over_time(line.challenges.seen(), known, "S1")
    sound, flawed = margins.of_parts(table, known)
    assert sound.photos == 20
    assert [sound.first, sound.lately] == pytest.approx([0.3, 0.3])
    assert flawed.first == pytest.approx(0.37)
    assert flawed.lately == pytest.approx(0.145)
    assert progress(known, line.challenges.standing("S1")) == "0 of 2", "another shift has begun"


def test_of_both_labels_the_clear_and_the_borderline_castings_are_proposed() -> None:
    scores = {Label.OK: [0.01, 0.02, 0.3, 0.45, 0.7], Label.DEFECTIVE: [0.99, 0.98, 0.7, 0.55, 0.2]}
    rows = [
        {"photo": f"{label.word}{at}", "label": int(label), "score": score, "found": True, "casting": 10 * label + at}
        for label, of_label in scores.items()
        for at, score in enumerate(of_label)
    ]
    rows.append(rows[0] | {"photo": "copy", "score": 0.6})  # the first casting is judged wrongly on another photo
    found = propose(pd.DataFrame(rows), POINT, each=1)
    assert [(one.photo, one.role) for one in found] == [
        ("ok1", "clear"),
        ("ok3", "borderline"),
        ("defective0", "clear"),
        ("defective3", "borderline"),
    ]
    with pytest.raises(DatasetError, match="no defective casting is judged right"):
        propose(pd.DataFrame(rows).assign(score=0.1), POINT)


def choosing(**other: object) -> Callable[[], object]:
    usual = {"shifts": ("06:00",), "dataset": "d", "model": "v1", "actor": "Ana", "reason": ""}
    candidates = other.pop("candidates", PARTS)
    return lambda: sets.choose(candidates, **usual | other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        (choosing(actor=" "), "say who decides"),
        (choosing(candidates=PARTS[:1]), "of both labels"),
        (choosing(candidates=[replace(one, role="clear") for one in PARTS]), "borderline"),
        (choosing(candidates=[*PARTS, PARTS[0]]), "each of another casting"),
        (lambda: starts_in("6 o'clock"), "no time of day"),
        (lambda: starts_in(" "), "say when a shift begins"),
    ],
)
def test_what_cannot_be_a_challenge_is_refused_in_a_sentence(refused: Callable[[], object], why: str) -> None:
    with pytest.raises(CastingError, match=why):
        refused()
    assert stores.ledger().head().number == 0


def test_a_shift_that_began_yesterday_goes_on_after_midnight() -> None:
    night = datetime(2026, 11, 30, 2, tzinfo=UTC).timestamp()
    assert latest_start(("06:00", "22:00"), night, UTC) == night - 4 * HOUR
    assert latest_start(("06:00", "22:00"), SIX, UTC) == SIX
