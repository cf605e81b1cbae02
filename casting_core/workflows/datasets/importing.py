"""From a zip file, dropped files or a folder to a dataset with a name, and from there to more photos in it."""

import re
import time
import unicodedata
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from shutil import rmtree
from uuid import uuid4

from casting_core import roles
from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.columns import Column
from casting_core.data.datasets.folders import folder_layout
from casting_core.data.datasets.scan import Dataset
from casting_core.data.imaging.images import decode
from casting_core.data.importing import archives
from casting_core.data.importing.copy_in import Choices, Taken, class_names, take_in
from casting_core.data.importing.preview import ONE_CLASS, Preview, preview
from casting_core.data.importing.sources import Dropped, Folder, Source, layout_of
from casting_core.domain import Label, Progress, Split
from casting_core.errors import NOT_UNICODE, DatasetError, PhotoError, require_unicode, written
from casting_core.records.datasets import NamedDataset
from casting_core.roles import Write
from casting_core.settings import settings
from casting_core.workflows.datasets.judgeable import Size, of_sizes
from casting_core.workflows.datasets.opening import names_of, open_dataset, rule_of
from casting_core.workflows.stores import dataset_book

EXAMPLES = 16  # photos whose size is looked at before anything is taken in
NOTED = ".unnamed-"  # how the name of the note begins
LONGEST_NAME = 60  # letters of a dataset's name


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A dataset, and what became of the files it was given; nothing did in a folder that stays where it is."""

    dataset: NamedDataset
    taken: Taken


@contextmanager
def source_of(path: Path) -> Iterator[Source]:
    """The zip file or the folder at this path as a source; ``DatasetError`` where it is neither."""
    require_unicode(path)
    if path.is_dir():
        yield Folder(path)
    elif path.is_file():
        with archives.opened(path) as archive:
            yield archive
    else:
        raise DatasetError(f"there is no zip file and no folder {str(path)!r}")


def look_into(source: Source, *, into: str | None = None, rule: ClassRule | None = None, chosen: str = "") -> Preview:
    """What the source holds; classes of the dataset ``into``, if it is to join one, mean what they mean there.

    With a ``rule``, what a person has said of the folders already, they mean that. ``chosen`` is one of several sets
    that lie side by side.
    """
    joined = dataset_book().find(into) if into else None
    meaning = rule or (rule_of(joined.rule) if joined else None)
    found = preview(source, rule=_in_every_spelling(meaning), meaning=meaning, chosen=chosen)
    small = of_sizes(_sizes(source, found), looked_at=True)
    problems = [*source.notes, *found.problems, *small]
    if joined and len({*_labels_in(joined), *found.guesses.values()} - {None}) > 1:  # together they are of both
        problems = [problem for problem in problems if not problem.startswith(ONE_CLASS)]
    return replace(found, problems=tuple(problems))


def _in_every_spelling(rule: ClassRule | None) -> ClassRule | None:
    """The rule by which the folders of a source are told apart, whatever they mean in the dataset it joins."""
    return replace(rule, exact=False) if rule else None


def _labels_in(dataset: NamedDataset) -> set[Label | None]:
    """What the class folders hold that a dataset has already, by their names."""
    root, rule = Path(dataset.folder), rule_of(dataset.rule)
    above = [folder for part in ("", *Split) if (folder := root / part).is_dir()]
    return {rule.label(inner.name) for folder in above for inner in folder.iterdir() if inner.is_dir()}


def _sizes(source: Source, found: Preview) -> list[Size]:
    """Width and height of some examples; those that cannot be read are for the import to report."""
    sizes = []
    for entry in [entry for one in found.classes for entry in one.examples][:EXAMPLES]:
        with suppress(PhotoError):
            photo = decode(source.read(entry))
            sizes.append((photo.width, photo.height))
    return sizes


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
    roles.require(Write.IMPORT)
    goal = settings().datasets_dir.resolve() / f"{_slug(name)}-{mark or uuid4().hex[:8]}"
    known = [dataset for dataset in dataset_book().all() if dataset.name == name]
    meaning = rule or (rule_of(known[0].rule) if known and mark is None else None)
    reading = _in_every_spelling(meaning)
    take = partial(take_in, source, choices=choices, rule=reading, chosen=chosen, room=room)
    if known and (mark is None or known[0].folder == str(goal)):
        if isinstance(source, Folder) and _is_read_from(known[0], source, chosen):
            there = layout_of(source, rule=rule_of(known[0].rule), chosen=chosen).meant_as_photos
            return Imported(dataset=known[0], taken=Taken(known=len(there)))
        return _add_to(known[0], choices, lambda: take(Path(known[0].folder), report=report))
    check_name(name)
    dataset = NamedDataset(name=name, folder=str(goal), rule=_widened(names_of(ClassRule()), choices))
    with _unnamed(goal):
        taken = take(goal, report=lambda done, total: report(done, 2 * total))
        try:
            rule = rule_of(dataset.rule)
            open_dataset(goal, rule=rule, report=lambda done, total: report(total + done, 2 * total))
            dataset_book().add(dataset)
        except BaseException:  # a wish to stop included: without its name nobody would find the folder again
            rmtree(goal, ignore_errors=True)
            raise
    return Imported(dataset=dataset, taken=taken)


def add_one(dataset: NamedDataset, name: str, content: bytes, label: Label) -> bool:
    """Adds one photo to a dataset under a label; whether it was new there.

    It belongs to no split, so it is for review first. Raises ``DatasetError`` where nothing can be added.
    """
    files = Dropped([(f"{label.word}/{PurePosixPath(name).name or 'photo'}", lambda: content)])
    return bool(import_photos(files, name=dataset.name, choices={label.word: label}).taken.new)


def sweep_unnamed(*, older_than: float, needed: Collection[str], now: float | None = None) -> None:
    """Deletes the folders of imports that were killed before their dataset had a name, a while ago.

    ``needed``: marks of imports that go on. A folder that no import has noted as its own is left alone, whoever it
    belongs to: after a backup was put back the database may not know it any more.
    """
    now = time.time() if now is None else now
    named = {known.folder for known in dataset_book().all()}
    named |= {gone.dataset.folder for gone in dataset_book().removed() if not gone.settled}
    for note in settings().datasets_dir.resolve().glob(f"{NOTED}*"):
        goal = note.with_name(note.name.removeprefix(NOTED))
        with suppress(OSError):  # another process sweeps, too
            if any(goal.name.endswith(f"-{mark}") for mark in needed) or now - note.lstat().st_mtime <= older_than:
                continue
            if str(goal) not in named and not goal.is_symlink():
                rmtree(goal, ignore_errors=True)
            note.unlink()


@contextmanager
def _unnamed(goal: Path) -> Iterator[None]:
    """Notes, as long as this goes on, that the folder has no name yet; a process that is killed leaves the note."""
    with written(goal.parent):
        goal.parent.mkdir(parents=True, exist_ok=True)
        _noted(goal).touch()
    try:
        yield
    finally:
        _noted(goal).unlink(missing_ok=True)


def _noted(goal: Path) -> Path:
    """The empty file that says, beside a dataset's folder, that it is being made and has no name yet."""
    return goal.with_name(f"{NOTED}{goal.name}")


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
    found = open_dataset(path, rule=rule, report=report)
    neither = {"neither": sorted(key for key, label in choices.items() if key and label is None)}
    dataset = NamedDataset(name=name, folder=str(path), rule=names_of(rule) | neither)
    dataset_book().add(dataset)
    return Imported(dataset=dataset, taken=_read_there(found))


def _read_there(found: Dataset) -> Taken:
    """What became of the files of a folder that stays where it is."""
    unlabelled = (found.problems[Column.PHOTO] != "") & (found.problems[Column.PROBLEM] != NOT_UNICODE)
    refused = found.problems[~unlabelled]
    return Taken(
        new=len(found.usable),
        left_out=int(unlabelled.sum()),
        refused=tuple(zip(refused[Column.PATH], refused[Column.PROBLEM], strict=True)),
    )


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
        path = folder.expanduser().resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:  # no such user, a loop of links, a letter that no disk takes
        raise DatasetError(f"there is no folder {str(folder)!r}") from error
    require_unicode(path)
    return path


def _slug(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40] or "dataset"
