"""The shift's board from rows of the ledger: counts, changes of the photos, the outgoing audit, all of it in words."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from casting_core.__main__ import main
from casting_core.data.imaging.images import decode
from casting_core.data.imaging.measures import brightness
from casting_core.domain import Label, Verdict
from casting_core.errors import DatasetError, SettingsError
from casting_core.judging.watch.counts import Counts
from casting_core.records.card import ModelCard
from casting_core.records.chain import Kind
from casting_core.settings import settings
from casting_core.workflows.datasets.import_job import Form, Found
from casting_core.workflows.judging.batch import batch_job, kept
from casting_core.workflows.operating_points import registered
from casting_core.workflows.review import history, opinions
from casting_core.workflows.review.opinions import PartData
from casting_core.workflows.stores import ledger, registry
from casting_core.workflows.watching import outgoing, rows, told, usual
from casting_core.workflows.watching.board import Gathered, board, gathered, shifts_until
from casting_core.workflows.watching.changes import LOOK, Against, Sign, compared, course, key_of
from casting_core.workflows.watching.reference import Reference
from tests.judged import DAY, HOUR, Part, judge_parts, parts_of_a_day
from tests.judged import a_line as a_line_until

NOW = 1_796_000_000.0


@pytest.fixture
def card() -> ModelCard:
    """The version in production."""
    return registry().card("starter")


def a_line(days: int, number: int, *, dark: int = 0) -> list[Part]:
    return a_line_until(NOW, days, number, dark=dark)


def learned(number: int = 60) -> Reference:
    random = np.random.default_rng(1)
    return Reference(
        score=random.uniform(0, 0.3, number),
        light=random.normal(150, 5, number),
        sharpness=np.full(number, 0.3),
        looks=np.zeros((number, 4)),
        new=np.ones(number, dtype=bool),
    )


def now() -> Gathered:
    return gathered(now=NOW)


def alarmed(found: Gathered, card: ModelCard, known: Reference | None) -> Sequence[str]:
    some = compared(found, card.name, registered(card), known)
    return [told.change(one, found.shifts[-1].day) for one in told.alarms(some)]


def test_parts_are_counted_once_a_shift_and_photos_that_the_gate_refused_beside_them(card: ModelCard) -> None:
    retake = "Retake: the photo is blurred"
    judge_parts(
        [
            Part(at=NOW - 200, name="a", verdict="reject"),
            Part(at=NOW - 190, name="a"),
            Part(at=NOW - 180, name="b"),
            Part(at=NOW - 170, name="c", verdict="inspect"),
            Part(at=NOW - 160, name="d", verdict="", reason=retake, score=None),
            Part(at=NOW - 150, name="e", verdict="inspect", reason=retake, score=None),  # as a station is told
        ],
        card,
    )
    shown = board(now())
    assert shown.today == Counts(passed=1, rejected=1, inspect=2, gated=2)
    assert shown.week == shown.today
    assert shown.any


def test_without_verdicts_there_is_no_board() -> None:
    assert not board(now()).any


def test_overruled_verdicts_and_parts_that_nobody_spoke_about_are_counted(card: ModelCard) -> None:
    first, second, third = (Part(at=NOW - 900 + at, name=f"{at}", verdict="inspect") for at in range(3))
    passed = Part(at=NOW - 500, name="passed")
    judge_parts([first, second, third, passed], card)
    opinions.say(first.photo, Label.OK, verdict=Verdict.INSPECT, model=card.name, who="Ada", data=PartData())
    opinions.say(passed.photo, Label.DEFECTIVE, verdict=Verdict.PASS, model=card.name, who="Ada", data=PartData())
    shown = board(now())
    assert (shown.overruled, shown.said) == (1, 2)
    assert [one.name for one in shown.waiting] == [third.name, second.name]  # the newest first


def test_a_batch_counts_by_its_row_where_its_results_have_gone(card: ModelCard) -> None:
    body = {"model": card.name, "photos": 9, "counts": {"pass": 5, "reject": 3, "inspect": 0, "unread": 1}}
    ledger().add(Kind.BATCH, about="0123456789ab", body=body, actor="Ada")
    shown = board(gathered())
    assert shown.today == Counts(passed=5, rejected=3)


def test_rows_that_somebody_altered_beyond_reading_stop_nothing() -> None:
    row = {"model": 7, "verdict": ["pass"], "light": "dark", "looks": [1, "two"], "score": None, "part": {}}
    ledger().add(Kind.INSPECTION, about="f" * 64, body=row, actor="")
    found = gathered()
    assert board(found).today.judged == 0
    assert np.isnan(found.seen.light).all()


def test_spans_read_one_by_one_say_the_same_as_all_at_once(card: ModelCard) -> None:
    judge_parts(a_line(2, 20), card)
    last = ledger().head().number
    whole, halves = rows.read(0, last), rows.together([rows.read(0, 17), rows.read(17, last)])
    assert halves.seen.row.tolist() == whole.seen.row.tolist() == list(range(1, last + 1))
    assert halves.seen.light.tolist() == whole.seen.light.tolist()


def test_photos_that_grow_dark_are_told_in_plain_words_with_the_day(card: ModelCard) -> None:
    judge_parts(a_line(4, LOOK, dark=2), card)
    found = now()
    (sentence,) = alarmed(found, card, learned())
    since = date.fromordinal(found.shifts[-1].day.toordinal() - 2).strftime("%A")
    assert sentence == f"Photos are 19 % darker than those it learned from, since {since}."


def test_of_parts_without_numbers_it_is_said_that_an_alarm_may_be_chance(card: ModelCard) -> None:
    judge_parts([replace(one, numbered=False) for one in a_line(2, LOOK, dark=2)], card)
    (sentence,) = alarmed(now(), card, learned())
    assert sentence.startswith("Photos are 19 % darker than those it learned from, since ")
    assert sentence.endswith("Their parts have no numbers: where several photos show one part, it may be chance.")


def test_a_line_that_does_not_change_is_called_calm(card: ModelCard) -> None:
    judge_parts(a_line(4, LOOK), card)
    some = compared(now(), card.name, registered(card), learned())
    assert told.alarms(some) == []
    assert {one.sign for one in some} == set(Sign)
    assert told.calm(some) == "As in castings it learned from: light, sharpness, scores, looks."


def test_scores_are_not_held_against_those_of_castings_that_it_knows_by_heart(card: ModelCard) -> None:
    judge_parts(a_line(2, LOOK), card)
    known = learned()
    by_heart = Reference(**vars(known) | {"new": np.zeros(60, dtype=bool)})
    some = compared(now(), card.name, registered(card), by_heart)
    assert [one.sign for one in some] == [Sign.LIGHT, Sign.SHARPNESS]


def test_whole_days_are_compared_with_earlier_ones_without_anything_it_learned_from(card: ModelCard) -> None:
    judge_parts(a_line(18, 12, dark=3), card)
    some = compared(now(), card.name, registered(card), None)
    assert {one.against for one in some} == {Against.EARLIER}
    (light,) = told.alarms(some)
    assert light.sign is Sign.LIGHT
    assert not light.found.rises


def test_a_comparison_is_due_again_after_so_many_parts(card: ModelCard) -> None:
    judge_parts(a_line(1, LOOK), card)
    first = key_of(now(), card.name, None)
    start = now().shifts[-1].start
    judge_parts(list(parts_of_a_day(start, LOOK - 1)), card)
    assert key_of(now(), card.name, None) == first
    judge_parts([Part(at=start + 2 * HOUR, name="last")], card)
    assert key_of(now(), card.name, None) != first


def test_days_are_shown_with_what_it_learned_from(card: ModelCard) -> None:
    judge_parts(a_line(3, 15), card)
    days = course(now(), card.name, Sign.LIGHT, registered(card), learned())
    assert len(days.days) == 3
    assert days.usual is not None
    assert days.usual[1] == pytest.approx(150, abs=3)


def test_passed_parts_are_drawn_so_that_nobody_chose_them_and_anybody_can_draw_them_again(card: ModelCard) -> None:
    start = shifts_until(NOW)[-1].start
    judge_parts([Part(at=start - 5 * DAY, name="before")], card)
    judge_parts([*parts_of_a_day(start, 40), Part(at=start + HOUR, name="bad", verdict="reject")], card)
    drawn = outgoing.drawn(now(), card)
    assert len(drawn) == 5
    assert drawn == outgoing.drawn(now(), card)
    assert "bad" not in {one.part for one in drawn}
    assert [one.part for one in drawn] != [f"P{start:.0f}-{at}" for at in range(5)]


def test_an_answer_is_a_row_and_the_bound_counts_each_part_once(card: ModelCard) -> None:
    judge_parts(list(parts_of_a_day(shifts_until(NOW)[-1].start, 40)), card)
    first, second, third, *left = outgoing.drawn(now(), card)
    outgoing.say(first, Label.DEFECTIVE, card=card, who="Ada")
    outgoing.say(first, Label.OK, card=card, who="Ada", note="only a shadow")  # the latest counts
    outgoing.say(second, Label.DEFECTIVE, card=card, who="Ben")
    outgoing.say(third, None, card=card, who="Ben")
    proven = outgoing.escapes(card)
    assert (proven.looked, proven.escaped, proven.untold) == (2, 1, 1)
    assert 0.5 < proven.upper < 1
    assert outgoing.drawn(now(), card) == left
    row = ledger().rows(kinds=[Kind.OUTGOING])[0]
    assert history.what(row).startswith(f"passed photo {third.photo[:12]} is not told, part P")
    ledger().verify()


def test_nobody_answers_without_a_name(card: ModelCard) -> None:
    judge_parts(list(parts_of_a_day(shifts_until(NOW)[-1].start, 3)), card)
    with pytest.raises(DatasetError, match="say who looked"):
        outgoing.say(outgoing.drawn(now(), card)[0], Label.OK, card=card, who=" ")
    assert "nothing is proven" in told.escapes(outgoing.escapes(card))


def test_the_command_tells_it_to_people_and_to_machines(card: ModelCard) -> None:
    judge_parts([Part(at=NOW + at, name=f"{at}") for at in range(3)], card)
    people, machines = (CliRunner().invoke(main, ["board", *options]) for options in ([], ["--json"]))
    assert people.exit_code == machines.exit_code == 0
    assert "Model in use: starter" in people.output
    assert "Nothing could be compared yet" in people.output
    values = json.loads(machines.output)
    assert values["model"] == "starter"
    assert values["escapes"] == {"looked": 0, "escaped": 0, "untold": 0, "upper": 1.0}
    assert values["false_alarms"]["parts_of_a_look"] == LOOK


def test_photos_that_a_person_calls_usual_are_what_later_ones_are_compared_with(card: ModelCard) -> None:
    judge_parts(a_line(4, LOOK, dark=2), card)
    found = now()
    (alarm,) = told.alarms(compared(found, card.name, registered(card), learned()))
    assert alarm.since is not None
    with pytest.raises(DatasetError, match="say who"):
        usual.accept(found, card, since=alarm.since, who="Ada", why=" ")
    row = usual.accept(found, card, since=alarm.since, who="Ada", why="a new lamp")
    assert history.what(row).startswith("photos of starter are usual as in rows ")
    known = usual.usual(card)
    assert known is not None
    assert len(known.light) == 2 * LOOK
    some = compared(now(), card.name, registered(card), known)
    assert told.alarms(some) == []
    assert Against.USUAL in {one.against for one in some}
    start = now().shifts[-1].start
    judge_parts(list(parts_of_a_day(start, LOOK)), card)  # the old lamp again, and another day's parts to fill the look
    (sentence,) = alarmed(now(), card, known)
    assert sentence == "Photos are 25 % brighter than what was called usual, since today."


def test_few_parts_are_not_called_usual(card: ModelCard) -> None:
    judge_parts(a_line(2, 20), card)
    with pytest.raises(DatasetError, match="20 parts since"):
        usual.accept(now(), card, since=date.fromordinal(now().shifts[-1].day.toordinal() - 1), who="Ada", why="so")


def test_a_batch_of_a_shift_is_counted_with_the_light_of_its_photos(sample_folder: Path, tmp_path: Path) -> None:
    photos = sorted(sample_folder.rglob("*.jp*g"))[:3]
    for number, one in enumerate(photos):
        (tmp_path / f"{number}.jpg").write_bytes(one.read_bytes())
    (tmp_path / "none.jpg").write_bytes(b"no photo")
    found = Found(form=Form.FOLDER, path=tmp_path)
    mark = batch_job.mark_of(
        batch_job.judge_here(batch_job.Asked(found=found, name="shift", model="starter", actor="Ada"))
    )
    assert kept.verify(mark).photos == 4
    seen = gathered().seen
    assert board(gathered()).today.judged == 3
    lights = [brightness(decode(one.read_bytes()).grey) for one in photos]
    assert np.allclose(seen.light[:3], lights, atol=1)
    older = [replace(one, light=None) for one in kept.results_of(mark)]
    assert "light" not in older[0].values  # so that what an older program hashed still has the hash it had


def test_of_very_many_verdicts_the_board_begins_with_the_first_whole_shift_that_it_reads(
    card: ModelCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge_parts(a_line(3, 20), card)
    monkeypatch.setattr("casting_core.workflows.watching.board.MOST", 45)
    found = now()
    assert found.shifts[0].start > found.shifts[-1].start - 4 * DAY
    assert len(found.seen) == 40  # of the first of the three days only five could be read, so it is left out
    assert board(found).week.judged == 40


@pytest.mark.parametrize("told_hours", ["6,25", "", "six", "6.5"])
def test_hours_that_are_none_are_said_so(told_hours: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASTING_SHIFT_HOURS", told_hours)
    settings.cache_clear()
    with pytest.raises(SettingsError, match="whole hours from 0 to 23 with commas between them, as 6,14,22"):
        settings()


def test_shifts_begin_when_the_plant_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASTING_SHIFT_HOURS", "17, 5")
    settings.cache_clear()
    assert settings().shift_hours == (5, 17)
    assert {round((one.end - one.start) / HOUR) for one in shifts_until(NOW)} == {12}
