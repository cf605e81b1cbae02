"""The command that gives photos a name: from a zip file or a folder to a dataset of this installation."""

from pathlib import Path
from typing import Any

import click

from casting_core.commands.terminal import (
    answer,
    as_json,
    data_options,
    folder_rule,
    progress,
    sentences,
    set_aside,
    set_option,
    sets_said,
)
from casting_core.data.importing.preview import Preview
from casting_core.data.importing.sources import Folder
from casting_core.errors import DatasetError
from casting_core.wording import count, listed, printable, verb
from casting_core.workflows.datasets import importing
from casting_core.workflows.datasets.importing import Imported
from casting_core.workflows.datasets.opening import rule_of
from casting_core.workflows.stores import dataset_book


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Of the dataset; photos are added where there is one of this name.")
@data_options
@set_option
@as_json
@sentences
def import_photos(*, source: Path, name: str, chosen: str, as_json: bool, **folders: tuple[str, ...]) -> None:
    """Take the photos in SOURCE, a zip file or a folder, in as a dataset.

    A zip file is copied; a folder gets a name and stays where it is. Importing twice changes nothing.
    """
    known = next((one for one in dataset_book().all() if one.name == name), None)
    rule = folder_rule(folders, beside=rule_of(known.rule) if known else None)
    with importing.source_of(source) as opened:
        found = importing.look_into(opened, into=known.name if known else None, rule=rule, chosen=chosen)
        choices = found.guesses
        if all(label is None for label in choices.values()):
            raise DatasetError(_nothing_known(found))
        report = progress("taken in")
        if isinstance(opened, Folder) and known is None:
            done = importing.add_folder(source, name=name, choices=choices, chosen=chosen, report=report)
        else:
            done = importing.import_photos(opened, name=name, choices=choices, rule=rule, chosen=chosen, report=report)
    answer(_values(done, found), _text(done, found), as_json=as_json)


def _nothing_known(found: Preview) -> str:
    """Why nothing can be taken in, where no folder says what its photos are."""
    names = [one.names[0] for one in found.classes if one.key]
    if not names:
        return (
            f"{count(found.photos, 'photo')} {verb(found.photos, 'lie')} in no class folder, so nothing says which are "
            "ok and which defective: put them in folders such as ok and defective, or write a table labels.csv beside "
            "them with the columns filename and label"
        )
    shown = listed([repr(name[:60]) for name in names], most=12)
    return f"nothing says which of {shown} is ok or defective: say it with --ok and --defective"


def _values(done: Imported, found: Preview) -> dict[str, Any]:
    taken = done.taken
    return {
        "name": done.dataset.name,
        "folder": done.dataset.folder,
        "new": taken.new,
        "known": taken.known,
        "left_out": taken.left_out,
        "masks": taken.masks,
        "refused": [{"path": path, "problem": problem} for path, problem in taken.refused],
        "problems": list(found.problems),
        "notes": list(found.notes),
        "aside": set_aside(found.aside),
        "sets": sets_said(found.sets, found.chosen),
    }


def _text(done: Imported, found: Preview) -> str:
    taken = done.taken
    lines = [
        f"{count(taken.new, 'photo')} {verb(taken.new, 'are')} new in {printable(done.dataset.name)}, "
        f"{taken.known:,} {verb(taken.known, 'were')} there already, "
        f"{taken.left_out:,} {verb(taken.left_out, 'were')} left out"
    ]
    lines += [f"{count(taken.masks, 'mask')} {verb(taken.masks, 'are')} kept with them"] * bool(taken.masks)
    lines += [printable(sentence) for sentence in (*found.problems, *found.notes)]
    if taken.refused:
        lines.append(f"{count(len(taken.refused), 'file')} {verb(len(taken.refused), 'were')} refused:")
        lines += [f"  {printable(path)}: {printable(problem)}" for path, problem in taken.refused]
    return "\n".join(lines)
