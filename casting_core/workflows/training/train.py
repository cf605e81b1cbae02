"""What a run does: from the photos of a dataset and a recipe to a model version."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.datasets.scan import Dataset
from casting_core.data.datasets.splits import held_out, some_of
from casting_core.domain import Label
from casting_core.errors import DatasetError, RunError
from casting_core.jobs import work as jobs
from casting_core.jobs.kinds import Inputs, Kind, Result
from casting_core.jobs.progress import Doing
from casting_core.learning import threads
from casting_core.learning.recipes.choices import Sampling, Validation
from casting_core.learning.recipes.events import (
    NAMES,
    BatchDone,
    EpochDone,
    Event,
    Further,
    Note,
    PaintedDone,
    Prepared,
    Report,
    ShouldStop,
    encode,
)
from casting_core.learning.recipes.recipe import IMAGE_SIZE, Recipe
from casting_core.learning.training.epochs import checkpoint
from casting_core.learning.training.epochs.checkpoint import Checkpoint
from casting_core.records.card import ModelCard
from casting_core.records.jobs import EventRow, Job, Row, State, Wish
from casting_core.workflows.datasets.castings import casting_known, casting_of
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.datasets.own_validation import ToLearn, to_learn
from casting_core.workflows.datasets.splits import choose
from casting_core.workflows.judging.panel import panel_job
from casting_core.workflows.stores import registry
from casting_core.workflows.training.learnable import learnable
from casting_core.workflows.training.runs import KIND, Run, dataset_of, epochs_kept, find_run


def work(number: int, *, listen: Report = lambda _event: None) -> ModelCard:
    """Does a run in this process and returns the version it made; ``listen`` hears each event too.

    However it ends, its end is written down, and the next one in line is started. A run that was begun before goes on
    behind its last finished epoch. Raises ``CastingError`` where no version was made.
    """
    made = jobs.do(number, {KIND: RUN}, listen=lambda event: None if isinstance(event, Doing) else listen(event))  # type: ignore[arg-type]
    return registry().card(made["model"])


def train_run(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job of a run does: it trains, and registers the version; its name, and whether a person stopped it."""
    try:
        card = _registered_before(inputs) or _train_and_register(inputs, report, should_stop)
    except MemoryError as error:
        raise RunError(f"run {inputs.job} ran out of memory; try a smaller batch size") from error
    return {"model": card.name, "stopped": card.stopped}


def load() -> None:
    """Loads what every run needs, five seconds and 600 MB, and lets it work once, which takes as long again."""
    threads.share_out()
    for module in ("learning.training.comparison", "workflows.training.proof", "workflows.training.register"):
        import_module(f"casting_core.{module}")
    from casting_core.learning.training.rehearsal import rehearse
    from casting_core.workflows.judging.answers import drawn_photos

    rehearse(drawn_photos(IMAGE_SIZE))


def _outcome(result: Result) -> str:
    early = ", and stopped early" if result.get("stopped") else ""
    return f"{result['model']} was made{early}" if "model" in result else ""


def _measure(done: Job) -> None:
    """Asks for the panel of the version that a run has made, where the run came to its end."""
    run = Run.of(done)
    if run.state is State.FINISHED and run.model is not None:
        panel_job.start_after_run(dataset_of(run), run.model, actor=run.actor)


RUN = Kind(title="Run", work=train_run, encode=encode, outcome=_outcome, load=load, then=_measure)


def _registered_before(inputs: Inputs) -> ModelCard | None:
    """The version of a run that was killed when it had just made it, before it could say so."""
    run = find_run(inputs.job)
    if run.started is None or not epochs_kept(run.id):
        return None
    since = datetime.fromtimestamp(int(run.started), UTC)  # cards tell whole seconds
    made = [card for card in registry().cards() if card.run == run.id]
    return next((card for card in made if datetime.fromisoformat(card.created) >= since), None)


