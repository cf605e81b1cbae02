"""The command that says how good a recipe is on castings never seen."""

import tempfile
from collections import Counter
from itertools import product
from pathlib import Path
from statistics import mean
from typing import Any

import click
from pydantic import TypeAdapter

from casting_core.commands.recipe_options import recipe_asked, recipe_options
from casting_core.commands.terminal import answer, as_json, say, sentences
from casting_core.data.drawing.parts import Part
from casting_core.data.drawing.synthetic import write_sample
from casting_core.errors import DatasetError
from casting_core.learning.recipes.choices import RECOMMENDED, NetworkName
from casting_core.learning.recipes.recipe import Recipe
from casting_core.wording import escapes, false_alarms, proof, rule
from casting_core.workflows.training import study as studies
from casting_core.workflows.training.study import Sight, Validated

OWN = ("network", "split", "seed", "folds", "learning_curve")  # what a study says itself, or has no use for


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "--network",
    "networks",
    type=click.Choice([name.value for name in NetworkName]),
    multiple=True,
    help="May be said twice; otherwise all of them.",
)
@click.option("--folds", type=click.IntRange(min=2), default=4, show_default=True, help="Groups of castings.")
@click.option("--seeds", type=click.IntRange(min=1), default=3, show_default=True, help="How often all is repeated.")
@click.option("--stress/--no-stress", default=True, help="Also under other light, blur, compression and noise.")
@click.option("--products", is_flag=True, help="DATA holds products, a dataset in each folder: one table of all.")
@click.option("--drawn", is_flag=True, help="Also on 100 drawn impellers and 100 drawn brackets, three photos each.")
@recipe_options(without=OWN)
@as_json
@sentences
def study(
    *,
    data: Path,
    networks: tuple[str, ...],
    folds: int,
    seeds: int,
    stress: bool,
    products: bool,
    drawn: bool,
    as_json: bool,
    **instead: Any,
) -> None:
    """Cross-validate recipes over the castings in DATA: every photo is judged by a network that never saw its casting.

    Settings are as recommended for each network, but for those given. Some minutes for each seed. Nothing is
    registered.
    """
    usual = [RECOMMENDED] if products else list(NetworkName)
    chosen = {str(name): recipe_asked({**instead, "network": name}) for name in networks or usual}
    studied = _products_in(data) if products else {"": data.resolve()}
    plain = products and len(chosen) == 1  # the table tells the network in a column of its own

    def asked(studied: dict[str, Path], networks: list[str]) -> list[tuple[str, Path, Recipe]]:
        each = product(studied.items(), networks)
        return [(_name("" if plain else network, what), folder, chosen[network]) for (what, folder), network in each]

    results = _studied(asked(studied, list(chosen)), folds=folds, seeds=seeds, stress=stress)
    if drawn:
        network = RECOMMENDED.value if RECOMMENDED in chosen else list(chosen)[-1]
        with tempfile.TemporaryDirectory() as room:
            results |= _studied(asked(_drawn(Path(room)), [network]), folds=folds, seeds=seeds, stress=False)
    told = table(results) if products else "\n\n".join(_text(name, found, folds) for name, found in results.items())
    answer({name: [_values(one) for one in found] for name, found in results.items()}, told, as_json=as_json)


def _products_in(folder: Path) -> dict[str, Path]:
    """The datasets in the folders of a folder, by name; ``DatasetError`` where there is none."""
    found = {one.name: one.resolve() for one in sorted(folder.iterdir()) if one.is_dir()}
    if not found:
        raise DatasetError(f"no folders in {str(folder)!r}; with --products each folder in it is a dataset")
    return found


def _name(network: str, what: str) -> str:
    return ", ".join(one for one in (network, what) if one)


