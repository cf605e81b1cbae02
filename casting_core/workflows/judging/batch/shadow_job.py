"""A batch judged once more by the version in shadow, as a job of its own: the batch has its end before it begins."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from casting_core.errors import CastingError, JobError, StoppedError
from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.progress import Doing
from casting_core.records.jobs import Request
from casting_core.records.version_files import GRAPH
from casting_core.wording import count
from casting_core.workflows.judging.batch import kept
from casting_core.workflows.judging.batch.batch import judge_all
from casting_core.workflows.judging.batch.kept import Batch
from casting_core.workflows.judging.batch.material import kept_list, reading
from casting_core.workflows.judging.batch.results import Judged
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.judging.recorded import Said
from casting_core.workflows.judging.shadow import verdicts
from casting_core.workflows.judging.shadow.verdicts import Answer, OfBatch
from casting_core.workflows.judging.shadow.version import in_shadow

KIND = "batch in shadow"
STOPPED = "stopped; what was judged is kept, and it can be resumed"


def start_beside(batch: Batch, *, uses: tuple[str, ...]) -> None:
    """Asks for it where a version is in shadow that did not judge the batch itself; best effort, it never fails."""
    with suppress(CastingError):
        found = in_shadow()
        if found is None or found.version == batch.model:
            return
        inputs = {"mark": batch.mark, "model": found.version, "begun": found.row}
        control.ask(
            Request(
                kind=KIND,
                inputs=inputs,
                about=f"{batch.name} by {found.version}",
                subject=f"{batch.mark} {found.version}",
                uses=uses,
                actor=batch.actor,
                heavy=True,  # it waits until nobody works any more
            ),
            once=True,
        )


def judge_beside(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job does: each photo of the batch is judged and recorded once, whatever becomes of its process."""
    model, batch = load_model(inputs.values["model"], threads=1), kept.find(inputs.values["mark"])
    counted = {one.number: one for one in kept.results_of(batch.mark) if one.sha256 and not one.bad}
    listed = kept_list(kept.folder_of(batch.mark) / kept.ITEMS)
    if listed is None:
        raise JobError(f"the list of the files of batch {batch.mark} is gone")
    done = verdicts.numbers_of(batch.mark, model.card.name, after=int(inputs.values["begun"]))
    todo = [(number, item) for number, item in enumerate(listed.items) if number in counted and number not in done]
    with reading(batch.found) as read:
        for group in judge_all(todo, read, model, model.point):
            _record(batch, model, group, counted)
            done |= {one.number for one in group}
            told = f"Judged {len(done):,} of {count(len(counted), 'photo')}"
            report(Doing(what=told, share=len(done) / max(1, len(counted))))
            if should_stop():
                raise StoppedError(STOPPED)
    return {"photos": len(done), "model": model.card.name}


def _record(batch: Batch, model: Model, group: Sequence[Judged], counted: dict[int, Judged]) -> None:
    """Writes down what was said of some photos; one that is another photo by now is left out."""
    told = []
    for one in group:
        mine = counted[one.number]
        if one.sha256 != mine.sha256:
            continue
        verdict = "" if mine.verdict is None else mine.verdict.value
        place = OfBatch(mark=batch.mark, number=one.number)
        answer = Answer(model=batch.model, verdict=verdict, score=mine.score, file=mine.path, batch=place)
        told.append((_said(one, model), answer))
    verdicts.record_all(told, actor=batch.actor)


def _said(one: Judged, model: Model) -> Said:
    return Said(
        photo=one.sha256,
        model=model.card.name,
        graph=model.card.files.get(GRAPH, ""),
        threshold=model.point.threshold,
        upper=model.point.upper,
        score=one.score,
        verdict="" if one.verdict is None else one.verdict.value,
        reason=one.reason,
        kind=one.kind,
        note=one.note,
    )


def _outcome(result: Result) -> str:
    return f"{count(result['photos'], 'photo')} judged beside by {result['model']}" if "photos" in result else ""


BESIDE = Kind(title="Shadow", work=judge_beside, outcome=_outcome)