def _train_and_register(inputs: Inputs, tell: Callable[[object], None], should_stop: ShouldStop) -> ModelCard:
    run, pulse = find_run(inputs.job), inputs.pulse
    recipe, kept = Recipe.model_validate(run.recipe), checkpoint.read(inputs.folder)
    report = _with_progress(tell, recipe)

    def keep(reached: Checkpoint) -> None:
        pulse.beat()  # the events first: a checkpoint never knows of an epoch that the log does not
        checkpoint.write(reached, inputs.folder, data=data)

    if kept is None:
        pulse.rewind(behind(()))
    report(Note(text="Reading photos"))
    dataset = open_dataset(run.folder, rule=rule_of(run.rule))
    given = to_learn(choose(dataset, recipe.split))
    photos = given.photos
    both = photos["label"].nunique() > 1
    castings = _castings(dataset, recipe, report) if both or recipe.sound_only else None  # else it fails at once
    of_photo = None if castings is None else np.asarray(photos["photo"].map(castings), dtype=np.int64)
    validation = _validation(photos, of_photo, recipe) if given.validation is None else given.validation
    data = _fingerprint(photos, validation)
    if kept is not None and kept[1] != data:
        raise DatasetError(
            "the photos, their labels or their castings have changed since this run began, so it cannot go on; put "
            "them back as they were, or start a new run"
        )
    report(Note(text="Starting TensorFlow"))
    threads.share_out()
    from casting_core.learning.training import (
        comparison,
        refit,
        sound,
        train,
    )  # five seconds and 600 MB that only a run must pay
    from casting_core.workflows.training.proof import Proof, prove, refuse_hopeless
    from casting_core.workflows.training.register import register

    if kept is not None:
        pulse.rewind(behind(kept[0].epochs))
    photos_given = learnable(photos, of_photo, size=recipe.image_size, times=_times(run, photos))
    hear = _told_of(given, report)
    if recipe.sound_only:
        side = _sound_validation(photos, of_photo, recipe) if validation is None else validation
        trained = sound.train_on_sound(photos_given, recipe, report=hear, should_stop=should_stop, validation=side)
    else:
        refuse_hopeless(photos_given, recipe, validation)
        trained = train.train(
            photos_given, recipe, report=hear, should_stop=should_stop, validation=validation,
            start=kept[0] if kept else None, keep=keep,
        )  # fmt: skip
        trained = comparison.better(trained, photos_given, recipe, report=report, should_stop=should_stop)
    proof = Proof()
    if not trained.stopped:
        proof = prove(photos_given, trained, recipe, folder=inputs.folder, report=report, should_stop=should_stop)
    if find_run(run.id).wish is Wish.DISCARD:
        raise RunError("stopped, and nothing was to be kept")
    again = None
    if given.validation is None:  # what a person has put aside is learned from by nothing
        again = refit.with_validation(trained, photos_given, report=report, should_stop=should_stop)
    pulse.require_own()  # or one run would make two versions
    report(Note(text="Writing and checking the model version"))
    return register(run, trained.recipe, dataset, trained, castings=castings, proof=proof, refit=again)


def _times(run: Run, photos: pd.DataFrame) -> NDArray[np.int64] | None:
    """How often each photo is learned from; none where all are once."""
    missed = photos["photo"].isin(run.missed).to_numpy()
    return np.where(missed, run.missed_times, 1) if missed.any() else None


def _told_of(given: ToLearn, report: Report) -> Report:
    """Passes events on; where the person's own validation photos are used, what is said of the photos says so."""
    own = given.validated_on
    return lambda event: report(replace(event, own_validation=own) if isinstance(event, Prepared) else event)


