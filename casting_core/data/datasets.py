"""From a folder to one table of photos, decoded once: what every page, run and report starts from."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from math import nan
from pathlib import Path
from typing import Any
from uuid import uuid4

import pandas as pd

from casting_core.data import folders
from casting_core.data.folders import ClassRule, Place
from casting_core.data.images import Grey, fit, read
from casting_core.data.measures import background, brightness, sharpness
from casting_core.data.pixels import PixelCache
from casting_core.domain import Label, Split
from casting_core.errors import DatasetError, PhotoError, written

MEASURED = ("brightness", "sharpness", "background")  # of the photo at the cache's size
COLUMNS = ("photo", "path", "split", "label", "width", "height", "mode", "bytes", *MEASURED, "problem")
FACTS = ("photo", "width", "height", "mode", *MEASURED, "problem")  # what reading a file tells, beside its stamp

TOGETHER = 256  # files read before their pixels are written down

Report = Callable[[int, int], None]
Facts = tuple[Any, ...]  # of one file, in the order of FACTS
Stamp = tuple[int, int]  # of one file: size in bytes and time of change in nanoseconds


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """The photos of one folder. ``photos`` has one row per file and the columns ``COLUMNS``.

    ``photo`` is the sha256 (empty where the file cannot be read), ``label`` 0, 1 or missing, ``bytes`` the file's size,
    ``problem`` a sentence, or empty for a photo that can be used. ``brightness`` and ``background`` are mean grey
    levels, 0..255, of the photo and of its corners, ``sharpness`` as the gate measures it; not a number where the file
    cannot be read. Nobody may change the tables: what is asked for again and again is worked out once.
    """

    root: Path
    class_folders: tuple[str, ...]  # their names, in alphabetical order
    rule: ClassRule
    photos: pd.DataFrame

    @cached_property
    def usable(self) -> pd.DataFrame:
        """The photos that can be read and have a label."""
        return self.photos[self.photos["problem"] == ""]

    @cached_property
    def problems(self) -> pd.DataFrame:
        """The files that cannot be used, each with the reason."""
        return self.photos[self.photos["problem"] != ""]

    @cached_property
    def identities(self) -> list[str]:
        """The photos that can be read, each once whatever lies twice, in order."""
        return sorted(set(self.photos["photo"]) - {""})

    @cached_property
    def splits(self) -> list[Split]:
        """The splits that hold usable photos."""
        present = set(self.usable["split"])
        return [split for split in Split if split in present]

    def part(self, split: str) -> pd.DataFrame:
        """The usable photos of one split, or of ``all``; ``DatasetError`` where there are none."""
        chosen = self.usable if split == "all" else self.usable[self.usable["split"] == split]
        if chosen.empty:
            known = ", ".join([*self.splits, "all"]) if self.splits else "none, no photo can be used"
            raise DatasetError(f"no photos in split '{split}' of {str(self.root)!r} (known: {known})")
        return chosen

    @property
    def to_train(self) -> pd.DataFrame:
        """The photos a network may learn from: split train, or all of them where the folders name no splits."""
        return self.part(Split.UNSPLIT if self.splits == [Split.UNSPLIT] else Split.TRAIN)

    @cached_property
    def fingerprint(self) -> str:
        """A sha256 over what was used: every usable photo's identity with its split and label."""
        rows = self.usable[["photo", "split", "label"]].sort_values(["photo", "split", "label"])
        return hashlib.sha256(rows.to_csv(index=False, header=False).encode()).hexdigest()


def scan(
    folder: Path, *, cache_dir: Path, rule: ClassRule | None = None, report: Report = lambda _done, _total: None
) -> Dataset:
    """Reads a dataset's folder. Photos seen before, with size and time unchanged, are not opened again.

    Args:
        folder: the public layout (``train|test`` / class folders), or class folders only.
        cache_dir: where decoded pixels and the table of files are kept.
        rule: which class folder means what; the known synonyms if not given.
        report: called with files done and files in all.

    Raises ``DatasetError`` where the folder is missing, empty, or holds no file in a class folder.
    """
    root = folders.dataset_root(folder).resolve()
    rule = rule or ClassRule()
    found = list(folders.places(root))
    if not found:
        raise DatasetError(f"{str(root)!r} holds no photos in its class folders")
    facts = _facts(root, found, cache_dir, report)
    meant = {name: rule.label(name) for name in {place.folder for place in found}}
    labels = [meant[place.folder] for place in found]
    table = facts.assign(
        path=[_readable(place.path) for place in found],
        split=[place.split.value for place in found],
        label=pd.array([pd.NA if label is None else int(label) for label in labels], dtype="Int8"),
    )
    unmapped = [_unmapped(place, label) for place, label in zip(found, labels, strict=True)]
    table["problem"] = [read or place for read, place in zip(table["problem"], unmapped, strict=True)]
    return Dataset(root=root, class_folders=folders.class_folders(found), rule=rule, photos=table[list(COLUMNS)])


