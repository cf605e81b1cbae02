"""The command that trains, and what it tells on the way."""

from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from casting_core.commands.models import summary
from casting_core.commands.terminal import answer, as_json, data_options, folder_rule, progress, sentences
from casting_core.errors import RunError, wanted
from casting_core.learning.recipes.events import EpochDone, Event, FoldDone, Further, Note, Prepared, ShareDone
from casting_core.learning.recipes.recipe import NetworkName, Recipe, Schedule, Validation, recommended
from casting_core.records.card import ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.workflows.datasets.opening import names_of, open_dataset
from casting_core.workflows.datasets.splits import FOLDERS, choose
from casting_core.workflows.training import line
from casting_core.workflows.training import train as training

GUIDE = Recipe()


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="The dataset's folder.")
@click.option("--network", type=click.Choice([name.value for name in NetworkName]), default=GUIDE.network.value)
@click.option("--epochs", type=int, help=f"How often every photo is seen; {GUIDE.epochs} for classic.")
@click.option("--batch-size", type=int, help=f"Photos per step; {GUIDE.batch_size} for classic.")
@click.option("--learning-rate", type=float, help=f"{GUIDE.learning_rate:g} for classic.")
@click.option("--schedule", type=click.Choice([way.value for way in Schedule]), help="How the learning rate goes on.")
@click.option("--split", help="A split by casting, as 'split' keeps them; otherwise that of the folders.")
@click.option(
    "--validation",
    type=click.Choice([way.value for way in Validation]),
    help=f"How validation photos are drawn: whole castings, or at random as the guide does; {GUIDE.validation.value}.",
)
@click.option(
    "--validation-share", type=float, help=f"Of the photos to train on; {GUIDE.validation_share:g} for classic."
)
@click.option("--augmentation/--no-augmentation", default=None, help="Turned, mirrored, brighter and darker copies.")
@click.option("--class-weights/--no-class-weights", default=None, help="Let the rarer class count more.")
@click.option("--seed", type=int, help="The same seed draws the same validation photos.")
@click.option("--repeatable/--not-repeatable", default=None, help="The same seed gives the same weights, bit by bit.")
@click.option("--folds", type=int, help="Then cross-validate over so many folds of castings.")
@click.option("--learning-curve/--no-learning-curve", default=None, help="Then find out what more castings are worth.")
@click.option("--resume", type=int, metavar="N", help="Go on with run N, which broke off or was stopped.")
@click.option("--run", type=int, hidden=True, help="Do the run of this number, which a page has noted down.")
@data_options
@as_json
@sentences
def train(*, data: Path | None, run: int | None, resume: int | None, as_json: bool, **options: Any) -> None:
    """Train a network on a dataset and register the result as a model version.

    What is not said is as recommended for the network: for classic, the guide's recipe. One run works at a time on this
    machine; where another one does, this one waits for its turn.
    """
    if run is None:
        if resume is None and data is None:
            raise click.UsageError("say which photos to learn from: --data FOLDER")
        run = _note_run(data, options) if data is not None else line.resume_here(resume or 0).id
        line.take_turn(run, listen=_tell)
    card = training.work(run, listen=_tell)
    answer(_final(card), f"Model {card.name} registered.\n{summary(card)}", as_json=as_json)


def _note_run(data: Path, options: dict[str, Any]) -> int:
    """The number of a new run; a recipe or a folder that will not do is refused before it becomes one."""
    rule, folder = folder_rule(options), data.resolve()
    choose(open_dataset(folder, rule=rule, report=progress("read")), options["split"] or FOLDERS)
    said = {name: value for name, value in options.items() if value is not None and not name.endswith("_folders")}
    recipe = recipe_of(said, recommended(NetworkName(options["network"])))
    named = NamedDataset(name=folder.name, folder=str(folder), rule=names_of(rule))
    return training.note_run(named, recipe, here=True).id


def recipe_of(said: dict[str, Any], otherwise: Recipe) -> Recipe:
    """A recipe with some of its settings said otherwise; ``RunError`` names the option that will not do."""
    try:
        return Recipe.model_validate(otherwise.model_dump() | said)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).replace("_", "-")
        raise RunError(f"--{name} {first['input']} will not do: {wanted(first)}") from error


def _tell(event: Event) -> None:
    """What a person at the terminal wants to know of a training, on standard error."""
    match event:
        case Note():
            click.echo(f"{event.text} ...", err=True)
        case Prepared():
            click.echo(f"{event.train_photos} photos to train on, {event.validation_photos} to validate on", err=True)
        case EpochDone():
            click.echo(
                f"epoch {event.epoch:>3}  loss {event.loss:.4f}  accuracy {event.accuracy:.4f}  validation loss "
                f"{event.validation_loss:.4f}  accuracy {event.validation_accuracy:.4f}  {event.seconds:.1f} s",
                err=True,
            )
        case Further(epoch=0):
            click.echo(f"{event.task}: network {event.number} of {event.of} ...", err=True)
        case FoldDone():
            click.echo(f"fold {event.fold}: AUC {event.auc:.4f} on {event.castings} castings never seen", err=True)
        case ShareDone():
            click.echo(f"{event.castings} castings: accuracy {event.accuracy:.4f}  AUC {event.auc:.4f}", err=True)
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
