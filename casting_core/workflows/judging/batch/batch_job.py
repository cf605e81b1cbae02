"""A batch as a job: asked for, told how fast it goes, called off, and taken up again where it was."""

import io
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from casting_core import files, roles
from casting_core.data.importing import archives
from casting_core.data.importing.staging import stage
from casting_core.domain import OperatingPoint
from casting_core.errors import CastingError, DatasetError, JobError, StoppedError
from casting_core.jobs import control
from casting_core.jobs import work as jobs
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.progress import Doing
from casting_core.records.jobs import Job, Request, State, dataset_in
from casting_core.records.version_files import GRAPH
from casting_core.roles import Write
from casting_core.wording import count, readable
from casting_core.workflows.datasets.import_job import Form, Found
from casting_core.workflows.judging.batch import kept, results
from casting_core.workflows.judging.batch.batch import judge_all
from casting_core.workflows.judging.batch.export import write_csv
from casting_core.workflows.judging.batch.kept import Batch
from casting_core.workflows.judging.batch.material import Listed, keep_list, kept_list, list_items, reading
from casting_core.workflows.judging.batch.shadow_job import start_beside
from casting_core.workflows.judging.measuring.worth import Fitness
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.stores import dataset_book

KIND = "batch"
STOPPED = "stopped; what was judged is kept, and it can be resumed"
LATELY = 10.0  # seconds over which photos per second are counted


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A batch that is to be judged."""

    found: Found
    name: str  # for people
    model: str  # a version
    point: OperatingPoint | None = None  # instead of the version's own
    mark: str = ""  # of its folder, where its photos were put down already
    csv: str = ""  # the path of a table that is written at its end
    actor: str = ""

    def request(self) -> Request:
        """What a job is asked for."""
        mark = self.mark or kept.new_mark()
        inputs = {
            "mark": mark,
            "form": self.found.form.value,
            "path": str(self.found.path),
            "name": self.name,
            "model": self.model,
            "threshold": None if self.point is None else self.point.threshold,
            "csv": self.csv,
        }
        return Request(
            kind=KIND, inputs=inputs, about=self.name, subject=mark, uses=_uses(self.found), actor=self.actor.strip()
        )


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A batch in the list of all: how it stands, or what came of it."""

    mark: str
    name: str
    state: State
    at: float  # when it ended, or was asked for; seconds since 1970, UTC
    who: str
    model: str
    counts: Mapping[str, int]  # empty as long as it goes on


def folder_named(typed: str) -> Found:
    """A folder of this machine, which is read where it lies; ``DatasetError`` where there is none of this name."""
    path = Path(typed)
    with suppress(OSError, ValueError):  # a name too long to be one, or with a NUL in it
        if path.is_dir():
            return Found(form=Form.FOLDER, path=path.absolute())
    raise DatasetError(f"there is no folder {readable(typed)[:200]!r}")


def put_down_files(sent: Sequence[tuple[str, Callable[[], bytes]]]) -> tuple[str, Found]:
    """Files that a browser sent, put down for a new batch: its mark, and where they lie."""
    roles.require(Write.BATCH)
    mark = kept.new_mark()
    place = kept.folder_of(mark) / kept.PHOTOS
    stage(sent, place)
    return mark, Found(form=Form.FILES, path=place, ours=True)


def put_down_zip(content: bytes) -> tuple[str, Found]:
    """The same of a zip file, which stays packed; ``DatasetError`` for one that means harm, and nothing is put down."""
    roles.require(Write.BATCH)
    with archives.opened(io.BytesIO(content)):
        pass
    mark = kept.new_mark()
    place = kept.folder_of(mark) / kept.ZIPPED
    files.replace(place, content)
    return mark, Found(form=Form.ZIP, path=place, ours=True)


def start_batch(asked: Asked) -> Job:
    """Asks for a batch and returns at once; where that fails, what was put down for it is gone again."""
    try:
        return control.ask(asked.request())
    except CastingError:
        if asked.mark:
            rmtree(kept.folder_of(asked.mark), ignore_errors=True)
        raise


def judge_here(asked: Asked, *, listen: Callable[[object], None] = lambda _event: None) -> Job:
    """Does a batch in this process, such as a terminal; ``listen`` hears how far it is."""
    return _here(control.ask_here(asked.request()), listen)


def resume_here(asked: Asked, *, listen: Callable[[object], None] = lambda _event: None) -> Job:
    """Takes up the newest batch of these photos for this table that broke off; ``JobError`` where there is none."""
    path = str(asked.found.path)
    for job in control.known(kind=KIND):
        same = (job.inputs.get("path"), job.inputs.get("csv")) == (path, asked.csv)
        if same and (job.resumable or not job.state.over):
            return _here(control.resume_here(job.id), listen)
    raise JobError(f"no batch of {path!r} for {asked.csv!r} broke off, so there is none to resume")


