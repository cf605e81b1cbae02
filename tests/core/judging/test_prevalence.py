"""Scores and rejects at a plant's own defect rate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casting_core.domain import CastingOutcomes, ClassOutcome
from casting_core.errors import SettingsError
from casting_core.judging.bounds import upper_bound
from casting_core.judging.prevalence import at_least_truly_defective, probability, truly_defective
from casting_core.settings import settings
from casting_core.workflows.judging import plant


def outcomes(escaped: int, defective: int, rejected: int, ok: int) -> CastingOutcomes:
    return CastingOutcomes(
        defective=ClassOutcome(n=defective, wrong=escaped, upper=upper_bound(escaped, defective)),
        ok=ClassOutcome(n=ok, wrong=rejected, upper=upper_bound(rejected, ok)),
    )


@pytest.mark.parametrize(("rate", "means"), [(0.5, 0.9), (0.05, 0.32), (0.01, 0.083)])
def test_a_score_of_0_9_means_less_the_rarer_defects_are(rate: float, means: float) -> None:
    assert probability(0.9, rate) == pytest.approx(means, abs=0.002)


@given(score=st.floats(0, 1), rate=st.floats(0.0001, 0.9999))
def test_a_probability_stays_one_and_rises_with_the_score(score: float, rate: float) -> None:
    assert 0 <= probability(score, rate) <= 1
    assert probability(score / 2, rate) <= probability(score, rate)


def test_the_share_of_rejects_that_is_truly_defective_is_counted_by_castings() -> None:
    found = outcomes(escaped=5, defective=100, rejected=10, ok=100)
    of_10_000 = 10_000 * 0.02 * 0.95, 10_000 * 0.98 * 0.1
    assert truly_defective(found, 0.02) == pytest.approx(of_10_000[0] / sum(of_10_000))
    assert at_least_truly_defective(found, 0.02) < of_10_000[0] / sum(of_10_000)
    perfect = outcomes(escaped=0, defective=50, rejected=0, ok=3)
    assert truly_defective(perfect, 0.02) == 1.0
    assert at_least_truly_defective(perfect, 0.02) < 0.05  # three ok castings prove next to nothing
    assert truly_defective(outcomes(0, 5, 0, 0), 0.02) is None


@pytest.mark.parametrize("rate", [0, 1, -0.1, 2, float("nan")])
def test_a_defect_rate_lies_between_0_and_1(rate: float) -> None:
    with pytest.raises(ValueError, match="lies between 0 and 1"):
        probability(0.5, rate)
    with pytest.raises(SettingsError, match="lies between 0 and 1"):
        plant.keep_defect_rate(rate)


def test_the_defect_rate_of_the_plant_is_asked_once_and_kept() -> None:
    assert plant.defect_rate() is None
    plant.keep_defect_rate(0.02)
    assert plant.defect_rate() == 0.02
    assert "about 16 % of rejected castings are truly defective" in plant.meaning(outcomes(5, 100, 10, 100), 0.02)
    (settings().data_dir / "plant.json").write_text('{"defect_rate": "many"}')
    assert plant.defect_rate() is None
