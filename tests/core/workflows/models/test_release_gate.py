"""The gate before production: what it lets through, what it blocks, and who may overrule it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from casting_core.domain import Label
from casting_core.errors import ModelError
from casting_core.records.card import ModelCard
from casting_core.records.chain import Kind
from casting_core.records.decisions import Kind as DecisionKind
from casting_core.records.registry import STARTER
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.models import promotion
from casting_core.workflows.models.comparison import Compared, compare
from casting_core.workflows.models.release_gate import GOLDEN, Checked, Gate, check, golden_wrong
from casting_core.workflows.review.correct import decide
from casting_core.workflows.stores import ledger, registry

DEFECTIVE, OK = 85, 29  # castings, as many as the public data set has


@pytest.fixture
def card() -> ModelCard:
    return registry().card(STARTER)


def judged(seed: int, *, rate: float = 0.02, planted: int = 0, copies: int = 1) -> pd.DataFrame:
    """Photos of castings judged by a version that goes wrong with a few of them, and with so many planted ones."""
    random = np.random.default_rng(seed)
    labels = np.repeat([Label.DEFECTIVE.value, Label.OK.value], [DEFECTIVE, OK])
    wrong = random.random(len(labels)) < rate
    wrong[:planted] = True
    castings = np.arange(len(labels))
    table = pd.DataFrame({"label": labels, "casting": castings, "wrong": wrong, "new": True})
    table["score"] = np.where(wrong, 1 - labels, labels) * 0.8 + 0.1
    table = pd.concat([table] * copies, ignore_index=True)
    return table.assign(photo=[f"{casting}-{place}" for place, casting in enumerate(table["casting"])])


def test_another_seed_is_rarely_blocked_and_planted_misses_always_are(card: ModelCard) -> None:
    now = judged(100)
    others = [check(card, compare(now, judged(seed), name="d"), None).gate for seed in range(20)]
    assert others.count(Gate.BLOCKED) <= 1
    spoiled = [
        check(card, compare(judged(seed, rate=0), judged(seed + 50, rate=0, planted=6), name="d"), None).gate
        for seed in range(20)
    ]
    assert set(spoiled) == {Gate.BLOCKED}


def test_copies_of_photos_change_nothing(card: ModelCard) -> None:
    once = compare(judged(1), judged(2, planted=3), name="d")
    often = compare(judged(1, copies=7), judged(2, planted=3, copies=7), name="d")
    assert once.classes == often.classes
    assert [one.p_value for _, one in once.classes] == [one.p_value for _, one in often.classes]
    assert check(card, once, None) == check(card, often, None)


def test_the_castings_they_differ_about_are_named_what_is_lost_first() -> None:
    found = compare(judged(1, rate=0, planted=0), judged(2, rate=0, planted=2), name="d")
    assert found.differing is not None
    assert found.differing["casting"].tolist() == [0, 1]
    assert not found.differing["better"].any()
    back = compare(judged(2, rate=0, planted=2), judged(1, rate=0), name="d")
    assert back.differing is not None
    assert back.differing["better"].all()
    assert (back.differing["score_now"] < back.differing["score_new"]).all()


def test_castings_without_a_difference_are_enough_only_where_there_are_many(card: ModelCard) -> None:
    alike = compare(judged(3, rate=0), judged(4, rate=0), name="d")
    checked = check(card, alike, None)
    assert checked.gate is Gate.UNDECIDED  # 29 ok castings prove 8.5 %, not 5 %
    assert any("At most 3.1 % more defective castings go wrong than now" in reason for reason in checked.reasons)
    assert any("29 castings of that class cannot tell" in reason for reason in checked.reasons)


def test_golden_photos_must_be_right(sample_folder: Path, card: ModelCard) -> None:
    dataset = open_dataset(sample_folder)
    model = load_model(STARTER)
    assert golden_wrong(model, dataset) is None
    decide(dataset, DecisionKind.TAG, dataset.usable["photo"].head(3).tolist(), value=GOLDEN, who="Ada")
    here = open_dataset(sample_folder)
    right = golden_wrong(model, here)
    assert right is not None
    flipped = here.photos.assign(label=1 - here.photos["label"])
    wrong = golden_wrong(model, replace(here, photos=flipped))
    assert wrong is not None
    assert len(right) + len(wrong) == 3
    assert check(card, None, ("ok/a.jpeg",)).gate is Gate.BLOCKED
    assert check(card, None, ()).gate is Gate.UNDECIDED


@pytest.mark.parametrize("second", ["", "ada ", "  "])
def test_a_blocked_version_takes_a_second_name(version: str, second: str) -> None:
    blocked = Checked(gate=Gate.BLOCKED, reasons=("More defective castings go wrong.",))
    with pytest.raises(ModelError, match=r"is blocked\. More defective castings go wrong\. .* a second person"):
        promotion.promote(version, actor="Ada", reason="hurry", checked=blocked, second=second)
    assert registry().production() == STARTER
    promotion.promote(version, actor="Ada", reason="hurry", checked=blocked, second="Bea")
    (row,) = ledger().rows(kinds=[Kind.PROMOTION])
    assert (row.values["gate"], row.values["second"]) == ("blocked", "Bea")
    assert row.values["reasons"] == ["More defective castings go wrong."]


def test_without_a_comparison_nobody_knows(card: ModelCard) -> None:
    why = Compared(why_not="nobody measured")
    assert check(card, why, None).gate is Gate.UNDECIDED
    assert "nobody measured" in check(card, why, None).reasons[0]