def _here(job: Job, listen: Callable[[object], None]) -> Job:
    jobs.do(job.id, {KIND: BATCH}, listen=listen)
    return control.find(job.id)


def job_of(mark: str) -> Job | None:
    """The job of a batch as it stands now; none where there is no row of it any more."""
    return next(iter(control.known(kind=KIND, subject=mark, most=1)), None)


def earlier(*, newest: int) -> list[Standing]:
    """The batches that were asked for last, the newest first."""
    return [
        Standing(
            mark=mark_of(job),
            name=job.about,
            state=job.state,
            at=job.ended or job.asked,
            who=job.actor,
            model=str(job.inputs.get("model", "")),
            counts=(job.result or {}).get("counts", {}),
        )
        for job in control.known(kind=KIND, most=newest)
    ]


def mark_of(job: Job) -> str:
    """By which the batch of a job is found."""
    return str(job.inputs.get("mark", ""))


def judge_batch(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job of a batch does: each photo is judged and recorded once, whatever becomes of its process."""
    model = load_model(inputs.values["model"], threads=1)
    batch = kept.begun(inputs.values["mark"], model, lambda: _asked_for(inputs, model))
    folder = kept.folder_of(batch.mark)
    listed = _listed(batch, report)
    _judge(batch, listed, model, report, should_stop)
    judged = results.finished(folder / kept.RESULTS, len(listed.items))
    if inputs.values["csv"]:
        write_csv(batch, judged, Path(inputs.values["csv"]))
    kept.record(batch, judged)
    return {"mark": batch.mark, "counts": kept.counts_of(judged), "notes": list(listed.notes)}


def _asked_for(inputs: Inputs, model: Model) -> Batch:
    values, path = inputs.values, Path(inputs.values["path"])
    by_hand = values["threshold"]
    point = model.point if by_hand is None else OperatingPoint(threshold=float(by_hand))
    return Batch(
        mark=values["mark"],
        name=values["name"],
        form=Form(values["form"]),
        path=str(path),
        model=model.card.name,
        graph=model.card.files.get(GRAPH, ""),
        threshold=point.threshold,
        upper=point.upper,
        actor=inputs.actor,
        asked=kept.now(),
        warning=Fitness(model.card).warning(path),
    )


def _listed(batch: Batch, report: Callable[[object], None]) -> Listed:
    """Its files, as they were when it was begun: taken up again, it judges neither more nor others."""
    place = kept.folder_of(batch.mark) / kept.ITEMS
    listed = kept_list(place)
    if listed is None:
        report(Doing(what="Looking for photos", share=0.0))
        listed = list_items(batch.found)
        keep_list(listed, place)
    return listed


def _judge(
    batch: Batch, listed: Listed, model: Model, report: Callable[[object], None], should_stop: ShouldStop
) -> None:
    total = len(listed.items)
    with results.going_on(kept.folder_of(batch.mark) / kept.RESULTS) as kept_so_far, reading(batch.found) as read:
        todo = [(number, item) for number, item in enumerate(listed.items) if number not in kept_so_far.done]
        speed = _Speed(total - len(todo))
        for group in judge_all(todo, read, model, batch.point):
            kept_so_far.add(group)
            done = len(kept_so_far.done)
            report(Doing(what=speed.told(done, total), share=done / total))
            if should_stop():
                raise StoppedError(STOPPED)


class _Speed:
    """Photos per second over the last while."""

    def __init__(self, done: int) -> None:
        self._marks = deque([(time.monotonic(), done)])

    def told(self, done: int, total: int) -> str:
        """How far it is, and how fast it goes: ``Judged 120 of 5,550 photos · 190 photos/s``."""
        now = time.monotonic()
        if now - self._marks[-1][0] >= 1.0:
            self._marks.append((now, done))
        while len(self._marks) > 2 and now - self._marks[1][0] > LATELY:
            self._marks.popleft()
        since, before = self._marks[0]
        rate = f" · {(done - before) / (now - since):,.0f} photos/s" if now - since >= 1.0 else ""
        return f"Judged {done:,} of {count(total, 'photo')}{rate}"


def _uses(found: Found) -> tuple[str, ...]:
    """The dataset whose photos are judged, where they are those of one: it cannot be removed meanwhile."""
    if found.form is not Form.FOLDER:
        return ()
    place = found.path.absolute()
    return tuple(dataset_in(one.folder) for one in dataset_book().all() if place.is_relative_to(one.folder))


def _outcome(result: Result) -> str:
    return kept.in_words(result["counts"]) if "counts" in result else ""


def _beside(done: Job) -> None:
    """Lets the version in shadow judge the same photos, where the batch came to its end."""
    if done.state is State.FINISHED:
        batch = kept.find(mark_of(done))
        start_beside(batch, uses=_uses(batch.found))


BATCH = Kind(title="Batch", work=judge_batch, outcome=_outcome, then=_beside)
