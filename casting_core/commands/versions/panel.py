"""The command that makes the honest panel of a version: what it is worth, what it bears, and what it reads."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from casting_core.commands.terminal import answer, as_json, data_options, folder_rule, progress, sentences
from casting_core.wording import escapes, false_alarms, percent, printable, proof
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.judging.panel.keep import kept, kept_at
from casting_core.workflows.judging.scores import score_of

if TYPE_CHECKING:
    from casting_core.judging.panel.panel import Panel
    from casting_core.judging.panel.stress import StressCurve


@click.command()
@click.argument("model")
@click.option("--data", required=True, type=click.Path(path_type=Path), help="The dataset's folder.")
@click.option("--again", is_flag=True, help="Measure anew, though nothing has changed since the last time.")
@data_options
@as_json
@sentences
def panel(*, model: str, data: Path, again: bool, as_json: bool, **folders: tuple[str, ...]) -> None:
    """Say what the version MODEL is worth: what it bears, and whether it reads the lamp or the metal.

    It takes about a minute, and is kept: the Models page shows the same.
    """
    from casting_core.judging.panel.verdict import verdict  # OpenCV and more, which other commands need not
    from casting_core.workflows.judging.panel.compute import compute

    loaded = load_model(model)
    dataset = open_dataset(data, rule=folder_rule(folders), report=progress("read"))
    place = kept_at(loaded.card, dataset, casting_of(dataset, report=progress("compared")))
    made = None if again else kept(place)
    if made is None:
        made = compute(dataset, loaded, read=progress("scored"), stressed=progress("judged under stress"))
    said = verdict(made)
    values = made.model_dump(mode="json")
    values |= {"reads": [one.value for one in said.reads], "verdict": said.first, "then": list(said.others)}
    answer(values, "\n".join([said.first, *said.others, "", *_lines(made)]), as_json=as_json)


def _lines(made: "Panel") -> list[str]:
    """The figures behind it, for a person."""
    found = score_of(made.split, made.figures)
    lines = [f"Model {made.version}, split {printable(made.split)}, threshold {made.threshold:g}"]
    if found.outcomes is not None:
        told = f"{escapes(found.outcomes)}, {false_alarms(found.outcomes)} ({found.meaning})."
        lines.append(f"{told} {proof(found.outcomes) if found.proves else 'That proves nothing.'}")
    if made.curves is not None:
        lines.append(f"Area under the ROC curve, by castings: {made.curves.auc:.3f}")
    if made.reliability is not None:
        lines.append(f"Scores are off by {percent(made.reliability.error)} in the mean, were both classes as many")
    if made.background is not None and made.background.auc is not None:
        lines.append(f"The background alone: AUC {made.background.auc:.2f}")
    lines += ["", f"Right, of {made.castings} castings under stress, as {made.photos} photos show them:"]
    return [*lines, *(line for one in made.stress for line in _curve(one))]


def _curve(one: "StressCurve") -> list[str]:
    rows = [f"{one.disturbance.value:>10}{'ok':>16}{'at most wrong':>15}{'defective':>16}{'at most wrong':>15}"]
    rows[0] += f"{'by the gate':>24}"
    for point in one.points:
        cells = "".join(
            f"{f'{found.n - found.wrong} of {found.n}':>16}{percent(found.upper):>15}"
            for found in (point.outcomes.ok, point.outcomes.defective)
        )
        turned = f"{point.refused} of {point.asked} turned away"
        rows.append(f"{point.strength:>10g}{cells}{turned:>24}")
    return rows
