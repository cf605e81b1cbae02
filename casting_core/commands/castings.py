"""Commands about castings: which photos show one, and splits that keep each whole."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from casting_core.commands.terminal import answer, as_json, data_options, folder_rule, progress, sentences
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Split
from casting_core.errors import DatasetError
from casting_core.wording import count, printable, verb
from casting_core.workflows.datasets.castings import casting_of, write_table
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.datasets.splits import BETWEEN, choices, choose, make_by_casting, make_folds

if TYPE_CHECKING:
    import pandas as pd


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--csv", "out", type=click.Path(path_type=Path), required=True, help="Where to write path and casting.")
@as_json
@sentences
def castings(*, data: Path, out: Path, as_json: bool) -> None:
    """Find out which photos in DATA show one casting, copies and retakes alike."""
    dataset = open_dataset(data, report=progress("read"))
    try:
        number = write_table(dataset, casting_of(dataset, report=progress("compared")), out)
    except OSError as error:
        raise DatasetError(f"{printable(str(out))} cannot be written: {error.strerror or error}") from error
    photos = int((dataset.photos["photo"] != "").sum())
    answer(
        {"photos": photos, "castings": number, "file": str(out)},
        f"{count(photos, 'photo')} {verb(photos, 'show')} {count(number, 'casting')}",
        as_json=as_json,
    )


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Under which name to keep it.")
@click.option("--share", default=0.3, show_default=True, help="Of the castings of each class, held out to test on.")
@click.option("--folds", type=int, help="Instead of a share: so many parts, each held out once as NAME/1, NAME/2, ...")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0))
@data_options
@as_json
@sentences
def split(
    *, data: Path, name: str, share: float, folds: int | None, seed: int, as_json: bool, **folders: tuple[str, ...]
) -> None:
    """Split DATA by casting and keep that under a name, for train and evaluate to use."""
    dataset = open_dataset(data, rule=folder_rule(folders), report=progress("read"))
    report = progress("compared")
    if folds is None:
        make_by_casting(dataset, name, share=share, seed=seed, report=report)
    else:
        make_folds(dataset, name, number=folds, seed=seed, report=report)
    made = [one for one in choices(dataset) if one.partition(BETWEEN)[0] == name]
    held_out = [_held_out(dataset, one, casting_of(dataset)) for one in made]
    lines = [
        f"{printable(part)} holds out {count(photos, 'photo')} of {count(number, 'casting')}"
        for part, photos, number in held_out
    ]
    values = [{"split": part, "photos": photos, "castings": number} for part, photos, number in held_out]
    answer({"name": name, "held_out": values}, "\n".join(lines), as_json=as_json)


def _held_out(dataset: Dataset, choice: str, castings: "pd.Series[int]") -> tuple[str, int, int]:
    photos = choose(dataset, choice).part(Split.TEST)["photo"]
    return choice, len(photos), int(photos.map(castings).nunique())
