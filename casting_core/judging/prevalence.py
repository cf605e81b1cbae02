"""What scores and verdicts mean at a plant's own share of defective castings: Bayes' rule, and no more than that."""

from casting_core.domain import CastingOutcomes


def probability(score: float, rate: float) -> float:
    """The probability of defective of a calibrated score, where a share ``rate`` of all castings is defective.

    A calibrated score is that probability where both classes are equally frequent: odds are multiplied by
    ``rate / (1 - rate)``. 0.9 comes to 32 % at 5 %, and to 8 % at 1 %. Raises ``ValueError`` where the rate is not
    between 0 and 1.
    """
    bad, good = _rate(rate) * score, (1 - rate) * (1 - score)
    return bad / (bad + good) if bad + good else score  # sure of one, and the plant of the other


def truly_defective(outcomes: CastingOutcomes, rate: float) -> float | None:
    """Of the castings that are rejected, the share that is truly defective, where ``rate`` of all castings are.

    By the shares of castings of each class that were rejected; ``None`` where a class has no casting, or none of
    either was rejected.
    """
    bad, good = outcomes.defective, outcomes.ok
    if not bad.n or not good.n:
        return None
    found, alarms = _rate(rate) * (bad.n - bad.wrong) / bad.n, (1 - rate) * good.wrong / good.n
    return found / (found + alarms) if found + alarms else None


def at_least_truly_defective(outcomes: CastingOutcomes, rate: float) -> float:
    """The same where as many escape and as many are rejected as the 95 % bounds of either class allow, 0 to 1."""
    found, alarms = _rate(rate) * (1 - outcomes.defective.upper), (1 - rate) * outcomes.ok.upper
    return found / (found + alarms) if found + alarms else 0.0


def _rate(rate: float) -> float:
    if not 0 < rate < 1:
        raise ValueError(f"a defect rate lies between 0 and 1, not at {rate}")
    return rate