def _studied(
    asked: list[tuple[str, Path, Recipe]], *, folds: int, seeds: int, stress: bool
) -> dict[str, list[Validated]]:
    """What is found of each name, folder and recipe, seed by seed."""
    return {
        name: [
            studies.study(folder, recipe, folds=folds, seed=seed, stress=stress, report=_tell) for seed in range(seeds)
        ]
        for name, folder, recipe in asked
    }


def _drawn(room: Path) -> dict[str, Path]:
    """Drawn parts, a round one and one that is not."""
    for part in Part:
        write_sample(room / part.value, part=part, castings=100, copies=3)
    return {f"drawn {part.value}s": room / part.value for part in Part}


def table(results: dict[str, list[Validated]]) -> str:
    """One line for each product: means over seeds, and the castings wrong in each."""
    head = ("product", "network", "right", "AUC", "best baseline", "escaped", "false alarms", "s a fold", "MB")
    rows = [head, *(_row(name, found) for name, found in results.items())]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _row(name: str, found: list[Validated]) -> tuple[str, ...]:
    networks = Counter(one for result in found for one in result.networks)
    simple = {method: mean(one.baselines[method] for one in found) for method in found[0].baselines}
    best = max(simple, key=lambda method: simple[method])
    return (
        name,
        ", ".join(f"{network} {times}" for network, times in networks.most_common()),
        f"{mean(one.plain.accuracy for one in found):.4f}",
        f"{mean(one.auc_of_folds for one in found):.4f}",
        f"{simple[best]:.4f} {best}",
        ", ".join(f"{one.outcomes.defective.wrong} of {one.outcomes.defective.n}" for one in found),
        ", ".join(f"{one.outcomes.ok.wrong} of {one.outcomes.ok.n}" for one in found),
        f"{mean(seconds for one in found for seconds in one.seconds):.0f}",
        f"{max(one.megabytes for one in found):.0f}",
    )


def _values(one: Validated) -> dict[str, Any]:
    return TypeAdapter(Validated).dump_python(one, mode="json")  # type: ignore[no-any-return]


def _tell(doing: str) -> None:
    say(f"{doing} ...", err=True)


def _text(name: str, found: list[Validated], folds: int) -> str:
    first = found[0]
    seconds = [one for result in found for one in result.seconds]
    lines = [
        f"{name}: {first.photos} photos of {first.castings} castings, {folds} folds by casting, {len(found)} seeds, "
        f"{first.parameters:,} weights",
        f"  aligned {first.aligned}; not found in {max(one.not_found for one in found)} photos",
        *(f"  seed {one.seed:<20}{escapes(one.outcomes)}, {false_alarms(one.outcomes)}" for one in found),
        f"  {proof(first.outcomes)} (seed {first.seed})",
        f"  {rule(first.outcomes)}",
        f"  {'photos judged rightly':<25}{_spread([one.plain.accuracy for one in found])}   "
        f"before calibration {mean(one.uncalibrated for one in found):.4f}",
        f"  {'area under the ROC curve':<25}{_spread([one.auc_of_folds for one in found])}   "
        f"all folds in one {mean(one.plain.auc for one in found):.4f}",
        f"  {'castings judged wrongly':<25}"
        + "; ".join(_castings(one.wrong) for one in found)
        + f"   labelled both ways, and no verdict on them can be right: {_castings(first.both_ways)}",
        f"  {'seconds of training':<25}{mean(seconds):.0f} a fold ({min(seconds):.0f} to {max(seconds):.0f})",
    ]
    for stress in first.stressed:
        sights: list[Sight] = [one.stressed[stress] for one in found]
        lines.append(
            f"  {stress:<25}{_spread([one.accuracy for one in sights])}   AUC {mean(one.auc for one in sights):.4f}"
        )
    return "\n".join(lines)


def _castings(numbers: list[int]) -> str:
    return f"{len(numbers)} ({', '.join(map(str, numbers)) or 'none'})"


def _spread(values: list[float]) -> str:
    return f"{mean(values):.4f} ({min(values):.4f} to {max(values):.4f})"
