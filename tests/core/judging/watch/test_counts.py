"""What became of parts, shift by shift."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise

import numpy as np
import pytest

from casting_core.judging.watch.counts import Counts, of_shifts, parts, total
from casting_core.judging.watch.seen import DIRECTIONS, Outcome, Seen, joined, projected
from casting_core.judging.watch.shifts import Shift, shifts

PLANT = timezone(timedelta(hours=1))
MORNING = datetime(2026, 11, 24, 8, tzinfo=PLANT).timestamp()  # a Tuesday
HOUR = 3600.0


def seen(*photos: tuple[float, str, Outcome], gated: bool = False) -> Seen:
    """Photos by hours since the morning, part and outcome."""
    n = len(photos)
    nothing = np.full(n, np.nan)
    return Seen(
        at=np.array([MORNING + HOUR * hours for hours, _, _ in photos]),
        row=np.arange(1, n + 1),
        part=np.array([part for _, part, _ in photos], dtype=object),
        photo=np.array([f"photo {at}" for at in range(n)], dtype=object),
        file=np.array([""] * n, dtype=object),
        model=np.array(["v1"] * n, dtype=object),
        outcome=np.array([outcome for _, _, outcome in photos], dtype=np.int8),
        gated=np.full(n, gated),
        score=nothing,
        light=nothing,
        sharpness=nothing,
        looks=np.full((n, DIRECTIONS), np.nan),
    )


@pytest.fixture
def day() -> tuple[Shift, ...]:
    return shifts(MORNING, MORNING + 23 * HOUR, (time(6), time(14), time(22)), PLANT)


def test_a_part_counts_once_and_its_rejected_photo_speaks_for_it(day: tuple[Shift, ...]) -> None:
    photos = seen((0, "a", Outcome.PASS), (1, "a", Outcome.REJECT), (2, "a", Outcome.PASS), (3, "b", Outcome.PASS))
    found = parts(photos, day)
    assert found.which.tolist() == [1, 3]
    assert of_shifts(photos, found, day)[0] == Counts(passed=1, rejected=1)


def test_a_part_without_a_verdict_is_none_and_its_photo_was_refused(day: tuple[Shift, ...]) -> None:
    photos = joined([seen((0, "a", Outcome.PASS)), seen((1, "b", Outcome.RETAKE), gated=True)])
    counts = of_shifts(photos, parts(photos, day), day)
    assert total(counts) == Counts(passed=1, gated=1)
    assert total(counts).judged == 1


def test_the_same_part_in_another_shift_is_judged_anew(day: tuple[Shift, ...]) -> None:
    photos = seen((0, "a", Outcome.REJECT), (7, "a", Outcome.PASS), (7, "b", Outcome.INSPECT))
    counts = of_shifts(photos, parts(photos, day), day)
    assert counts[0] == Counts(rejected=1)
    assert counts[1] == Counts(passed=1, inspect=1)


def test_no_verdict_at_all_is_no_part(day: tuple[Shift, ...]) -> None:
    photos = seen()
    assert total(of_shifts(photos, parts(photos, day), day)) == Counts()


def test_a_night_belongs_to_the_day_it_began_on(day: tuple[Shift, ...]) -> None:
    assert [one.name(PLANT) for one in day] == [
        "2026-11-24, 06:00 to 14:00",
        "2026-11-24, 14:00 to 22:00",
        "2026-11-24, 22:00 to 06:00",
        "2026-11-25, 06:00 to 14:00",
    ]
    assert [one.day for one in day] == [date(2026, 11, 24)] * 3 + [date(2026, 11, 25)]


def test_shifts_follow_each_other_without_a_gap() -> None:
    known = shifts(MORNING, MORNING + 40 * 24 * HOUR, [time(5)], UTC)
    assert all(one.end == after.start for one, after in pairwise(known))
    assert known[0].start <= MORNING < known[0].end


def test_an_embedding_is_told_in_the_same_numbers_whoever_asks() -> None:
    embedding = np.random.default_rng(0).normal(size=(5, 64))
    told = projected(embedding)
    assert told.shape == (5, DIRECTIONS)
    assert np.allclose(projected(embedding[2:3]), told[2:3])
    assert np.allclose(projected(2 * embedding), 2 * told)
    assert projected(embedding[:, :2]).shape == (5, DIRECTIONS)
