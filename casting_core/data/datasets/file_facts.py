"""What is in each file of a dataset, found out once: kept beside the pixel cache until the file changes."""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import nan
from pathlib import Path
from typing import Any

import pandas as pd

from casting_core import files
from casting_core.data.datasets.columns import Column
from casting_core.data.datasets.layout.values import Place
from casting_core.data.datasets.pixel_cache import PixelCache
from casting_core.data.datasets.reading.listing import foreign_format, looks_like_photo
from casting_core.data.imaging.images import Grey, fit, read
from casting_core.data.imaging.measures import background, brightness, sharpness
from casting_core.domain import Progress
from casting_core.errors import PhotoError

MEASURED = (Column.BRIGHTNESS.value, Column.SHARPNESS.value, Column.BACKGROUND.value)  # at the cache's size
READ = (Column.PHOTO.value, Column.WIDTH.value, Column.HEIGHT.value, Column.MODE.value)
FACTS = (*READ, *MEASURED, Column.PROBLEM.value)  # what reading a file tells, beside its stamp; the cache keeps them so
ROOT = ".folder"  # how the name of the file ends that tells where the files lie
TOGETHER = 256  # files read before their pixels are written down

Facts = tuple[Any, ...]  # of one file, in the order of FACTS
Stamp = tuple[int, int]  # of one file: size in bytes and time of change in nanoseconds


def read_places(root: Path, found: Sequence[Place], *, cache_dir: Path, report: Progress) -> pd.DataFrame:
    """One row per place with ``bytes`` and ``FACTS``; only files that changed since the last scan are read."""
    kept = cache_dir / f"files-{hashlib.sha256(os.fsencode(root)).hexdigest()[:16]}.json"
    pixels = PixelCache(cache_dir)
    if not (where := kept.with_suffix(ROOT)).exists():
        files.replace(where, os.fsencode(root))
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


def places_of(photos: Collection[str], *, cache_dir: Path) -> dict[str, list[Path]]:
    """The files that showed these photos (sha256) when they were scanned last; nothing of those never scanned."""
    wanted, found = set(photos), defaultdict[str, list[Path]](list)
    for where in sorted(cache_dir.glob(f"files-*{ROOT}")):
        root = Path(os.fsdecode(where.read_bytes()))
        for path, (_, facts) in _read_facts(where.with_suffix(".json")).items():
            if facts[0] in wanted:
                found[facts[0]].append(root / path)
    return found


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
    if not looks_like_photo(path.name):
        return _unreadable(foreign_format(path.name) or f"not a photo: its name ends in {path.suffix!r}"), None
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


def _write_facts(kept: Path, found: dict[str, tuple[Stamp, Facts]]) -> None:
    rows = [(path, *stamp, *facts) for path, (stamp, facts) in found.items()]
    files.replace(kept, json.dumps({"columns": FACTS, "files": rows}))
