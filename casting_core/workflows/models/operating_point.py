"""Putting an operating point in force: checked once on test castings, and written down with who and why."""

from dataclasses import replace

from casting_core import roles
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Progress, Split
from casting_core.errors import ModelError
from casting_core.records.card import ModelCard
from casting_core.records.chain import Entry
from casting_core.roles import Write
from casting_core.wording import count, escapes, false_alarms
from casting_core.workflows.judging.measuring.measure import measure
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.judging.scores import score_of
from casting_core.workflows.models.calibration import as_it_learned
from casting_core.workflows.models.proposals import Proposal
from casting_core.workflows.operating_points import NOBODY, REGISTERED, history, registered, write_down


def put_in_force(
    name: str,
    proposal: Proposal,
    dataset: Dataset | None,
    *,
    actor: str,
    reason: str,
    report: Progress = lambda _done, _total: None,
) -> Entry:
    """Checks a proposed point once on the test castings of a dataset, and puts it in force; the row that says so.

    Raises ``ModelError`` where there is no point, or nobody says who decides.
    """
    actor = roles.require(Write.POINT, actor)
    point = proposal.to_put(actor)
    model = replace(load_model(name), point=point)
    check = "" if dataset is None else _checked(model, dataset, report)
    return write_down(
        model.card,
        point,
        method=proposal.method,
        check=check,
        details={**proposal.details, "dataset": "" if dataset is None else str(dataset.root)},
        actor=actor.strip(),
        reason=reason.strip(),
    )


def back_to_registered(card: ModelCard, *, actor: str, reason: str) -> Entry:
    """Puts the point in force that the version was registered with; what was set before stays written."""
    actor = roles.require(Write.POINT, actor)
    if not actor.strip():
        raise ModelError(NOBODY)
    return write_down(
        card, registered(card), method=REGISTERED, check="", details={}, actor=actor.strip(), reason=reason.strip()
    )


def _checked(model: Model, dataset: Dataset, report: Progress) -> str:
    """What becomes of the test castings at the point of this model, in a sentence; nothing where there are none.

    They are looked at once for each point that is put in force, and it is said how often that was.
    """
    here = as_it_learned(model.card, dataset)
    if Split.TEST not in here.splits:
        return ""
    split = Split.TEST.value if here is dataset else model.card.data.split
    score = score_of(split, measure(dataset, split, model, compared=report).figures)
    if score.outcomes is None:
        return ""
    told = f"{escapes(score.outcomes)}, {false_alarms(score.outcomes)}"
    told += "" if score.proves else f" ({score.meaning}: this proves nothing)"
    earlier = sum(bool(one.check) for one in history(model.card))
    return told + (f"; {count(earlier, 'point')} had been checked on test castings before" if earlier else "")
