"""The command about doubtful labels."""

from pathlib import Path
from typing import Any

import click

from casting_core.commands.terminal import answer, as_json, data_options, folder_rule, progress, sentences
from casting_core.wording import count, printable
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.label_doubt import CastingDoubt, label_doubt


@click.command()
@click.argument("model")
@click.option("--data", required=True, type=click.Path(path_type=Path), help="The dataset's folder.")
@click.option("--most", default=20, show_default=True, type=click.IntRange(min=1), help="Castings to show a person.")
@data_options
@as_json
@sentences
def doubt(*, model: str, data: Path, most: int, as_json: bool, **folders: tuple[str, ...]) -> None:
    """List castings by how doubtful their labels are in the eyes of MODEL, the most doubtful first.

    Nothing is changed: look at the parts, and correct labels on the Review or the Dataset page.
    """
    loaded = load_model(model)
    dataset = open_dataset(data, rule=folder_rule(folders), report=progress("read"))
    found = label_doubt(dataset, loaded, compared=progress("compared"), scored=progress("scored"))
    doubtful = sum(one.doubt.doubtful for one in found)
    told = [
        f"Model {loaded.card.name}: {count(doubtful, 'doubtful label')} among {count(len(found), 'casting')}, the most "
        "doubtful first. Look at the parts: none is changed by itself.",
        "",
        f"{'':>5}{'casting':>9}  {'label':<12}{'photos':>7}{'score':>8}  {'scores':<60}",
        *(line for place, one in enumerate(found[:most], 1) for line in _lines(place, one)),
    ]
    if len(found) > most:
        told.append(f"and {count(len(found) - most, 'more casting')}: --most shows more of them, --json all.")
    values = {"model": loaded.card.name, "castings": len(found), "doubtful": doubtful}
    answer(values | {"list": [_values(one) for one in found]}, "\n".join(told), as_json=as_json)


def _lines(place: int, one: CastingDoubt) -> list[str]:
    about = one.doubt
    score = "" if about.score is None else f"{about.score:.3f}"
    first = f"{place:>5}{about.casting:>9}  {_label(one):<12}{about.photos:>7}{score:>8}  {one.basis:<60}".rstrip()
    more = f" and {count(len(one.paths) - 1, 'more file')}" if len(one.paths) > 1 else ""
    reason = [f"{'':>16}{about.reason}"] if about.reason else []
    return [first, *reason, f"{'':>16}{printable(one.paths[0])}{more}"]


def _label(one: CastingDoubt) -> str:
    return "both labels" if one.doubt.label is None else one.doubt.label.word


def _values(one: CastingDoubt) -> dict[str, Any]:
    about = one.doubt
    return {
        "casting": about.casting,
        "label": None if about.label is None else about.label.word,
        "ok_photos": about.ok_photos,
        "defective_photos": about.defective_photos,
        "score": about.score,
        "margin": about.margin,
        "doubtful": about.doubtful,
        "reason": about.reason,
        "scores": one.basis.value,
        "paths": list(one.paths),
    }
