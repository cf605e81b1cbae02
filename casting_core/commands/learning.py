"""The command that trains, and what it tells on the way."""

from pathlib import Path
from typing import Any

import click

from casting_core.commands.recipe_options import recipe_asked, recipe_options
from casting_core.commands.terminal import answer, as_json, data_options, folder_rule, progress, say, sentences
from casting_core.commands.versions.models import summary
from casting_core.jobs import control
from casting_core.learning.recipes.events import (
    Compared,
    EpochDone,
    Event,
    FoldDone,
    Further,
    Note,
    Prepared,
    ShareDone,
)
from casting_core.records.card import ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.workflows.datasets.judgeable import too_small, vanishing
from casting_core.workflows.datasets.opening import names_of, open_dataset
from casting_core.workflows.datasets.own_validation import in_both, to_learn
from casting_core.workflows.datasets.splits import FOLDERS, choose
from casting_core.workflows.training import runs
from casting_core.workflows.training import train as training


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="The dataset's folder.")
@recipe_options()
@click.option("--resume", type=int, metavar="N", help="Go on with run N, which broke off or was stopped.")
@data_options
@as_json
@sentences
def train(*, data: Path | None, resume: int | None, as_json: bool, **options: Any) -> None:
    """Train a network on a dataset and register the result as a model version.

    What is not said is as recommended for the network; for classic that is the guide's recipe. One run works at a time
    on this machine; where another one does, this one waits for its turn.
    """
    if resume is None and data is None:
        raise click.UsageError("say which photos to learn from: --data FOLDER")
    run = _note_run(data, options) if data is not None else runs.resume_here(resume or 0).id
    control.take_turn(run, tell=lambda text: _tell(Note(text=text)))
    card = training.work(run, listen=_tell)
    answer(_final(card), f"Model {card.name} registered.\n{summary(card)}", as_json=as_json)


def _note_run(data: Path, options: dict[str, Any]) -> int:
    """The number of a new run; a recipe or a folder that will not do is refused before it becomes one."""
    rule, folder = folder_rule(options), data.resolve()
    dataset = choose(open_dataset(folder, rule=rule, report=progress("read")), options["split"] or FOLDERS)
    recipe = recipe_asked(options)
    for note in (to_learn(dataset).unused, *too_small(dataset), vanishing(dataset, seen_at=recipe.image_size)):
        _say_note(note)
    named = NamedDataset(name=folder.name, folder=str(folder), rule=names_of(rule))
    return runs.note_run_here(named, recipe).id


def _say_note(note: str) -> None:
    if note:
        say(f"{note[:1].upper()}{note[1:]}.", err=True)


def _tell(event: Event) -> None:
    """What a person at the terminal wants to know of a training, on standard error."""
    match event:
        case Note():
            say(f"{event.text} ...", err=True)
        case Prepared():
            own = ", those of the validation folder" if event.own_validation else ""
            say(f"{event.train_photos} photos to train on, {event.validation_photos} to validate on{own}", err=True)
            if event.castings_in_both:
                _say_note(in_both(event.castings_in_both))
        case EpochDone():
            say(
                f"epoch {event.epoch:>3}  loss {event.loss:.4f}  accuracy {event.accuracy:.4f}  validation loss "
                f"{event.validation_loss:.4f}  accuracy {event.validation_accuracy:.4f}  {event.seconds:.1f} s",
                err=True,
            )
        case Compared():
            say(
                f"{event.network} AUC {event.auc:.4f}, {event.other} {event.other_auc:.4f} "
                f"on {event.castings} castings held out; {event.chosen} is kept",
                err=True,
            )
        case Further(epoch=0):
            say(f"{event.task}: network {event.number} of {event.of} ...", err=True)
        case FoldDone():
            say(f"fold {event.fold}: AUC {event.auc:.4f} on {event.castings} castings never seen", err=True)
        case ShareDone():
            say(f"{event.castings} castings: accuracy {event.accuracy:.4f}  AUC {event.auc:.4f}", err=True)
        case _:
            pass


def _final(card: ModelCard) -> dict[str, Any]:
    best = card.curves[card.best_epoch - 1]
    names = ("loss", "accuracy", "validation_loss", "validation_accuracy")
    seconds = round(sum(epoch.seconds for epoch in card.curves), 1)
    return {
        "model": card.name,
        "run": card.run,
        "epochs": len(card.curves),
        "best_epoch": card.best_epoch,
        "seconds": seconds,
        **{name: getattr(best, name) for name in names},
        "metrics": {split: figures.model_dump(mode="json") for split, figures in card.metrics.items()},
    }
