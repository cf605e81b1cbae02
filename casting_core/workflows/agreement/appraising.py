"""The answers of people, round by round and written down at once, and those of a version on its photos."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casting_core import roles
from casting_core.domain import Label
from casting_core.errors import AgreementError
from casting_core.judging.agreement.answers import NONE, Given
from casting_core.records.chain import Kind
from casting_core.roles import Write
from casting_core.workflows.agreement.plan import Plan, order
from casting_core.workflows.judging.evaluate import score_table
from casting_core.workflows.judging.model import Model
from casting_core.workflows.stores import ledger


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What a person is to judge next; the photo, and nothing that could tell them what is right."""

    appraiser: str
    trial: int  # from 1
    place: int  # of the part in the plan
    photo: str  # sha256
    done: int  # parts of this round that are answered


def given(plan: Plan) -> dict[str, Given]:
    """The answers of each person of a study, (parts, trials); where somebody answered twice, the first counts."""
    found = {name: np.full((len(plan.parts), plan.trials), NONE, dtype=np.int8) for name in plan.appraisers}
    places = {part.name: place for place, part in enumerate(plan.parts)}
    for row in reversed(ledger().rows(kinds=[Kind.AGREEMENT], about=plan.study)):
        said = row.values
        if said.get("step") != "answer" or said.get("answer") not in {label.word for label in Label}:
            continue
        table, place, trial = (
            found.get(str(said.get("appraiser"))),
            places.get(str(said.get("part"))),
            said.get("trial"),
        )
        if table is None or place is None or not isinstance(trial, int) or not 1 <= trial <= plan.trials:
            continue
        if table[place, trial - 1] == NONE:
            table[place, trial - 1] = Label[str(said["answer"]).upper()]
    return found


def turn(plan: Plan, appraiser: str, answers: Mapping[str, Given]) -> Turn | None:
    """What this person is to judge next, ``None`` after all rounds; ``AgreementError`` for a stranger."""
    if appraiser not in answers:
        raise AgreementError(f"{appraiser!r} is no appraiser of study {plan.study}")
    open_trials = np.flatnonzero((answers[appraiser] == NONE).any(axis=0))
    if not len(open_trials):
        return None
    trial = int(open_trials[0]) + 1
    left = answers[appraiser][:, trial - 1] == NONE
    place = next(int(one) for one in order(plan, appraiser, trial) if left[one])
    return Turn(
        appraiser=appraiser, trial=trial, place=place, photo=plan.parts[place].photo(trial), done=int((~left).sum())
    )


def answer(plan: Plan, asked: Turn, label: Label) -> None:
    """Writes an answer down; ``AgreementError`` where another part is to be judged now, as after a second tap."""
    roles.require_own(asked.appraiser, Write.APPRAISE)
    now = turn(plan, asked.appraiser, given(plan))
    if now is None or (now.trial, now.place) != (asked.trial, asked.place):
        raise AgreementError("that part is answered already; the first answer counts")
    body = {
        "step": "answer",
        "appraiser": asked.appraiser,
        "trial": asked.trial,
        "part": plan.parts[asked.place].name,
        "photo": asked.photo,
        "answer": label.word,
    }
    ledger().add(Kind.AGREEMENT, about=plan.study, body=body, actor=asked.appraiser)


def of_model(plan: Plan, model: Model) -> Given:
    """The answers of a version, (parts, trials): each trial is another photo of the part; where none is left, NONE.

    A photo in which the part was not found does not pass, so it counts as defective.
    """
    photos = [(place, trial, photo) for place, part in enumerate(plan.parts) for trial, photo in enumerate(part.photos)]
    table = score_table(model.scorer, pd.DataFrame({"photo": [photo for _, _, photo in photos]}))
    found = np.full((len(plan.parts), plan.trials), NONE, dtype=np.int8)
    for (place, trial, _), score in zip(photos, table["score"], strict=True):
        if trial < plan.trials:
            found[place, trial] = Label.DEFECTIVE if score >= model.point.threshold else Label.OK
    return found


def called(model: str) -> str:
    """What a version is called among the appraisers."""
    return f"model {model}"
