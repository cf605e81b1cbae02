"""Every figure of an attribute study (AIAG, Measurement Systems Analysis, 4th edition), with bounds over parts."""

from collections.abc import Callable, Iterable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from casting_core.domain import Label
from casting_core.judging.agreement.answers import NONE, Answers, Given, counts, crossed
from casting_core.judging.agreement.kappas import Coefficient, Counts, Weights, ac1, bounded, cohen, fleiss, resampled
from casting_core.judging.agreement.shares import alike, right, several, share, wrong
from casting_core.judging.agreement.values import Appraiser, Disputed, Pair, Study


def evaluate(answers: Answers, *, seed: int = 0) -> Study:
    """Every figure of these answers; ``seed`` is that of the bounds of kappas and AC1."""
    drawn = resampled(len(answers.parts), seed=seed) if answers.parts else np.zeros((0, 0))
    everybody = np.concatenate(list(answers.given), axis=1) if answers.appraisers else np.zeros((0, 0), dtype=np.int8)
    pairs = combinations(range(len(answers.appraisers)), 2)
    return Study(
        parts=len(answers.parts),
        defective=int((answers.reference == Label.DEFECTIVE).sum()),
        trials=answers.trials,
        seed=seed,
        appraisers=tuple(
            _appraiser(name, given, answers.reference, drawn)
            for name, given in zip(answers.appraisers, answers.given, strict=True)
        ),
        pairs=tuple(_pair(answers, one, other, drawn) for one, other in pairs),
        alike=share(alike(everybody)[several(everybody)]),
        right=share(right(everybody, answers.reference)),
        fleiss=_of_counts(fleiss, everybody, drawn),
        ac1=_of_counts(ac1, everybody, drawn),
        disputed=tuple(_disputed(answers)),
    )


def _appraiser(name: str, given: Given, reference: Given, drawn: Weights) -> Appraiser:
    answered = given != NONE
    known = answered & (reference != NONE)[:, None]
    truth = np.where(answered, reference[:, None], NONE).astype(np.int8)
    against = np.stack([given, truth], axis=2)  # each trial is a pair of answers, the reference one of them
    pairs = against.reshape(len(given), -1, 2)
    return Appraiser(
        name=name,
        parts=int(answered.any(axis=1).sum()),
        single=int((answered.sum(axis=1) == 1).sum()),
        decisions=int(answered.sum()),
        alike=share(alike(given)[several(given)]),
        within=_of_counts(fleiss, given, drawn),
        within_ac1=_of_counts(ac1, given, drawn),
        effectiveness=share(right(given, reference)),
        right=int((known & (given == reference[:, None])).sum()),
        judged=int(known.sum()),
        missed=wrong(given, reference, Label.DEFECTIVE),
        false_alarms=wrong(given, reference, Label.OK),
        **_coefficients(pairs[..., 0], pairs[..., 1], drawn),
    )


def _pair(answers: Answers, one: int, other: int, drawn: Weights) -> Pair:
    first, second = answers.given[one], answers.given[other]
    both = ((first != NONE).any(axis=1)) & ((second != NONE).any(axis=1))
    table = crossed(first, second).sum(axis=0)
    return Pair(
        first=answers.appraisers[one],
        second=answers.appraisers[other],
        alike=share(alike(np.concatenate([first, second], axis=1))[both]),
        table=((int(table[0, 0]), int(table[0, 1])), (int(table[1, 0]), int(table[1, 1]))),
        **_coefficients(first, second, drawn),
    )


def _coefficients(first: Given, second: Given, drawn: Weights) -> dict[str, Coefficient]:
    """Cohen's kappa and AC1 of two, trial by trial."""
    tables = crossed(first, second)
    if not tables.sum():
        return {"kappa": Coefficient(value=None), "ac1": Coefficient(value=None)}
    disagreed = bool(tables[:, 0, 1].sum() + tables[:, 1, 0].sum())

    def kappa(weights: Weights) -> NDArray[np.float64]:
        return cohen(np.tensordot(weights, tables, axes=(-1, 0)))

    def gwet(weights: Weights) -> NDArray[np.float64]:
        return _ac1_of_tables(np.tensordot(weights, tables, axes=(-1, 0)))

    return {
        "kappa": bounded(kappa, drawn, disagreed=disagreed),
        "ac1": bounded(gwet, drawn, disagreed=disagreed),
    }


def _ac1_of_tables(tables: Weights) -> NDArray[np.float64]:
    """AC1 of cross tables (..., 2, 2): each decision of both is a subject with two answers."""
    cells = np.array([[2, 0], [1, 1], [1, 1], [0, 2]])
    return ac1(cells, tables.reshape(*tables.shape[:-2], 4))


def _of_counts(
    coefficient: Callable[[Counts, Weights], NDArray[np.float64]], given: Given, drawn: Weights
) -> Coefficient:
    """Fleiss' kappa or AC1 of all answers about each part."""
    told = counts(given)
    if not (told.sum(axis=1) > 1).any():
        return Coefficient(value=None)
    return bounded(lambda weights: coefficient(told, weights), drawn, disagreed=bool((told > 0).all(axis=1).any()))


def _disputed(answers: Answers) -> Iterable[Disputed]:
    """Parts that were ever judged differently or wrongly; those that split appraisers most evenly first."""
    told = counts(np.concatenate(list(answers.given), axis=1)) if answers.appraisers else np.zeros((0, 2), dtype=int)
    found = []
    for place, part in enumerate(answers.parts):
        said = [tuple(Label(int(one)) for one in given[place] if one != NONE) for given in answers.given]
        reference = None if answers.reference[place] == NONE else Label(int(answers.reference[place]))
        called = {label for labels in said for label in labels}
        if len(called) > 1 or (reference is not None and called and called != {reference}):
            found.append((min(told[place]), place, part, reference, said))
    for _, _, part, reference, said in sorted(found, key=lambda one: (-one[0], one[1])):
        majority = {_majority(labels) for labels in said if labels}
        yield Disputed(
            part=part,
            reference=reference,
            answers=tuple(zip(answers.appraisers, said, strict=True)),
            split=len(majority) > 1,
        )


def _majority(labels: tuple[Label, ...]) -> Label:
    return Label.DEFECTIVE if 2 * sum(labels) >= len(labels) else Label.OK
