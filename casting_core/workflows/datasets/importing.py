"""From a zip file, dropped files or a folder to a dataset with a name, and from there to more photos in it."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from shutil import rmtree
from uuid import uuid4

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.folders import folder_layout
from casting_core.data.importing import archives
from casting_core.data.importing.copy_in import Choices, Taken, class_names, take_in
from casting_core.data.importing.preview import Preview, preview
from casting_core.data.importing.sources import Folder, Source, layout_of
from casting_core.domain import Progress, Split
from casting_core.errors import DatasetError
from casting_core.records.datasets import NamedDataset
from casting_core.settings import settings
from casting_core.workflows.datasets.opening import names_of, open_dataset, rule_of
from casting_core.workflows.stores import dataset_book

LONGEST_NAME = 60  # letters of a dataset's name


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A dataset, and what became of the files it was given; nothing did in a folder that stays where it is."""

    dataset: NamedDataset
    taken: Taken


@contextmanager
def source_of(path: Path) -> Iterator[Source]:
    """The zip file or the folder at this path as a source; ``DatasetError`` where it is neither."""
    if path.is_dir():
        yield Folder(path)
    elif path.is_file():
        with archives.opened(path) as archive:
            yield archive
    else:
        raise DatasetError(f"there is no zip file and no folder {str(path)!r}")


def look_into(source: Source, *, into: str | None = None, rule: ClassRule | None = None, chosen: str = "") -> Preview:
    """What the source holds; classes of the dataset ``into``, if it is to join one, mean what they mean there.

    ``rule`` knows names of classes beside the usual ones; ``chosen`` is one of several sets that lie side by side.
    """
    meaning = rule_of(dataset_book().find(into).rule) if into else None
    return preview(source, rule=rule, meaning=meaning, chosen=chosen)


def import_photos(
    source: Source,
    *,
    name: str,
    choices: Choices,
    rule: ClassRule | None = None,
    chosen: str = "",
    report: Progress = lambda _done, _total: None,
    mark: str | None = None,
    room: str | None = None,
) -> Imported:
    """Copies photos into a new dataset of this name, or into the one that has it, and reads them.

    Raises ``DatasetError`` where the name will not do, a class would mean two things, or no photo can be taken in;
    then, and where ``report`` raises to stop, nothing is left behind. A new dataset goes through ``report`` to the end.
    With a ``mark`` the dataset must be new, or that which an earlier attempt with the same mark has made.
    ``rule``, ``chosen`` and ``room`` are as ``take_in`` has them.
    """
    goal = settings().datasets_dir.resolve() / f"{_slug(name)}-{mark or uuid4().hex[:8]}"
    known = [dataset for dataset in dataset_book().all() if dataset.name == name]
    take = partial(take_in, source, choices=choices, rule=rule, chosen=chosen, room=room)
    if known and (mark is None or known[0].folder == str(goal)):
        if isinstance(source, Folder) and _is_read_from(known[0], source, chosen):
            there = layout_of(source, rule=rule_of(known[0].rule), chosen=chosen).meant_as_photos
            return Imported(dataset=known[0], taken=Taken(known=len(there)))
        return _add_to(known[0], choices, lambda: take(Path(known[0].folder), report=report))
    check_name(name)
    taken = take(goal, report=lambda done, total: report(done, 2 * total))
    dataset = NamedDataset(name=name, folder=str(goal), rule=_widened(names_of(ClassRule()), choices))
    try:
        open_dataset(goal, rule=rule_of(dataset.rule), report=lambda done, total: report(total + done, 2 * total))
        dataset_book().add(dataset)
    except BaseException:  # a wish to stop included: without its name nobody would find the folder again
        rmtree(goal, ignore_errors=True)
        raise
    return Imported(dataset=dataset, taken=taken)


def add_folder(
    folder: Path,
    *,
    name: str,
    choices: Choices,
    chosen: str = "",
    report: Progress = lambda _done, _total: None,
) -> Imported:
    """Gives a folder a name. Its photos stay where they are and are read there; nothing in it is ever changed.

    Where one of several sets in it was chosen, the name is given to that set's folder.
    """
    check_name(name)
    folder = _of_set(folder, chosen)
    rule = ClassRule()
    for key, label in choices.items():
        rule = rule.assign(key, label) if key else rule
    path = _root(folder)
    kept = settings().datasets_dir.resolve()
    if path == kept or kept in path.parents:
        raise DatasetError(f"{str(path)!r} is where photos that were taken in are kept; they have a name already")
    photos = open_dataset(path, rule=rule, report=report).photos
    neither = {"neither": sorted(key for key, label in choices.items() if key and label is None)}
    dataset = NamedDataset(name=name, folder=str(path), rule=names_of(rule) | neither)
    dataset_book().add(dataset)
    return Imported(dataset=dataset, taken=Taken(new=len(photos)))


def _of_set(folder: Path, chosen: str) -> Path:
    if not chosen:
        return folder
    _, layout = folder_layout(folder, chosen=chosen)
    parts = layout.wrapping.split("/")
    return folder.joinpath(*parts[: parts.index(chosen) + 1])


def is_own(dataset: NamedDataset) -> bool:
    """Whether its photos were taken in here, so that more can be added and they go when it is removed."""
    return settings().datasets_dir.resolve() in Path(dataset.folder).parents


def check_name(name: str) -> None:
    """Raises ``DatasetError`` where a dataset cannot have this name, or another one has it."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise DatasetError(f"a dataset needs a name of 1 to {LONGEST_NAME} letters")
    if any(known.name == name for known in dataset_book().all()):
        raise DatasetError(f"there is a dataset named {name!r} already; choose another name")


def _is_read_from(known: NamedDataset, source: Folder, chosen: str) -> bool:
    """Whether the photos of a dataset are those of this folder, where they lie."""
    there = Path(known.folder) / folder_layout(Path(known.folder))[1].wrapping
    here = source.folder / folder_layout(source.folder, chosen=chosen)[1].wrapping if chosen else source.root
    return there.resolve() == here.resolve()


def _add_to(known: NamedDataset, choices: Choices, take: Callable[[], Taken]) -> Imported:
    if not is_own(known):
        raise DatasetError(
            f"{known.name!r} is a folder on this machine ({known.folder!r}), and nothing is written there: put the "
            "photos into it and look for new ones, or choose another name"
        )
    _check_meanings(known, choices)
    taken = take()
    dataset = dataset_book().change(known.name, lambda now: replace(now, rule=_widened(now.rule, choices)))
    return Imported(dataset=dataset, taken=taken)


def _check_meanings(known: NamedDataset, choices: Choices) -> None:
    rule, root = rule_of(known.rule), Path(known.folder)
    for key, folder in class_names(choices).items():
        meant = rule.label(folder)
        here = any((root / split / folder).is_dir() for split in ("", *Split))
        if here and meant is not None and meant is not choices[key]:
            raise DatasetError(
                f"the class folder {folder!r} of {known.name!r} holds {meant.word} castings; it cannot hold others too"
            )


def _widened(named: dict[str, list[str]], choices: Choices) -> dict[str, list[str]]:
    """The rule with the new class folders in it."""
    rule = rule_of(named)
    for key, folder in class_names(choices).items():
        rule = rule.assign(folder, choices[key])
    return named | names_of(rule)


def _root(folder: Path) -> Path:
    """The folder as an absolute path; ``DatasetError`` where there can be none of this name."""
    try:
        return folder.expanduser().resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:  # no such user, a loop of links, a letter that no disk takes
        raise DatasetError(f"there is no folder {str(folder)!r}") from error


def _slug(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40] or "dataset"
