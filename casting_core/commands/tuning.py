"""The command that searches for settings, alone or with several workers."""

import time
from pathlib import Path
from typing import Any

import click

from casting_core.commands.recipe_options import recipe_asked, recipe_options
from casting_core.commands.terminal import answer, as_json, data_options, folder_rule, progress, say, sentences
from casting_core.errors import RunError
from casting_core.judging.objectives import USUAL_OBJECTIVE, Objective
from casting_core.learning.recipes.search_space import RANGES, Among, Between, Range, SearchSpace
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import State
from casting_core.workflows.datasets.opening import names_of, open_dataset
from casting_core.workflows.datasets.splits import FOLDERS, choose
from casting_core.workflows.search.studies import Plan, Study, studies

USUAL = ("learning_rate", "batch_size")
OWN = ("validation", "folds", "learning_curve")  # trials are judged on whole castings, and nothing comes after them
TICK = 0.5  # seconds between two looks at the workers


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="The dataset's folder.")
@click.option("--name", help="The study's name; 'study N' if not said.")
@click.option(
    "--vary", default=",".join(USUAL), metavar="LIST", help=f"Of {', '.join(RANGES)}; NAME=LOW:HIGH gives a range."
)
@click.option("--trials", type=int, help="The budget as a number of trials; 30 if no minutes are given.")
@click.option("--minutes", type=float, help="The budget as minutes instead.")
@click.option(
    "--objective", type=click.Choice([one.value for one in Objective]), default=USUAL_OBJECTIVE.value, show_default=True
)
@click.option("--false-alarms", type=float, default=0.02, show_default=True, help="Share allowed; for escapes.")
@click.option("--workers", type=int, default=1, show_default=True, help="Processes that share the study.")
@click.option("--seeds", type=int, default=3, show_default=True, help="Other seeds for the best few settings.")
@recipe_options(without=OWN)
@click.option("--resume", metavar="NAME", help="Go on with the newest study of this name.")
@data_options
@as_json
@sentences
def tune(*, data: Path | None, resume: str | None, as_json: bool, **options: Any) -> None:
    """Search for the settings that do best on castings held out.

    What does not vary is as recommended for the network, but for the settings given. Every trial is a training.
    Ctrl+C stops the search; --resume goes on with it. The best few settings are trained again with other seeds, so
    that luck is not taken for progress.
    """
    from casting_core.workflows.search import (
        search as tuning,  # Optuna takes a quarter of a second that only a search must pay
    )

    if resume is not None:
        found = _named(resume)
        tuning.resume(found)
    elif data is None:
        raise click.UsageError("say which photos to learn from: --data FOLDER")
    else:
        found = tuning.start(_plan(data, options))
    _wait(found)
    value, text = _told(found)
    answer(value, text, as_json=as_json)


def _plan(data: Path, options: dict[str, Any]) -> Plan:
    rule, folder = folder_rule(options), data.resolve()
    choose(open_dataset(folder, rule=rule, report=progress("read")), options["split"] or FOLDERS)
    trials = 30 if options["trials"] is None and options["minutes"] is None else options["trials"]
    return Plan(
        name=options["name"] or f"study {len(studies()) + 1}",
        dataset=NamedDataset(name=folder.name, folder=str(folder), rule=names_of(rule)),
        recipe=recipe_asked(options),
        space=SearchSpace(ranges=dict(_range(text) for text in options["vary"].split(",") if text.strip())),
        objective=Objective(options["objective"]),
        false_alarms=options["false_alarms"],
        trials=trials,
        minutes=options["minutes"],
        workers=options["workers"],
        seeds=options["seeds"],
    )


def _range(text: str) -> tuple[str, Range]:
    """A setting and its range from ``NAME`` or ``NAME=LOW:HIGH`` (numbers) or ``NAME=ONE:OTHER`` (values)."""
    name, _, ends = text.strip().partition("=")
    name = name.replace("-", "_")
    usual = RANGES.get(name)
    if usual is None:
        raise RunError(f"{name!r} cannot be varied (known: {', '.join(RANGES)})")
    if not ends:
        return name, usual
    parts = ends.split(":")
    if isinstance(usual, Among):
        words = {str(value).lower(): value for value in usual.values}
        return name, Among(values=tuple(words.get(part.lower(), part) for part in parts))
    try:
        low, high = (float(part) for part in parts)
    except ValueError as error:
        raise RunError(f"{text.strip()!r} is no range; write {name}=LOW:HIGH") from error
    return name, Between(low=low, high=high, whole=usual.whole, by_factors=usual.by_factors)


def _named(name: str) -> Study:
    known = studies()
    for study in known:
        if study.plan.name == name:
            return study
    raise RunError(f"there is no study {name!r} (known: {', '.join(study.plan.name for study in known) or 'none yet'})")


def _wait(study: Study) -> None:
    """Tells of every trial as it ends; returns when nobody works on the study any more."""
    from casting_core.workflows.search import search as tuning
    from casting_core.workflows.search.trials import trials

    told: set[int] = set()
    try:
        while True:
            over = tuning.standing(study).state.over
            for trial in trials(study):
                if trial.number not in told and trial.state not in ("waiting", "working"):
                    told.add(trial.number)
                    value = "" if trial.value is None else f"  {study.plan.objective} {trial.value:.4f}"
                    words = ", ".join(f"{name} {_short(value)}" for name, value in trial.settings.items())
                    say(f"trial {trial.number:>3}  {trial.state}{value}  {words}", err=True)
            if over:
                return
            time.sleep(TICK)
    except KeyboardInterrupt:
        tuning.stop(study)
        raise


def _told(study: Study) -> tuple[dict[str, Any], str]:
    from casting_core.workflows.search import search as tuning
    from casting_core.workflows.search import spread
    from casting_core.workflows.search.trials import trials

    now = tuning.standing(study)
    few = spread.spreads(study)
    best = next((one.trial for one in few if one.values), None)
    best = best or next((one.number for one in spread.best_few(study, 1)), None)
    if now.state is not State.FINISHED and best is None:
        raise RunError(f"study {study.plan.name!r} {now.state}: {now.message or 'no trial came to its end'}")
    recipe = spread.best_recipe(study, best).model_dump(mode="json") if best else None
    counted = [trial.state for trial in trials(study)]
    states = {state: counted.count(state) for state in sorted(set(counted))}
    value = {"study": study.plan.name, "state": now.state, "trials": states, "best": best, "recipe": recipe}
    lines = [f"Study {study.plan.name} {now.state}: " + ", ".join(f"{n} {state}" for state, n in states.items())]
    if recipe is None:
        lines.append("No trial came to its end, so there are no best settings.")
    else:
        varied = ", ".join(f"{name} {_short(recipe[name])}" for name in study.plan.space.ranges)
        lines.append(f"Best: trial {best}, {varied}")
    if (compared := spread.compare(study)) is not None:
        words = "clearly better than" if compared.clear else "within the noise of"
        lines.append(
            f"Over {compared.seeds} seeds it is {words} trial {compared.second} (mean gain {compared.gain:.4f})"
        )
        value["clear"] = compared.clear
    return value, "\n".join(lines)


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
