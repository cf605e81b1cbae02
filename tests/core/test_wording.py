"""Numbers in words are the same wherever they are read."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casting_core.domain import CastingOutcomes, ClassOutcome
from casting_core.wording import (
    count,
    duration,
    escapes,
    false_alarms,
    few,
    listed,
    moment,
    percent,
    plural,
    printable,
    proof,
    roughly,
    rule,
    share,
    verb,
)


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [
        (0, "photo", "0 photos"),
        (1, "photo", "1 photo"),
        (2875, "test photo", "2,875 test photos"),
        (2, "category", "2 categories"),
        (1, "category", "1 category"),
        (3, "day", "3 days"),
        (4, "class", "4 classes"),
    ],
)
def test_a_number_and_its_noun(number: int, noun: str, words: str) -> None:
    assert count(number, noun) == words


@pytest.mark.parametrize(
    ("one", "several"),
    [("box", "boxes"), ("batch", "batches"), ("epoch", "epochs"), ("key", "keys"), ("finding", "findings")],
)
def test_more_than_one_of_something(one: str, several: str) -> None:
    assert plural(one) == several


@pytest.mark.parametrize(("word", "one"), [("lie", "lies"), ("are", "is"), ("were", "was"), ("have", "has")])
def test_a_verb_agrees_with_its_number(word: str, one: str) -> None:
    assert (verb(0, word), verb(1, word), verb(2, word)) == (word, one, word)


@pytest.mark.parametrize(("part", "words"), [(0.9958, "99.6 %"), (0, "0.0 %"), (1, "100.0 %")])
def test_a_share_shows_a_single_photo(part: float, words: str) -> None:
    assert share(part) == words


@given(wrong=st.integers(1, 1000), photos=st.integers(1001, 10_000_000))
def test_a_share_is_never_100_or_0_percent_where_one_was_otherwise(wrong: int, photos: int) -> None:
    for words in (share, percent):
        assert float(words(1 - wrong / photos).split()[0]) < 100
        assert float(words(wrong / photos).split()[0]) > 0


@pytest.mark.parametrize(("part", "words"), [(7499 / 7500, "99.99 %"), (1 / 7500, "0.01 %"), (0.9996, "99.96 %")])
def test_a_share_next_to_all_or_none_takes_the_digits_it_needs(part: float, words: str) -> None:
    assert share(part) == words


def test_castings_in_words_say_what_they_prove_and_where_they_are_few() -> None:
    bad, good = ClassOutcome(n=29, wrong=2, upper=0.20156), ClassOutcome(n=3, wrong=0, upper=0.6316)
    both = CastingOutcomes(defective=bad, ok=good, both_ways=1)
    assert (escapes(both), false_alarms(both)) == ("2 of 29 defective castings escaped", "0 of 3 ok castings rejected")
    assert "at most 20.2 % of defective castings escape" in proof(both)
    assert "at most 63.2 % of ok castings are rejected" in proof(both)
    assert "Only 3 ok castings: fewer than 10" in proof(both)
    assert few(CastingOutcomes(defective=bad, ok=bad)) == ""
    assert "at least one of its photos" in rule(both)
    assert "1 casting of that kind is left out" in rule(both)


@pytest.mark.parametrize(("part", "words"), [(0.0352, "3.5 %"), (0.631, "63 %"), (1, "100 %"), (0.0099, "0.99 %")])
def test_a_percentage_has_two_digits_that_count(part: float, words: str) -> None:
    assert percent(part) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(45.2, "45 s"), (59.7, "1 min 0 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_a_length_of_time(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute"),
        (44, "less than a minute"),
        (45, "about 1 minute"),
        (200, "about 3 minutes"),
        (3600, "about 1 h"),
        (7800, "about 2 h 10 min"),
        (7150, "about 2 h"),
    ],
)
def test_an_estimated_length_of_time_is_no_finer_than_anybody_can_know_it(seconds: float, words: str) -> None:
    assert roughly(seconds) == words


def test_a_moment_is_told_in_the_zone_that_is_asked_for() -> None:
    assert moment(0, UTC) == "1970-01-01 00:00"


def test_a_list_counts_what_it_does_not_show() -> None:
    assert listed(["a", "b", "c"]) == "a, b, c"
    assert listed(["a", "b", "c"], most=3) == "a, b, c"
    assert listed(["a", "b", "c", "d"], most=2) == "a, b and 2 more"
    assert listed([], most=2) == ""


def test_text_from_outside_does_not_drive_the_terminal() -> None:
    assert printable("ok \x1b[31mred\nnext\u202e gepr\u00fcft") == "ok ?[31mred?next? gepr\u00fcft"
