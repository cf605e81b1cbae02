"""A study: a search for settings under a name, its folder, and the jobs that work on it.

Its plan is written once. Each of its workers is a job, and all of them are about the study, so they go on beside each
other.
"""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from casting_core.errors import JobError, RunError, written
from casting_core.files import replace as replace_file
from casting_core.jobs import control
from casting_core.judging.objectives import Objective
from casting_core.learning.recipes.choices import Validation
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.recipes.search_space import SearchSpace
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job
from casting_core.settings import settings

KIND = "search worker"
MOST_WORKERS = 64
LONGEST = 80  # letters of a name


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is searched, in what, and for how long. Raises ``RunError`` where that makes no sense."""

    name: str
    dataset: NamedDataset
    recipe: Recipe  # the settings that do not vary; its seed draws the castings that are held out
    space: SearchSpace
    objective: Objective = Objective.F1
    false_alarms: float = 0.02  # the share of ok castings that may be rejected, where escapes are the objective
    trials: int | None = 30  # either a number of trials, or
    minutes: float | None = None  # time that the workers spend on trials
    workers: int = 1
    seeds: int = 3  # how often each of the best few settings is trained again, with other seeds; 0 for not at all
    asked: float = 0.0  # seconds since 1970

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > LONGEST:
            raise RunError(f"a study needs a name of 1 to {LONGEST} letters")
        if (self.trials is None) == (self.minutes is None):
            raise RunError("a search needs a budget: either a number of trials, or minutes")
        if not (self.trials or self.minutes or 0) > 0:
            given = f"{self.trials} trials" if self.trials is not None else f"{self.minutes:g} minutes"
            raise RunError(f"a budget of {given} is none; give at least one trial, or some minutes")
        if not 1 <= self.workers <= MOST_WORKERS:
            raise RunError(f"{self.workers} workers will not do; 1 to {MOST_WORKERS} can share a study")
        if not 0 <= self.false_alarms < 1:
            raise RunError(f"a false-alarm limit of {self.false_alarms:g} will not do; it lies between 0 and 1")
        if self.recipe.validation is not Validation.CASTING:
            raise RunError(
                "settings are compared on castings held out whole; photos drawn one by one would flatter all"
            )


@dataclass(frozen=True, kw_only=True)
class Study:
    """A plan that was noted down, and where."""

    id: str
    plan: Plan

    @property
    def folder(self) -> Path:
        """Where its trials lie."""
        return studies_dir() / self.id


@dataclass(frozen=True, kw_only=True)
class Worker:
    """One process of a study, as its job tells it."""

    number: int  # from 1
    job: Job

    @property
    def mark(self) -> str:
        """What no other process of any study ever has."""
        return mark_of(self.job.id, self.job.attempt)


def studies_dir() -> Path:
    """The folder with one folder per study."""
    return settings().data_dir / "studies"


def note_down(plan: Plan) -> Study:
    """A new study; ``RunError`` where its dataset has one of this name already."""
    with written(studies_dir()):
        studies_dir().mkdir(parents=True, exist_ok=True)
        with FileLock(studies_dir() / "names.lock"):
            same = [one for one in studies() if one.plan.dataset == plan.dataset and one.plan.name == plan.name]
            if same:
                raise RunError(f"there is a study {plan.name!r} of {plan.dataset.name!r} already; choose another name")
            study = Study(id=uuid4().hex[:12], plan=replace(plan, asked=plan.asked or time.time()))
            study.folder.mkdir()
            replace_file(study.folder / "plan.json", _PLAN.dump_json(study.plan))
    return study


def studies() -> list[Study]:
    """Every study whose plan can be read, the newest first."""
    found = []
    for place in studies_dir().glob("*/plan.json"):
        try:
            found.append(find_study(place.parent.name))
        except RunError:  # said where it is asked for by its name
            continue
    return sorted(found, key=lambda study: -study.plan.asked)


def find_study(study: str) -> Study:
    """One study by its id; ``RunError`` where there is none or its plan is damaged."""
    place = studies_dir() / study / "plan.json"
    try:
        return Study(id=study, plan=_PLAN.validate_json(place.read_bytes()))
    except OSError as error:
        raise RunError(f"there is no study {study!r} in {str(studies_dir())!r}") from error
    except ValidationError as error:
        raise RunError(
            f"the plan of study {study!r} is damaged: {str(place)!r} cannot be read; start another"
        ) from error


def workers(study: Study) -> list[Worker]:
    """The workers that were ever asked for, by number; of each number the last."""
    known = {job.inputs["worker"]: job for job in reversed(control.known(kind=KIND, subject=study.id))}
    return [Worker(number=number, job=known[number]) for number in sorted(known)]


def mark_of(job: int, attempt: int) -> str:
    """The mark by which a trial remembers the process that took it."""
    return f"{job}.{attempt}"


def at_work(mark: str) -> bool:
    """Whether the process with this mark is still at it."""
    number, _, attempt = mark.partition(".")
    if not (number.isdecimal() and attempt.isdecimal()):  # of a study that an older program began
        return False
    try:
        job = control.find(int(number))
    except JobError:
        return False
    return job.attempt == int(attempt) and not job.state.over


def turn(study: Study) -> FileLock:
    """Held while the next trial is chosen: of two workers that ask at once, the second sees what the first one took."""
    return FileLock(study.folder / "turn.lock")


_PLAN = TypeAdapter(Plan)
