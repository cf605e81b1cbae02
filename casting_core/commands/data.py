"""Commands about photos: drawing some, and saying what a folder holds."""

from collections import Counter
from pathlib import Path
from typing import Any

import click
import pandas as pd

from casting_core.commands.terminal import (
    answer,
    as_json,
    data_options,
    folder_rule,
    progress,
    sentences,
    set_aside,
    set_option,
)
from casting_core.data.datasets.scan import Dataset, counts
from casting_core.data.drawing.synthetic import Part, write_sample
from casting_core.domain import Label
from casting_core.errors import DatasetError
from casting_core.wording import count, listed, printable
from casting_core.workflows.datasets.castings import casting_known, casting_of
from casting_core.workflows.datasets.judgeable import too_small
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.datasets.own_validation import in_both, to_learn

PARTS = [part.value for part in Part]


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--part",
    default=Part.IMPELLER.value,
    show_default=True,
    type=click.Choice([part.value for part in Part]),
    help="What is cast.",
)
@click.option("--castings", default=200, show_default=True, type=click.IntRange(min=1))
@click.option("--copies", default=3, show_default=True, type=click.IntRange(min=1), help="Photos of each casting.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0))
@click.option("--leaky", is_flag=True, help="Spread the photos of one casting over train and test.")
@as_json
@sentences
def sample(*, out: Path, part: str, castings: int, copies: int, seed: int, leaky: bool, as_json: bool) -> None:
    """Draw castings with known defects into the empty folder OUT."""
    photos = write_sample(
        out, part=Part(part), castings=castings, copies=copies, seed=seed, leaky=leaky, report=progress("drawn")
    )
    drawn = {"folder": str(out), "castings": castings, "photos": photos}
    answer(drawn, f"{count(photos, 'photo')} of {count(castings, 'casting')} in {printable(str(out))}", as_json=as_json)


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@data_options
@set_option
@as_json
@sentences
def scan(*, data: Path, chosen: str, as_json: bool, **folders: tuple[str, ...]) -> None:
    """Read the dataset in the folder DATA and say what is in it."""
    found = _found(open_dataset(data, rule=folder_rule(folders), chosen=chosen, report=progress("read")))
    answer(found, _text(found), as_json=as_json)


def _found(dataset: Dataset) -> dict[str, Any]:
    usable = dataset.usable
    return {
        "folder": str(dataset.root),
        "photos": len(usable),
        "different": int(usable["photo"].nunique()),
        "counts": [row | {"label": Label(row["label"]).word} for row in counts(usable).to_dict("records")],
        "problems": dataset.problems[["path", "problem"]].to_dict("records"),
        "notes": [*dataset.notes, *too_small(dataset), *_validation(dataset)],
        "aside": set_aside(dataset.aside),
        "masks": len(dataset.masks),
        "kinds": _numbers(usable["kind"], ", "),
        "groups": _numbers(usable["group"], "/"),
        "fingerprint": dataset.fingerprint,
    }


def _validation(dataset: Dataset) -> list[str]:
    """What a training would make of a validation folder, and what stands against that, as far as it is known."""
    try:
        given = to_learn(dataset)
    except DatasetError:  # nothing to learn from, as in a folder of test photos
        return []
    known = given.validated_on and casting_known(dataset)
    leak = in_both(given.on_both_sides(casting_of(dataset))) if known else ""
    return [note for note in (given.in_words, leak) if note]


def _numbers(cells: "pd.Series[str]", between: str) -> dict[str, int]:
    """How many photos each of the words has that stand in these cells."""
    words = Counter(word for cell in cells for word in set(cell.split(between)) if word)
    return dict(sorted(words.items()))


def _text(found: dict[str, Any]) -> str:
    lines = [
        f"{count(found['photos'], 'photo')} in {printable(found['folder'])}, "
        f"{found['different']:,} different by content"
    ]
    lines += [f"  {row['split']:<11}{row['label']:<10}{row['photos']:>7}" for row in found["counts"]]
    lines += [printable(sentence) for sentence in found["notes"]]
    if kinds := found["kinds"]:
        lines.append("kinds of defect: " + printable(listed([f"{kind} {number:,}" for kind, number in kinds.items()])))
    if problems := found["problems"]:
        lines.append(f"{count(len(problems), 'file')} cannot be used:")
        lines += [f"  {printable(one['path'])}: {printable(one['problem'])}" for one in problems]
    return "\n".join(lines)
