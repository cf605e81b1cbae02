"""Kinds of defect: learned from those that people named, castings counting once, and never read from a damaged file."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray

from casting_core.errors import ModelError
from casting_core.judging.kinds import Kinds, learn

NAMES = ("blowhole", "crack", "fray")


def photos(number: int, *, seed: int = 0, apart: float = 3.0) -> tuple[NDArray[np.float64], list[str]]:
    """So many photos of each kind in turns, 40 numbers each, of which one tells the kind."""
    rng = np.random.default_rng(seed)
    seen, kinds = rng.normal(size=(number * len(NAMES), 40)), list(NAMES) * number
    for place, kind in enumerate(kinds):
        seen[place, NAMES.index(kind)] += apart
    return seen, kinds


def known(*, apart: float = 3.0) -> Kinds:
    seen, kinds = photos(30, apart=apart)
    found = learn(seen, kinds, np.arange(len(kinds)))
    assert found is not None
    return found


def test_the_kind_of_a_photo_never_seen_is_suggested() -> None:
    seen, kinds = photos(30, seed=1)
    suggested, sure = known().suggest(seen)
    right = np.array(suggested) == kinds
    assert right.mean() > 0.85
    assert sure[right].mean() > sure[~right].mean()
    assert known().probabilities(seen).sum(axis=1) == pytest.approx(1)


def test_a_probability_is_as_often_right_as_it_says() -> None:
    seen, kinds = photos(400, seed=2, apart=1.5)
    suggested, sure = known(apart=1.5).suggest(seen)
    assert sure.mean() == pytest.approx((np.array(suggested) == kinds).mean(), abs=0.08)


def test_two_kinds_are_told_apart_too() -> None:
    seen, kinds = photos(20)
    two = [place for place, kind in enumerate(kinds) if kind != "fray"]
    found = learn(seen[two], [kinds[place] for place in two], np.arange(len(two)))
    assert found is not None
    assert found.names == ("blowhole", "crack")
    assert (np.array(found.suggest(seen[two])[0]) == np.array(kinds)[two]).mean() > 0.9


def test_a_kind_named_on_two_castings_is_not_learned() -> None:
    seen, kinds = photos(10)
    castings = np.arange(len(kinds))
    frays = [place for place, kind in enumerate(kinds) if kind == "fray"]
    castings[frays] = [frays[number % 2] for number in range(len(frays))]  # ten photos of two castings
    found = learn(seen, kinds, castings)
    assert found is not None
    assert found.names == ("blowhole", "crack")


@pytest.mark.parametrize("kinds", [["crack"] * 9, [""] * 9, ["crack"] * 7 + ["fray"] * 2])
def test_less_than_two_kinds_teach_nothing(kinds: list[str]) -> None:
    assert learn(np.zeros((9, 4)), kinds, np.arange(9)) is None


def test_they_come_back_from_their_file() -> None:
    before = known()
    after = Kinds.from_bytes(before.to_bytes())
    seen, _ = photos(5)
    assert after.names == before.names
    assert after.probabilities(seen) == pytest.approx(before.probabilities(seen))


@pytest.mark.parametrize(
    "changed",
    [
        {"weights": np.zeros((40, 2))},
        {"bias": np.array([0.0, np.nan, 0.0])},
        {"names": np.array(["crack"])},
        {"mean": np.float64(3)},
        {"names": np.array([{"a": 1}], dtype=object)},
    ],
)
def test_a_damaged_file_is_refused(changed: dict[str, NDArray[np.float64]]) -> None:
    packed = io.BytesIO()
    np.savez(packed, **{**vars(known()), **changed})
    with pytest.raises(ModelError, match="kinds of defect cannot be read"):
        Kinds.from_bytes(packed.getvalue())


def test_numbers_of_another_network_are_refused() -> None:
    with pytest.raises(ModelError, match="do not fit its network"):
        known().suggest(np.zeros((1, 39)))
