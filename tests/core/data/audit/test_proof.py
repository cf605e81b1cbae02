"""What so many castings prove at best, against the figures of the exact bound, and how skewed the classes are."""

import pandas as pd
import pytest
from scipy.stats import binomtest

from casting_core.data.audit import proof
from casting_core.data.audit.balance import balance
from casting_core.data.audit.finding import Remedy, Severity
from tests.core.data.audit.photos import DEFECTIVE, OK, castings, table


@pytest.mark.parametrize("castings", [1, 11, 51, 299, 453])
def test_the_bound_is_the_exact_one(castings: int) -> None:
    exact = binomtest(0, castings, alternative="less").proportion_ci(0.95, method="exact").high
    assert proof.at_most(castings) == pytest.approx(exact)


def test_it_takes_299_castings_to_prove_one_per_cent_and_2995_to_prove_a_tenth() -> None:
    assert (proof.needed(0.01), proof.needed(0.001), proof.needed(0.05)) == (299, 2995, 59)
    assert proof.at_most(299) <= 0.01 < proof.at_most(298)


def test_copies_prove_nothing_more() -> None:
    one, many = (proof.escapes(castings(ok=5, defective=51, copies=copies)) for copies in (1, 6))
    assert one.title == many.title
    assert one.title.startswith("With 51 defective castings, even a perfect score")
    assert one.title.endswith("proves only that the escape rate is at most 5.7 %.")
    assert "takes 299 different defective castings" in one.consequence
    assert "248 more" in one.consequence
    assert (one.severity, one.remedy) == (Severity.SERIOUS, Remedy.ADD_CASTINGS)


def test_enough_castings_are_fine() -> None:
    photos = castings(ok=59, defective=299, copies=1)
    for finding in (proof.escapes(photos), proof.false_alarms(photos)):
        assert (finding.severity, finding.remedy) == (Severity.FINE, Remedy.NONE)


def test_only_castings_that_are_new_in_test_prove_something_as_it_is_split() -> None:
    photos = castings(ok=4, defective=30, copies=2, test=3)
    finding = proof.escapes(photos)
    assert finding.figures["test_castings_not_in_train"] == 3
    assert "3 defective castings that the network has not seen, which can prove 63 % at best" in finding.consequence
    leaked = photos.assign(split=["train", "test"] * (len(photos) // 2))
    assert proof.escapes(leaked).figures["test_castings_not_in_train"] == 0
    assert "proves nothing" in proof.escapes(leaked).consequence


def test_a_casting_labelled_both_ways_counts_for_neither() -> None:
    photos = table(("a", "train", OK, 1), ("b", "train", DEFECTIVE, 1), ("c", "train", DEFECTIVE, 2))
    assert proof.escapes(photos).figures["castings"] == 1
    assert proof.false_alarms(photos).figures["castings"] == 0
    assert "1 casting labelled both ways counts for neither" in proof.escapes(photos).consequence
    assert "nothing can be proven" in proof.false_alarms(photos).title


def test_balanced_classes_are_fine() -> None:
    assert balance(castings(ok=10, defective=12)).severity is Severity.FINE


def test_few_photos_of_one_class_are_helped_by_copies_and_many_by_weights() -> None:
    few, many = balance(castings(ok=10, defective=30)), balance(castings(ok=200, defective=600))
    assert (few.remedy, many.remedy) == (Remedy.AUGMENTATION, Remedy.CLASS_WEIGHTS)
    assert few.title == "There are 3.0 times as many defective photos as ok ones."


def test_castings_may_be_skewed_where_photos_are_not() -> None:
    photos = castings(ok=4, defective=40, copies=1)
    ok = photos[photos["label"] == OK]
    more = [ok.assign(photo=ok["photo"] + f" {at}") for at in range(9)]
    finding = balance(pd.concat([photos, *more]))
    assert "the castings are not: 40 defective and 4 ok castings" in finding.title
    assert finding.remedy is Remedy.ADD_CASTINGS


def test_one_class_alone_is_serious() -> None:
    finding = balance(castings(ok=5, defective=0))
    assert (finding.severity, finding.title) == (Severity.SERIOUS, "All photos are labelled ok.")