def _readable(path: str) -> str:
    """The path as text: an old disk may hold names that are none, and no table or page could hold them."""
    return path.encode("utf-8", "replace").decode("utf-8")


def _unmapped(place: Place, label: Label | None) -> str:
    if _readable(place.path) != place.path:
        return "its name is not written in Unicode; rename it"
    if label is not None:
        return ""
    if not place.folder:
        return "lies in no class folder, so nothing says whether it is ok or defective"
    return f"its class folder {place.folder!r} is mapped to neither ok nor defective"


def _facts(root: Path, found: list[Place], cache_dir: Path, report: Report) -> pd.DataFrame:
    """One row per place with ``bytes`` and ``FACTS``; only files that changed since the last scan are read."""
    kept = cache_dir / f"files-{hashlib.sha256(os.fsencode(root)).hexdigest()[:16]}.json"
    pixels = PixelCache(cache_dir)
    stamps = {place.path: _stamp(f"{root}/{place.path}") for place in found}
    before = _read_facts(kept)
    cached = pixels.rows()
    known = {
        path: before[path][1]
        for path, stamp in stamps.items()
        if path in before
        and before[path][0] == stamp
        and before[path][1][0] in cached  # a file with a problem is tried again: it may have been forbidden only
    }
    fresh = [path for path in stamps if path not in known]
    report(len(known), len(stamps))
    for done, chunk in _read_files(root, fresh, pixels):
        known.update(chunk)
        report(len(stamps) - len(fresh) + done, len(stamps))
    if fresh or len(known) != len(before):
        _write_facts(kept, {path: (stamp, known[path]) for path, stamp in stamps.items()})
    table = pd.DataFrame([known[path] for path in stamps], columns=list(FACTS))
    return table.assign(bytes=[size for size, _ in stamps.values()])


def _stamp(path: str) -> Stamp:
    """Size and time of change; a file that vanished or is forbidden has (0, 0)."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a Path for each of very many files costs more than the question
    except OSError:
        return (0, 0)
    return (status.st_size, status.st_mtime_ns)


def _read_files(root: Path, paths: list[str], pixels: PixelCache) -> Iterator[tuple[int, dict[str, Facts]]]:
    """How many files are done, and the facts of the latest; files are read while those before are written down."""
    chunks = [paths[start : start + TOGETHER] for start in range(0, len(paths), TOGETHER)]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:

        def start(chunk: list[str]) -> Iterator[tuple[Facts, Grey | None]]:
            return pool.map(lambda path: _read_file(root / path, pixels.size), chunk)

        reading = map(start, chunks)
        ahead = next(reading, None)
        for at, chunk in enumerate(chunks):
            read, ahead = list(ahead or ()), next(reading, None)
            pixels.add((str(facts[0]), grey) for facts, grey in read if grey is not None)
            yield at * TOGETHER + len(chunk), {path: facts for path, (facts, _) in zip(chunk, read, strict=True)}


def _read_file(path: Path, size: int) -> tuple[Facts, Grey | None]:
    """What reading a file tells, and its grey levels at the cache's size: many at full size would fill the memory."""
    if not folders.looks_like_photo(path.name):
        return _unreadable(f"not a photo: its name ends in {path.suffix!r}"), None
    try:
        photo = read(path)
    except PhotoError as error:
        return _unreadable(str(error)), None
    grey = fit(photo.grey, size)
    measured = (brightness(grey), sharpness(grey), background(grey))
    return (photo.sha256, photo.width, photo.height, photo.mode, *measured, ""), grey


def _unreadable(problem: str) -> Facts:
    return ("", 0, 0, "", *(nan for _ in MEASURED), problem)


def _read_facts(kept: Path) -> dict[str, tuple[Stamp, Facts]]:
    """What the last scan found in each file; nothing where it was never kept, is cut off or of an older form."""
    try:
        before = json.loads(kept.read_text("utf-8"))
        if before["columns"] != list(FACTS):
            return {}
        return {path: ((size, time), tuple(facts)) for path, size, time, *facts in before["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # and everything is read again


def _write_facts(kept: Path, files: dict[str, tuple[Stamp, Facts]]) -> None:
    beside = kept.with_name(f"{kept.name}.{uuid4().hex}")
    rows = [(path, *stamp, *facts) for path, (stamp, facts) in files.items()]
    with written(kept.parent):
        beside.write_text(json.dumps({"columns": FACTS, "files": rows}), "utf-8")
        beside.replace(kept)


def counts(photos: pd.DataFrame, by: Iterable[str] = ("split", "label")) -> pd.DataFrame:
    """How many photos there are of each split and label; columns ``by`` and ``photos``, train before test."""
    table = photos.groupby(list(by), as_index=False, observed=True).size().rename(columns={"size": "photos"})
    order = {split.value: place for place, split in enumerate(Split)}
    return table.sort_values(
        list(by), key=lambda column: column.map(lambda value: order.get(value, value)), ignore_index=True
    )