def _with_progress(tell: Callable[[object], None], recipe: Recipe) -> Report:
    """Passes events on, and says how far the whole run is: its own network first, then those that prove it."""
    networks = 1 + recipe.folds + 3 * recipe.learning_curve
    # Nobody knows when a run ends that may end early, nor how long networks take that learn from fewer castings.
    even = not recipe.early_stopping and not recipe.learning_curve
    batches, share = 1, 0.0

    def report(event: Event) -> None:
        nonlocal batches, share
        tell(event)
        match event:
            case Prepared():
                batches = max(1, event.batches)
            case Note():
                tell(Doing(what=event.text, share=share, even=False))
            case PaintedDone():
                what = f"Learning to see painted defects, step {event.step} of {event.steps}"
                tell(Doing(what=what, share=share, even=False))
            case BatchDone():
                share = (event.epoch - 1 + event.batch / batches) / recipe.epochs / networks
                tell(Doing(what=f"Epoch {event.epoch} of {recipe.epochs}", share=share, even=even and networks == 1))
            case Further():
                before = 1 if event.task == "cross-validation" else 1 + recipe.folds
                share = (before + event.number - 1 + event.epoch / max(1, event.epochs)) / networks
                what = f"{event.task.capitalize()}, network {event.number} of {event.of}"
                tell(Doing(what=what, share=share, even=even))

    return report


def behind(told: Sequence[EpochDone]) -> Callable[[Sequence[EventRow]], tuple[int, list[Row]]]:
    """For ``Pulse.rewind``: what counts of the events that are written ends with these epochs.

    Those of them that never came to be written are told again. Without epochs nothing counts: the run begins anew.
    """

    def keep(rows: Sequence[EventRow]) -> tuple[int, list[Row]]:
        ends = [number for number, kind, _ in rows if kind == NAMES[EpochDone]][: len(told)]
        begun = [number for number, kind, _ in rows if told and kind == NAMES[Prepared]]
        return max([*ends, *begun[:1]], default=0), [encode(epoch) for epoch in told[len(ends) :]]

    return keep


def _fingerprint(photos: pd.DataFrame, validation: NDArray[np.bool_] | None) -> str:
    """A sha256 over what is learned from: each photo with its label and, unless drawn at random, its side."""
    sides = np.zeros(len(photos), dtype=bool) if validation is None else validation
    rows = photos[["photo", "label"]].assign(watched=sides)
    return hashlib.sha256(rows.to_csv(index=False, header=False).encode()).hexdigest()


def _castings(dataset: Dataset, recipe: Recipe, report: Report) -> "pd.Series[int] | None":
    """The casting of each photo; ``None`` where nobody asked for it and finding out would take its time."""
    by_casting = recipe.validation is Validation.CASTING or recipe.sampling is Sampling.CASTING
    needed = by_casting or recipe.folds or recipe.learning_curve
    if not casting_known(dataset):
        if not needed:
            return None
        report(Note(text="Finding out which photos show one casting"))
    return casting_of(dataset)


def _validation(photos: pd.DataFrame, of_photo: NDArray[np.int64] | None, recipe: Recipe) -> NDArray[np.bool_] | None:
    """Which of the photos are to watch, where the recipe wants whole castings for that; else ``None``.

    ``of_photo`` is the casting of each photo.
    """
    if recipe.validation is Validation.RANDOM or of_photo is None or recipe.sound_only:
        return None
    try:
        return held_out(of_photo, photos["label"].to_numpy(dtype=int), share=recipe.validation_share, seed=recipe.seed)
    except DatasetError as error:
        raise RunError(f"{error}; add castings, or draw the validation photos at random") from error


def _sound_validation(photos: pd.DataFrame, of_photo: NDArray[np.int64] | None, recipe: Recipe) -> NDArray[np.bool_]:
    """Which ok photos are held out of a training on sound castings only; whole castings, where they are known."""
    castings = np.arange(len(photos)) if of_photo is None or recipe.validation is Validation.RANDOM else of_photo
    ok, out = photos["label"].to_numpy() == Label.OK, np.zeros(len(photos), dtype=bool)
    try:
        out[ok] = some_of(castings[ok], share=recipe.validation_share, seed=recipe.seed)
    except DatasetError as error:
        raise RunError(f"{error}; add castings, or draw the validation photos at random") from error
    return out
