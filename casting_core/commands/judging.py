"""Commands that judge: the figures of a split, the verdicts of photos, the places of defects."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casting_core.commands.terminal import (
    answer,
    as_json,
    data_options,
    folder_rule,
    model_option,
    point_by_hand,
    progress,
    say,
    sentences,
    threshold_option,
)
from casting_core.errors import CastingError
from casting_core.judging.localisation import NEAR
from casting_core.wording import printable, readable
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.datasets.splits import part_of
from casting_core.workflows.judging import evaluate as evaluation
from casting_core.workflows.judging import inspect
from casting_core.workflows.judging.independence import Independence, independence, learned_from
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.judging.refused import in_words, refused
from casting_core.workflows.stores import registry

if TYPE_CHECKING:
    from casting_core.judging.evaluation import Evaluation


@click.command()
@click.option("--data", required=True, type=click.Path(path_type=Path), help="The dataset's folder.")
@click.option("--split", default="test", show_default=True, help="train, test, unsplit, all, or a split by casting.")
@model_option
@threshold_option
@data_options
@as_json
@sentences
def evaluate(
    *, data: Path, split: str, model: str | None, threshold: float | None, as_json: bool, **folders: tuple[str, ...]
) -> None:
    """Score a split and compare with its labels. Without --model: the newest version, the one to decide about."""
    loaded = load_model(model or registry().newest())
    dataset = open_dataset(data, rule=folder_rule(folders), report=progress("read"))
    point = point_by_hand(threshold) or loaded.point
    result, table = evaluation.evaluate_split(*part_of(dataset, split), loaded, point=point, report=progress("scored"))
    castings = casting_of(dataset, report=progress("compared"))
    behind = independence(table, castings, learned_from(loaded.card))
    about = {"model": loaded.card.name, "split": split, "threshold": point.threshold}
    headline = (
        f"Model {loaded.card.name}, {result.photos} photos of {behind.whole.castings} castings, split {split}, "
        f"threshold {point.threshold:g}"
    )
    lost = int((~table["found"]).sum())
    told_of = {"castings": behind.whole.castings, "not_found": lost}
    values = about | evaluation.figures(result, behind).model_dump(mode="json") | told_of
    turned_away = refused(table, loaded, report=progress("looked at by the gate"))
    values["gate"] = {"refused": len(turned_away), "photos": turned_away.to_dict("records")}
    told = [headline, _text(result), "", _behind(behind)]
    if lost:
        told.append(f"In {lost} photos the part was not found. They count as rejected: nobody can say that they pass.")
    told += [words] if (words := in_words(turned_away)) else []
    answer(values, "\n".join(told), as_json=as_json)


def _behind(found: Independence) -> str:
    """The figures by what the model knew of the castings; the last line is the one that counts."""
    parts = {"all": found.whole, "castings it has learned from": found.seen, "castings never seen": found.never_seen}
    lines = [f"{'':>30}photos  castings  accuracy  missed  false alarms"]
    for name, part in parts.items():
        if part is not None:
            accuracy = "-" if part.accuracy is None else f"{part.accuracy:.4f}"
            lines.append(
                f"{name:>30}{part.photos:>6}{part.castings:>10}{accuracy:>10}{part.missed:>8}{part.false_alarms:>14}"
            )
    if found.never_seen is None:
        lines.append("Which of these castings the model has learned from is not known.")
    return "\n".join(lines)


def _text(result: "Evaluation") -> str:
    matrix = result.confusion
    lines = [
        f"accuracy {result.accuracy:.4f}, missed {result.missed}, false alarms {result.false_alarms}\n",
        result.text,
        f"{'':>18}judged ok   judged defective",
        f"{'ok':>15}{matrix[0][0]:>12}{matrix[0][1]:>19}",
        f"{'defective':>15}{matrix[1][0]:>12}{matrix[1][1]:>19}",
    ]
    return "\n".join(lines)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@model_option
@threshold_option
@click.option("--json", "_as_json", is_flag=True, help="Accepted for likeness; every line is a JSON object anyway.")
@sentences
def predict(*, paths: tuple[Path, ...], model: str | None, threshold: float | None, _as_json: bool) -> None:
    """Judge photos, or all photos in folders: one JSON object per line. Without --model: the one in production."""
    loaded = load_model(model)
    judged = without = 0
    found = inspect.predict(list(paths), loaded, point=point_by_hand(threshold), notice=_note)
    for path, finding in found:
        line = {
            "path": readable(str(path)),
            "sha256": finding.sha256 or None,
            "score": finding.score,
            "verdict": finding.verdict,
            "error": finding.reason or None,
        } | ({"note": finding.note} if finding.note else {})
        say(json.dumps(line))
        judged += 1
        without += finding.verdict is None
    if not judged:
        raise CastingError("there are no photos in " + ", ".join(repr(readable(str(path))) for path in paths))
    if without:
        raise CastingError(f"{without} {'photo' if without == 1 else 'photos'} got no verdict; the lines above say why")


def _note(sentence: str) -> None:
    """A sentence beside the lines for machines."""
    say(printable(sentence), err=True)


@click.command()
@click.option(
    "--data", required=True, type=click.Path(path_type=Path), help="A folder made by 'sample', or one with masks."
)
@click.option("--split", default="test", show_default=True)
@model_option
@as_json
@sentences
def localise(*, data: Path, split: str, model: str | None, as_json: bool) -> None:
    """Measure on castings with drawn defects or with masks how often the heat map peaks on the defect."""
    loaded = load_model(model or registry().newest())
    found = evaluation.localise(open_dataset(data, report=progress("read")), split, loaded)
    near = int((found["distance"] <= NEAR).sum())
    share = near / len(found) if len(found) else None
    about = {"model": loaded.card.name, "split": split, "found": len(found), "near": near}
    text = f"{near} of {len(found)} found defects have their heat map's peak within {NEAR:.0f} pixels of the defect"
    answer(about | {"within_pixels": NEAR, "share": share}, text, as_json=as_json)
