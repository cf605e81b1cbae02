"""What came of a study, and what must be known beside its figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from casting_core.judging.agreement.answers import NONE, Answers, Given
from casting_core.judging.agreement.study import evaluate
from casting_core.judging.agreement.values import Study
from casting_core.wording import count, percent, verb
from casting_core.workflows.agreement.appraising import called, given, of_model
from casting_core.workflows.agreement.plan import PARTS, TRIALS, Plan
from casting_core.workflows.judging.model import Model

APPRAISERS = 3  # that AIAG asks for
COPIES = (
    "Each trial of a model is another photo of the part. Copies of one photograph, turned or made brighter, are no new "
    "photographs: photograph each part anew for every trial."
)
COUNTED = (
    "Effectiveness counts parts: every trial must be right. Misses and false alarms count decisions, as AIAG does; how "
    "many parts stand behind them is said beside them."
)
TERMS = (
    "In the words of VDA 5 and VDA 5.3 this is the proof of capability of an attributive inspection process; a model "
    "is a component of it that was made by machine learning. The limits are those of AIAG (MSA, 4th edition)."
)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The figures of a study, and sentences that belong to them."""

    study: Study
    cautions: tuple[str, ...]  # what makes them worth less, to be read first
    notes: tuple[str, ...]  # what they count


def result(plan: Plan, models: Sequence[Model]) -> Outcome:
    """What came of a planned study so far; each of these versions is one more appraiser."""
    people = given(plan)
    begun = {name: answers for name, answers in people.items() if (answers != NONE).any()}
    everybody = begun | {called(model.card.name): of_model(plan, model) for model in models}
    shape = (0, len(plan.parts), plan.trials)
    answers = Answers(
        parts=tuple(part.name for part in plan.parts),
        appraisers=tuple(everybody),
        given=np.stack(list(everybody.values())) if everybody else np.zeros(shape, dtype=np.int8),
        reference=np.array([part.reference for part in plan.parts], dtype=np.int8),
    )
    study = evaluate(answers, seed=plan.seed)
    cautions = (*_open(plan, people), *_small(study), *(_of_models(plan, study) if models else ()))
    notes = (_borderline(plan), *([COPIES] if models else []), *_between(models), COUNTED, TERMS)
    return Outcome(study=study, cautions=cautions, notes=notes)


def of_file(answers: Answers) -> Outcome:
    """What came of a study that was done elsewhere."""
    study = evaluate(answers)
    unknown = int((answers.reference == NONE).sum())
    cautions = [f"{count(unknown, 'part')} {verb(unknown, 'have')} no reference."] if unknown else []
    return Outcome(study=study, cautions=(*cautions, *_small(study)), notes=(COUNTED, TERMS))


def _open(plan: Plan, people: Mapping[str, Given]) -> list[str]:
    """Who has not answered everything."""
    whole = len(plan.parts) * plan.trials
    told = {name: int((answers != NONE).sum()) for name, answers in people.items()}
    return [f"{name} has given {done:,} of {whole:,} answers." for name, done in told.items() if done < whole]


def _of_models(plan: Plan, study: Study) -> list[str]:
    """What makes the figures of a version worth less."""
    notes = []
    single = sum(len(part.photos) == 1 for part in plan.parts)
    if single and plan.trials > 1:
        notes.append(
            f"Of {count(single, 'part')} there is only one photo, which gives a model one trial: that says nothing of "
            "how well it repeats itself."
        )
    learned = sum(part.learned is True for part in plan.parts)
    unknown = sum(part.learned is None for part in plan.parts)
    if learned:
        notes.append(
            f"Model {plan.model} has learned from {learned:,} of these {study.parts:,} parts: against the reference it "
            "looks better than it is."
        )
    if unknown:
        notes.append(f"Whether model {plan.model} has learned from {unknown:,} of these parts is not known.")
    return notes


def _between(models: Sequence[Model]) -> list[str]:
    """What becomes of photos that a version lets a person look at."""
    return [
        f"Model {model.card.name} lets a person look at what lies between {model.point.limits}; here that counts as "
        "defective, for it does not pass."
        for model in models
        if model.point.rejects_from > model.point.threshold
    ]


def _borderline(plan: Plan) -> str:
    share = plan.borderline / len(plan.parts)
    return (
        f"{plan.borderline:,} of {len(plan.parts):,} parts ({percent(share)}) are borderline: those whose scores lie "
        f"nearest to the threshold {plan.threshold:g} of model {plan.model}."
    )


def _small(study: Study) -> list[str]:
    """Where a study is smaller than AIAG asks for."""
    if study.parts >= PARTS and len(study.appraisers) >= APPRAISERS and study.trials >= TRIALS:
        return []
    return [
        f"AIAG asks for {PARTS} parts, {APPRAISERS} appraisers and {TRIALS} trials; here are "
        f"{count(study.parts, 'part')}, {count(len(study.appraisers), 'appraiser')} and {count(study.trials, 'trial')}."
    ]
