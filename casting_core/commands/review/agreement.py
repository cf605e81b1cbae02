"""The commands about studies of agreement."""

from pathlib import Path
from typing import Any

import click

from casting_core.commands.terminal import answer, as_json, data_options, folder_rule, progress, sentences
from casting_core.wording import count, listed, moment, printable
from casting_core.workflows.agreement import csv_file, plan, told
from casting_core.workflows.agreement.result import of_file, result
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.model import load_model


@click.group()
def agreement() -> None:
    """Studies of agreement: how well inspectors and a model repeat themselves, and agree with each other."""


@agreement.command("plan")
@click.option("--data", required=True, type=click.Path(path_type=Path), help="The dataset's folder.")
@click.option(
    "--model", metavar="NAME", help="Whose scores choose the borderline parts; the one in production if none."
)
@click.option("--appraiser", "appraisers", multiple=True, required=True, metavar="NAME", help="May be repeated.")
@click.option("--parts", default=plan.PARTS, show_default=True, type=int)
@click.option("--trials", default=plan.TRIALS, show_default=True, type=int, help="Rounds of each appraiser.")
@click.option("--borderline", default=plan.BORDERLINE, show_default=True, help="Share of the parts, 0.3 to 0.5.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0))
@click.option("--who", default="", help="Who plans it, for the ledger.")
@data_options
@as_json
@sentences
def plan_study(
    *,
    data: Path,
    model: str | None,
    appraisers: tuple[str, ...],
    parts: int,
    trials: int,
    borderline: float,
    seed: int,
    who: str,
    as_json: bool,
    **folders: tuple[str, ...],
) -> None:
    """Plan a study: parts near the operating point and clear ones, judged blind on the Agreement page."""
    dataset = open_dataset(data, rule=folder_rule(folders), report=progress("read"))
    made = plan.make(
        dataset,
        load_model(model),
        appraisers=appraisers,
        parts=parts,
        trials=trials,
        borderline=borderline,
        seed=seed,
        who=who,
        compared=progress("compared"),
        scored=progress("scored"),
    )
    text = (
        f"Study {made.study}: {count(len(made.parts), 'part')}, {made.borderline} of them borderline, "
        f"{count(made.trials, 'trial')} of {printable(listed(made.appraisers))}. Judge them on the "
        f"Agreement page, then: agreement result {made.study}"
    )
    values = {"study": made.study, "parts": len(made.parts), "borderline": made.borderline, "trials": made.trials}
    answer(values | {"appraisers": list(made.appraisers), "model": made.model}, text, as_json=as_json)


@agreement.command("list")
@as_json
@sentences
def list_studies(*, as_json: bool) -> None:
    """List the studies that were planned."""
    known = [plan.find(name) for name in plan.studies()]
    values = [{"study": one.study, "made": one.made, "model": one.model, "parts": len(one.parts)} for one in known]
    lines = [f"{one.study}  {moment(one.made)}  {count(len(one.parts), 'part')}, model {one.model}" for one in known]
    answer({"studies": values}, "\n".join(lines) or "No study yet: agreement plan makes one.", as_json=as_json)


@agreement.command("result")
@click.argument("study")
@click.option(
    "--model", "models", multiple=True, metavar="NAME", help="Versions as appraisers; that of the plan if none."
)
@as_json
@sentences
def show_result(*, study: str, models: tuple[str, ...], as_json: bool) -> None:
    """Evaluate STUDY as far as it has come, with the model as one of the appraisers."""
    planned = plan.find(study)
    outcome = result(planned, [load_model(name) for name in dict.fromkeys(models or (planned.model,))])
    values: dict[str, Any] = {"study": planned.study} | told.as_values(outcome)
    answer(values, f"Study {planned.study}\n{told.as_text(outcome)}", as_json=as_json)


@agreement.command("of")
@click.argument("file", type=click.Path(path_type=Path))
@as_json
@sentences
def of_table(*, file: Path, as_json: bool) -> None:
    """Evaluate a study from a CSV file with the columns part, appraiser, trial, answer and, if known, reference."""
    outcome = of_file(csv_file.read(file))
    answer(told.as_values(outcome), told.as_text(outcome), as_json=as_json)
