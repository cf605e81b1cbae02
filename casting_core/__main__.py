"""The command line: the same workflows as on the pages. ``python -m casting_core --help`` shows them.

Exit codes: 0 only when the job was done, 2 with one sentence on standard error when it was not.
"""

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click
from pydantic import ValidationError

from casting_core.data.datasets import Dataset, counts
from casting_core.data.folders import ClassRule
from casting_core.domain import Label, OperatingPoint
from casting_core.errors import CastingError, RunError
from casting_core.learning.events import BatchDone, EpochDone, Event, Note, Prepared
from casting_core.learning.recipe import NetworkName, Recipe, Validation
from casting_core.records.datasets import NamedDataset
from casting_core.records.registry import ModelCard
from casting_core.workflows import judge as judging
from casting_core.workflows import train as training
from casting_core.workflows.installation import names_of, open_dataset, registry, run_log

P = ParamSpec("P")
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, for machines.")
model_option = click.option("--model", metavar="NAME", help="A model version, as 'models list' shows them.")


def sentences(command: Callable[P, None]) -> Callable[P, None]:
    """Turns the project's own errors into one sentence and exit code 2; anything else is a bug and keeps its traceback."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except CastingError as error:
            click.echo(f"Error: {_plain(str(error))}", err=True)
            sys.exit(2)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            sys.exit(130)

    return wrapped


def data_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what class folders mean; ``folder_rule`` reads them."""
    for label in Label:
        text = f"A class folder that holds {label.word} castings, beside the names known already; may be repeated."
        command = click.option(f"--{label.word}", f"{label.word}_folders", multiple=True, metavar="FOLDER", help=text)(
            command
        )
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Visual inspection of castings: data, training, judging."""


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--castings", default=200, show_default=True, type=click.IntRange(min=1))
@click.option("--copies", default=3, show_default=True, type=click.IntRange(min=1), help="Photos of each casting.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0))
@click.option("--leaky", is_flag=True, help="Spread the photos of one casting over train and test.")
@as_json
@sentences
def sample(out: Path, castings: int, copies: int, seed: int, leaky: bool, as_json: bool) -> None:
    """Draw castings with known defects into the empty folder OUT."""
    from casting_core.data.synthetic import write_sample

    photos = write_sample(out, castings=castings, copies=copies, seed=seed, leaky=leaky, report=_progress("drawn"))
    _answer(
        as_json,
        {"folder": str(out), "castings": castings, "photos": photos},
        f"{photos} photos of {castings} castings in {out}",
    )


@main.command()
@click.argument("data", type=click.Path(path_type=Path))
@data_options
@as_json
@sentences
def scan(data: Path, as_json: bool, **folders: tuple[str, ...]) -> None:
    """Read the dataset in the folder DATA and say what is in it."""
    dataset = open_dataset(data, rule=folder_rule(folders), report=_progress("read"))
    photos = counts(dataset.usable)
    rows = [
        {"split": row.split, "label": Label(int(row.label)).word, "photos": int(row.photos)}
        for row in photos.itertuples()
    ]
    problems = dataset.problems[["path", "problem"]].to_dict("records")
    found = {
        "folder": str(dataset.root),
        "photos": len(dataset.usable),
        "different": int(dataset.usable["photo"].nunique()),
        "counts": rows,
        "problems": problems,
        "fingerprint": dataset.fingerprint,
    }
    lines = [f"{found['photos']} photos in {dataset.root}, {found['different']} different by content"]
    lines += [f"  {row['split']:<11}{row['label']:<10}{row['photos']:>7}" for row in rows]
    lines += [f"{len(problems)} files cannot be used:"] * bool(problems)
    lines += [f"  {_plain(problem['path'])}: {_plain(problem['problem'])}" for problem in problems]
    _answer(as_json, found, "\n".join(lines))


@main.command()
@click.option("--data", type=click.Path(path_type=Path), help="The dataset's folder.")
@click.option("--network", type=click.Choice([name.value for name in NetworkName]), default=Recipe().network.value)
@click.option("--epochs", default=Recipe().epochs, show_default=True)
@click.option("--batch-size", default=Recipe().batch_size, show_default=True)
@click.option("--learning-rate", default=Recipe().learning_rate, show_default=True)
@click.option("--validation", type=click.Choice([way.value for way in Validation]), default=Recipe().validation.value)
@click.option("--validation-share", default=Recipe().validation_share, show_default=True)
@click.option("--augmentation", is_flag=True, help="Turned, mirrored, brighter and darker copies while training.")
@click.option("--class-weights", is_flag=True, help="Let the rarer class count more.")
@click.option("--seed", default=Recipe().seed, show_default=True)
@click.option("--run", type=int, hidden=True, help="Do the run of this number, which a page has noted down.")
@data_options
@as_json
@sentences
def train(data: Path | None, run: int | None, as_json: bool, **options: Any) -> None:
    """Train a network on a dataset and register the result as a model version."""
    rule = folder_rule(options)
    if run is None:
        if data is None:
            raise click.UsageError("say which photos to learn from: --data FOLDER")
        settings = {name: value for name, value in options.items() if not name.endswith("_folders")}
        open_dataset(
            data, rule=rule, report=_progress("read")
        )  # a folder that will not do is refused before it becomes a run
        dataset = NamedDataset(name=data.resolve().name, folder=str(data.resolve()), rule=names_of(rule))
        run = training.note_run(dataset, _recipe(settings)).id
    card = training.work(run, listen=_tell)
    _answer(as_json, _final(card), f"Model {card.name} registered.\n{_summary(card)}")


@main.command()
@click.option("--data", required=True, type=click.Path(path_type=Path), help="The dataset's folder.")
@click.option("--split", default="test", show_default=True, help="train, validation, test, unsplit or all.")
@model_option
@click.option("--threshold", type=click.FloatRange(0, 1), help="Instead of the model's own.")
@data_options
@as_json
@sentences
def evaluate(
    data: Path, split: str, model: str | None, threshold: float | None, as_json: bool, **folders: tuple[str, ...]
) -> None:
    """Score a split and compare with its labels. Without --model: the newest version, for it is the one to decide about."""
    loaded = judging.load_model(model or registry().newest())
    dataset = open_dataset(data, rule=folder_rule(folders), report=_progress("read"))
    point = loaded.point if threshold is None else OperatingPoint(threshold=threshold, chosen="given by hand")
    result, _ = judging.evaluate_split(dataset, split, loaded, point=point, report=_progress("scored"))
    about = {"model": loaded.card.name, "split": split, "threshold": point.threshold}
    matrix = result.confusion
    lines = [
        f"Model {loaded.card.name}, {result.photos} photos of split {split}, threshold {point.threshold:g}",
        f"accuracy {result.accuracy:.4f}, missed {result.missed}, false alarms {result.false_alarms}\n",
        result.text,
        f"{'':>18}judged ok   judged defective",
        f"{'ok':>15}{matrix[0][0]:>12}{matrix[0][1]:>19}",
        f"{'defective':>15}{matrix[1][0]:>12}{matrix[1][1]:>19}",
    ]
    _answer(as_json, about | judging.figures(result), "\n".join(lines))


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@model_option
@click.option("--threshold", type=click.FloatRange(0, 1), help="Instead of the model's own.")
@click.option("--json", "_as_json", is_flag=True, help="Accepted for likeness; every line is a JSON object anyway.")
@sentences
def predict(paths: tuple[Path, ...], model: str | None, threshold: float | None, _as_json: bool) -> None:
    """Judge photos, or all photos in folders: one JSON object per line. Without --model: the one in production."""
    loaded = judging.load_model(model)
    point = None if threshold is None else OperatingPoint(threshold=threshold, chosen="given by hand")
    without = 0
    for path, finding in judging.predict(list(paths), loaded, point=point):
        line = {
            "path": str(path),
            "sha256": finding.sha256 or None,
            "score": finding.score,
            "verdict": finding.verdict,
            "error": finding.reason or None,
        }
        click.echo(json.dumps(line))
        without += finding.verdict is None
    if without:
        raise CastingError(f"{without} {'photo' if without == 1 else 'photos'} got no verdict; the lines above say why")


@main.command()
@click.option("--data", required=True, type=click.Path(path_type=Path), help="A folder made by 'sample'.")
@click.option("--split", default="test", show_default=True)
@model_option
@as_json
@sentences
def localise(data: Path, split: str, model: str | None, as_json: bool) -> None:
    """Measure on drawn castings how often the heat map peaks on the defect."""
    from casting_core.judging.localisation import NEAR

    loaded = judging.load_model(model or registry().newest())
    found = judging.localise(open_dataset(data, report=_progress("read")), split, loaded)
    near = int((found["distance"] <= NEAR).sum())
    share = near / len(found) if len(found) else None
    about = {
        "model": loaded.card.name,
        "split": split,
        "found": len(found),
        "near": near,
        "within_pixels": NEAR,
        "share": share,
    }
    text = f"{near} of {len(found)} found defects have their heat map's peak within {NEAR:.0f} pixels of the defect"
    _answer(as_json, about, text)


@main.group()
def models() -> None:
    """Model versions: list, show, promote, export."""


@models.command("list")
@as_json
@sentences
def list_models(as_json: bool) -> None:
    """All versions, the newest first; the one in production has a star."""
    store = registry()
    cards, production = store.cards(), store.production()
    rows = [
        {"name": card.name, "network": card.network, "created": card.created, "production": card.name == production}
        for card in cards
    ]
    lines = [
        f"{'*' if row['production'] else ' '} {row['name']:<10}{row['network']:<12}{row['created']}" for row in rows
    ]
    lines += [f"! {name:<10}{reason}" for name, reason in store.damaged().items()]
    _answer(as_json, {"models": rows, "damaged": store.damaged()}, "\n".join(lines))


@models.command()
@click.argument("name")
@as_json
@sentences
def show(name: str, as_json: bool) -> None:
    """The card of one version."""
    card = registry().card(name)
    _answer(as_json, card.model_dump(mode="json"), _summary(card))


@models.command()
@click.argument("name")
@as_json
@sentences
def promote(name: str, as_json: bool) -> None:
    """Put a version in production."""
    judging.load_model(name)  # what cannot judge must not be put where it has to
    registry().promote(name)
    _answer(as_json, {"production": name}, f"Model {name} is in production.")


@models.command()
@click.argument("name")
@click.argument("out", type=click.Path(path_type=Path))
@as_json
@sentences
def export(name: str, out: Path, as_json: bool) -> None:
    """Write everything of one version into the zip file OUT (or into the folder OUT as NAME.zip)."""
    target = out / f"{name}.zip" if out.is_dir() else out
    try:
        target.write_bytes(registry().archive(name))
    except OSError as error:
        raise CastingError(f"{target} cannot be written: {error.strerror}") from error
    _answer(as_json, {"model": name, "file": str(target)}, f"Model {name} is in {target}.")


def folder_rule(folders: dict[str, Any]) -> ClassRule:
    """The known names of class folders, and those given on the command line."""
    rule = ClassRule()
    for label in Label:
        for folder in folders[f"{label.word}_folders"]:
            rule = rule.assign(folder, label)
    return rule


def _recipe(options: dict[str, Any]) -> Recipe:
    try:
        return Recipe.model_validate(options)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).replace("_", "-")
        raise RunError(f"--{name} {first['input']} will not do: {first['msg']}") from error


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
        case BatchDone():
            pass


def _final(card: ModelCard) -> dict[str, Any]:
    best = card.curves[card.best_epoch - 1]
    names = ("loss", "accuracy", "validation_loss", "validation_accuracy")
    seconds = round(sum(epoch["seconds"] for epoch in card.curves), 1)
    return {
        "model": card.name,
        "run": card.run,
        "epochs": len(card.curves),
        "best_epoch": card.best_epoch,
        "seconds": seconds,
        **{name: best[name] for name in names},
        "metrics": card.metrics,
    }


def _summary(card: ModelCard) -> str:
    lines = [
        f"name          {card.name}",
        f"created       {card.created}" + (f" by run {card.run}" if card.run else ""),
        f"network       {card.network}, {card.parameters:,} weights",
        f"recipe        {', '.join(f'{name} {value}' for name, value in card.recipe.items())}",
        f"data          {_plain(card.data['name'])}, {card.data['trained_on']} photos trained on, {card.data['validated_on']} validated on",
        f"best epoch    {card.best_epoch} of {len(card.curves)}" + (", stopped by a person" if card.stopped else ""),
        f"threshold     {card.threshold:g} ({card.threshold_chosen})",
    ]
    for split, figures in card.metrics.items():
        lines.append(
            f"{split:<14}accuracy {figures['accuracy']:.4f}, missed {figures['missed']}, "
            f"false alarms {figures['false_alarms']} of {figures['photos']} photos"
        )
    return "\n".join(lines)


def _progress(done_word: str) -> Callable[[int, int], None]:
    """A line that counts, on a terminal only: a log file wants the result, not the way to it."""

    def report(done: int, total: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done} of {total} photos {done_word}", err=True, nl=done == total)

    return report


def _answer(as_json: bool, value: dict[str, Any], text: str) -> None:
    click.echo(json.dumps(value) if as_json else text)


def _plain(text: str) -> str:
    """Text from outside without control characters: a file name must not drive the terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


if __name__ == "__main__":
    main()
