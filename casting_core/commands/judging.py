"""Commands that judge: the figures of a split, the verdicts of photos, the places of defects."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casting_core.commands.batch import judge_into
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
from casting_core.domain import WRONG_CASTING, Figures
from casting_core.errors import CastingError
from casting_core.judging.localisation import NEAR
from casting_core.judging.prevalence import probability, truly_defective
from casting_core.wording import few, percent, printable, readable, rule
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging import evaluate as evaluation
from casting_core.workflows.judging import inspect, plant
from casting_core.workflows.judging.measuring.measure import measure
from casting_core.workflows.judging.measuring.worth import Fitness
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.judging.refused import in_words, refused
from casting_core.workflows.judging.scores import score_of
from casting_core.workflows.recipes import recipe_on
from casting_core.workflows.stores import registry

if TYPE_CHECKING:
    from casting_core.judging.evaluation import Evaluation


rate_option = click.option(
    "--defect-rate",
    type=float,
    metavar="SHARE",
    help="The share of your castings that is defective, as 0.02; otherwise the one that was kept on the Overview.",
)


@click.command()
@click.option("--data", required=True, type=click.Path(path_type=Path), help="The dataset's folder.")
@click.option("--split", default="test", show_default=True, help="train, test, unsplit, all, or a split by casting.")
@model_option
@threshold_option
@rate_option
@data_options
@as_json
@sentences
def evaluate(
    *,
    data: Path,
    split: str,
    model: str | None,
    threshold: float | None,
    defect_rate: float | None,
    as_json: bool,
    **folders: tuple[str, ...],
) -> None:
    """Score a split and compare with its labels. Without --model: the newest version, the one to decide about."""
    rate = _rate(defect_rate)
    loaded = load_model(model or registry().newest())
    dataset = open_dataset(data, rule=folder_rule(folders), report=progress("read"))
    point = point_by_hand(threshold) or loaded.point
    found = measure(dataset, split, loaded, point=point, read=progress("scored"), compared=progress("compared"))
    about = {"model": loaded.card.name, "split": split, "threshold": point.threshold, "upper": point.upper}
    lost, between = int((~found.table["found"]).sum()), evaluation.between_thresholds(found.table, point)
    score = score_of(split, found.figures)
    values = found.figures.model_dump(mode="json")
    first = about | {"castings": values["whole"]["outcomes"], "castings_rule": WRONG_CASTING, "proves": score.proves}
    told = [f"Model {loaded.card.name}, split {split}, threshold {point.limits}", ""]
    told += [_behind(found.figures)]
    if rate is not None and score.outcomes is not None:
        first |= {"defect_rate": rate, "rejects_truly_defective": truly_defective(score.outcomes, rate)}
        told.append(plant.meaning(score.outcomes, rate))
    told += ["", *_by_kind(found.figures), _text(found.evaluation)]
    told += [evaluation.not_found(lost)] if lost else []
    told += [evaluation.to_look_at(between)] if between else []
    turned_away = refused(found.table, loaded, report=progress("looked at by the gate"))
    gate = {"refused": len(turned_away), "photos": turned_away.to_dict("records")}
    told += [words] if (words := in_words(turned_away)) else []
    answer(first | values | {"inspect": lost + between, "gate": gate}, "\n".join(told), as_json=as_json)


def _rate(given: float | None) -> float | None:
    """The defect rate that was given, or the one that was kept."""
    return plant.defect_rate() if given is None else plant.checked(given)


def _behind(found: Figures) -> str:
    """The castings by class and by what the model knew of them; the last row is the one that counts."""
    parts = {
        "all": found.whole,
        "castings it has learned from": found.seen,
        "castings that chose something": found.chose,
        "castings never seen": found.never_seen,
    }
    lines = [
        f"{'':>30}{'defective':>10}{'escaped':>9}{'at most':>9}{'ok':>8}{'rejected':>10}{'at most':>9}{'photos':>9}"
    ]
    for name, part in parts.items():
        if part is not None and part.outcomes is not None:
            bad, good = part.outcomes.defective, part.outcomes.ok
            lines.append(
                f"{name:>30}{bad.n:>10}{bad.wrong:>9}{percent(bad.upper):>9}"
                f"{good.n:>8}{good.wrong:>10}{percent(good.upper):>9}{part.photos:>9}"
            )
    lines.append("Castings; at most: of all such castings, with 95 % confidence, exact.")
    counted = found.never_seen or found.whole
    if counted is not None and counted.outcomes is not None:
        lines += [rule(counted.outcomes), *filter(None, [few(counted.outcomes)])]
    if found.seen is None:
        lines.append("Which of these castings the model has learned from is not known.")
    elif found.never_seen is None:
        lines.append(
            "Not all photos that the model learned from are here, so it is not known which of the other castings it "
            "has seen."
        )
    return "\n".join(lines)


def _by_kind(found: Figures) -> list[str]:
    """Defective castings by kind of defect, those never seen where there are any; nothing where no kind is known."""
    new = found.never_seen if found.never_seen is not None and found.never_seen.photos else None
    part = new or found.whole
    if part is None or not part.kinds:
        return []
    which = "castings never seen" if new else "all castings"
    lines = [f"{f'kind of defect ({which})':>44}{'castings':>10}{'escaped':>9}{'at most':>9}{'found':>8}{'named':>8}"]
    for kind, outcome in part.kinds.items():
        named = "" if outcome.named is None else str(outcome.named)
        shown = printable(kind)[:40]
        lines.append(
            f"{shown:>44}{outcome.n:>10}{outcome.wrong:>9}{percent(outcome.upper):>9}{outcome.found:>8}{named:>8}"
        )
    lines.append(
        "Found: photos of these castings that are rejected; named: of those, the kind was suggested rightly.\n"
    )
    return lines


def _text(result: "Evaluation") -> str:
    matrix = result.confusion
    lines = [
        f"Photos, of which several may show one casting: {result.photos}, accuracy {result.accuracy:.4f}, "
        f"missed {result.missed}, false alarms {result.false_alarms}\n",
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
@rate_option
@click.option(
    "--csv", "table", type=click.Path(path_type=Path), metavar="FILE",
    help="Judge one folder or zip file as a batch, on all cores, into a table; it is one row of the ledger.",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on with the batch for this table that broke off; with --csv.")
@click.option("--json", "_as_json", is_flag=True, help="Accepted for likeness; every line is a JSON object anyway.")
@sentences
def predict(
    *,
    paths: tuple[Path, ...],
    model: str | None,
    threshold: float | None,
    defect_rate: float | None,
    table: Path | None,
    resume: bool,
    _as_json: bool,
) -> None:
    """Judge photos, or all photos in folders: one JSON object per line. Without --model: the one in production.

    A line has a warning where the model was not made for the part in the photo, as far as that is known here.
    With a defect rate each line says the probability of defective, where the model's scores are calibrated.
    """
    if resume and table is None:
        raise CastingError("--resume goes on with a batch, so say for which table: --csv FILE")
    if table is not None:
        if len(paths) != 1 or defect_rate is not None:
            raise CastingError("with --csv give one folder or zip file, and no defect rate")
        judge_into(paths[0], table, model=model, point=point_by_hand(threshold), resume=resume)
        return
    rate = _rate(defect_rate)
    loaded = load_model(model)
    calibrated = recipe_on(loaded.card).calibrate
    fitness, warned = Fitness(loaded.card), set[str]()
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
        if finding.kind:
            line |= {"kind": finding.kind, "kind_probability": finding.kind_probability}
        if warning := fitness.warning(path):
            line["warning"] = warning
            if warning not in warned:
                say(f"Note: {warning}", err=True)
            warned.add(warning)
        if rate is not None:
            known = calibrated and finding.score is not None
            line["probability"] = probability(finding.score, rate) if known and finding.score is not None else None
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
