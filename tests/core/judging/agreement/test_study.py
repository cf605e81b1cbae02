"""The figures of a study: to the printed digits of the published one, and as statsmodels has them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

from casting_core.domain import Label
from casting_core.judging.agreement import bands
from casting_core.judging.agreement.answers import NONE, Answers, counts
from casting_core.judging.agreement.bands import Band, KappaBand
from casting_core.judging.agreement.kappas import ac1, cohen, fleiss
from casting_core.judging.agreement.study import evaluate
from casting_core.judging.agreement.values import Study
from casting_core.wording import share
from tests.core.judging.agreement.published import answers


@pytest.fixture(scope="module")
def study() -> Study:
    return evaluate(answers())


def test_the_published_study_comes_out_to_its_printed_digits(study: Study) -> None:
    pairs = {pair.first + pair.second: round(pair.kappa.value or 0, 2) for pair in study.pairs}
    assert pairs == {"AB": 0.86, "AC": 0.78, "BC": 0.79}
    told = {
        one.name: (
            round(one.kappa.value or 0, 2),
            f"{one.effectiveness.value:.0%}",
            share(one.missed.rate or 0),
            share(one.false_alarms.rate or 0),
        )
        for one in study.appraisers
    }
    assert told == {
        "A": (0.88, "84%", "6.3 %", "4.9 %"),  # 3 of 48 are 6.25 %: rounded up, as it is printed
        "B": (0.92, "90%", "6.3 %", "2.0 %"),
        "C": (0.77, "80%", "12.5 %", "8.8 %"),
    }
    assert [(one.missed.wrong, one.missed.decisions) for one in study.appraisers] == [(3, 48), (3, 48), (6, 48)]
    assert [(one.false_alarms.wrong, one.false_alarms.decisions) for one in study.appraisers] == [
        (5, 102), (2, 102), (9, 102)
    ]  # fmt: skip
    assert (study.alike.of_parts, study.right.of_parts, study.parts, study.trials) == (39, 39, 50, 3)


def test_the_cross_tables_are_the_published_ones(study: Study) -> None:
    tables = {pair.first + pair.second: pair.table for pair in study.pairs}
    assert tables == {  # theirs begins with 0, not acceptable; ours with 0, ok
        "AB": ((97, 3), (6, 44)),
        "AC": ((92, 8), (7, 43)),
        "BC": ((94, 9), (5, 42)),
    }


def test_the_bounds_of_effectiveness_are_the_published_ones_and_those_of_scipy(study: Study) -> None:
    printed = {"A": (0.71, 0.93), "B": (0.78, 0.97), "C": (0.66, 0.90)}
    for one in study.appraisers:
        assert (round(one.effectiveness.lower, 2), round(one.effectiveness.upper, 2)) == printed[one.name]
        reference = binomtest(one.effectiveness.of_parts, 50).proportion_ci(method="exact")
        assert (one.effectiveness.lower, one.effectiveness.upper) == pytest.approx(tuple(reference))
    assert (round(study.alike.lower, 2), round(study.alike.upper, 2)) == (0.64, 0.88)


def test_misses_are_counted_by_parts_too_with_a_bound_on_parts(study: Study) -> None:
    first = study.appraisers[0].missed
    assert (first.parts_wrong, first.parts) == (3, 16)
    assert first.upper == pytest.approx(binomtest(3, 16).proportion_ci(0.90, method="exact").high)  # one-sided 95 %


def test_kappas_are_those_of_statsmodels(study: Study) -> None:
    everybody = answers().given.transpose(1, 0, 2).reshape(50, 9)
    assert study.fleiss.value == pytest.approx(fleiss_kappa(aggregate_raters(everybody)[0]))
    for one, said in zip(study.appraisers, answers().given, strict=True):
        assert one.within.value == pytest.approx(fleiss_kappa(aggregate_raters(said)[0]))
    for pair in study.pairs:
        assert pair.kappa.value == pytest.approx(cohens_kappa(np.array(pair.table)).kappa)


def test_ac1_is_that_of_the_formula(study: Study) -> None:
    (passed, alarms), (missed, found) = study.pairs[0].table
    whole = passed + alarms + missed + found
    called = ((passed + alarms) + (passed + missed)) / (2 * whole)
    chance = 2 * called * (1 - called)
    assert study.pairs[0].ac1.value == pytest.approx(((passed + found) / whole - chance) / (1 - chance))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.integers(0, 1), min_size=4, max_size=4), min_size=2, max_size=30))
def test_fleiss_is_that_of_statsmodels_whatever_is_said(said: list[list[int]]) -> None:
    table = counts(np.array(said, dtype=np.int8))
    ours = float(fleiss(table))
    if (table.sum(axis=0) == 0).any():
        assert np.isnan(ours)  # everything was called the same: chance explains it all
    else:
        assert ours == pytest.approx(fleiss_kappa(table))


def test_where_nearly_all_parts_are_ok_kappa_falls_and_ac1_does_not() -> None:
    table = np.array([[95, 2], [2, 1]])
    cells = np.repeat([[2, 0], [1, 1], [0, 2]], [95, 4, 1], axis=0)
    assert cohen(table) < 0.4
    assert ac1(cells) > 0.9


def test_bounds_are_over_parts_and_the_same_for_the_same_seed() -> None:
    first, again, other = (evaluate(answers(), seed=seed).pairs[0].kappa for seed in (0, 0, 1))
    assert first == again != other
    assert first.lower is not None
    assert first.upper is not None
    assert first.value is not None
    assert 0.6 < first.lower < first.value < first.upper <= 1
    # 150 decisions that were independent would be surer than 50 parts are
    assert first.upper - first.lower > cohens_kappa(np.array([[97, 3], [6, 44]])).kappa_upp - 0.86


def test_where_nobody_disagrees_no_bound_is_made_up() -> None:
    same = replace(answers(), given=np.repeat(answers().reference[None, :, None], 3, axis=2), appraisers=("A",))
    (one,) = evaluate(same).appraisers
    assert (one.kappa.value, one.kappa.lower, one.kappa.upper) == (1.0, None, None)
    assert one.band is Band.ACCEPTABLE
    assert one.missed.upper == pytest.approx(1 - 0.05 ** (1 / 16))


def test_who_disagrees_with_whom_is_told_part_by_part_the_most_even_first(study: Study) -> None:
    assert len(study.disputed) == 11
    evenness = [min(sum(labels.count(one) for _, labels in part.answers) for one in Label) for part in study.disputed]
    assert evenness == sorted(evenness, reverse=True)
    part = next(one for one in study.disputed if one.part == "21")
    said = {name: "".join("0" if label else "1" for label in labels) for name, labels in part.answers}
    assert said == {"A": "110", "B": "101", "C": "010"}
    assert part.split
    assert part.reference is Label.OK


def test_a_trial_that_was_not_done_is_left_out_and_said() -> None:
    whole = answers()
    less = whole.given.copy()
    less[2, :, 1:] = NONE
    less[2, 0, 0] = NONE
    study = evaluate(replace(whole, given=less))
    last = study.appraisers[2]
    assert (last.parts, last.single, last.decisions, last.alike.parts) == (49, 49, 49, 0)
    assert last.within.value is None
    assert last.effectiveness.parts == 49
    assert sum(map(sum, study.pairs[1].table)) == 49


def test_without_a_reference_there_is_agreement_only() -> None:
    study = evaluate(replace(answers(), reference=np.full(50, NONE, dtype=np.int8)))
    assert study.appraisers[0].effectiveness.value is None
    assert study.appraisers[0].missed.rate is None
    assert study.pairs[0].kappa.value == pytest.approx(0.863, abs=0.001)


def test_answers_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Answers(parts=("1",), appraisers=("A",), given=np.zeros((1, 2, 3), np.int8), reference=np.zeros(1, np.int8))


@pytest.mark.parametrize(
    ("share", "band"), [(0.9, Band.ACCEPTABLE), (0.899, Band.MARGINAL), (0.8, Band.MARGINAL), (0.79, Band.UNACCEPTABLE)]
)
def test_the_limits_of_effectiveness(share: float, band: Band) -> None:
    assert bands.effectiveness(share) is band


def test_the_limits_of_misses_false_alarms_and_kappa() -> None:
    assert [bands.miss_rate(one) for one in (0.02, 0.021, 0.05, 0.051)] == [
        Band.ACCEPTABLE, Band.MARGINAL, Band.MARGINAL, Band.UNACCEPTABLE
    ]  # fmt: skip
    assert [bands.false_alarm_rate(one) for one in (0.05, 0.1, 0.11)] == list(Band)
    assert [bands.kappa(one) for one in (0.76, 0.75, 0.40, 0.39)] == [
        KappaBand.GOOD, KappaBand.MODERATE, KappaBand.MODERATE, KappaBand.POOR
    ]  # fmt: skip
    assert [bands.strict_kappa(one) for one in (0.9, 0.7, 0.69)] == list(Band)


def test_an_appraiser_is_called_by_the_worst_of_the_three_figures(study: Study) -> None:
    assert [one.band for one in study.appraisers] == [Band.UNACCEPTABLE] * 3  # each misses more than 5 %
