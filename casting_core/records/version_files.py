"""The files of a version's folder: which there may be, how large each, and the one way to read them.

A card comes from outside, and so may a folder. A name on a card is never used as a path: it is one of
those below or the card is wrong, and what lies under it is a plain file or is not opened.
"""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from casting_core.errors import ModelError

GRAPH = "serving.onnx"
GATE = "gate.npz"
KINDS = "kinds.npz"  # of defect, where people had named some
CARD = "card.json"
LEARNED = "learned.csv"  # the photos it was trained and validated on: sha256 and part
OUT_OF_FOLD = "out_of_fold.csv"  # photos of a cross-validation: sha256, fold, score, part found
ANSWERS = "answers.npz"  # what the graph said of a few drawn photos when it was registered
KERAS = "model.keras"
GUIDE = "CNN_Casting_Inspection.hdf5"  # as the guide calls it that this project starts from

MIB: Final = 2**20
LARGEST: Mapping[str, int] = {  # bytes
    CARD: 8 * MIB,
    GRAPH: 256 * MIB,
    GATE: 32 * MIB,
    KINDS: 8 * MIB,
    LEARNED: 256 * MIB,
    OUT_OF_FOLD: 256 * MIB,
    ANSWERS: 32 * MIB,
    KERAS: 1024 * MIB,
    GUIDE: 1024 * MIB,
}
SHA256 = re.compile(r"[0-9a-f]{64}")
LONGEST = 40  # letters of a wrong name that are shown


def wrong_in(files: Mapping[str, str]) -> str | None:
    """What is wrong with the files that a card names, in words; none where nothing is.

    ``files``: each file's name and its sha256.
    """
    for name, sha256 in files.items():
        if name not in LARGEST or name == CARD:
            return f"its card names the file {_short(name)}, which no version has"
        if not SHA256.fullmatch(sha256):
            return f"its card gives no sha256 of {name}"
    return None


def unfit(folder: Path, name: str) -> str | None:
    """Why this file of a version must not be opened, in words; none where it may be, or is absent.

    Nothing is opened to find that out.
    """
    try:
        return _objection(name, os.lstat(folder / name))
    except OSError:
        return None


def content_of(folder: Path, name: str) -> bytes:
    """The bytes of one file of a version.

    Raises ``ModelError`` with what it is where it is no plain file, or too large, and ``OSError``
    where there is none or it cannot be read.
    """
    path = folder / name
    if why := _objection(name, os.lstat(path)):
        raise ModelError(why)
    # What it is may change before it is opened: a link is not followed, a pipe is not waited for.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:  # noqa: PTH123
        if why := _objection(name, os.fstat(file.fileno())):
            raise ModelError(why)
        content = file.read(LARGEST[name] + 1)
    if len(content) > LARGEST[name]:
        raise ModelError(_too_large(name))
    return content


def _objection(name: str, found: os.stat_result) -> str | None:
    kinds = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe"}
    if not stat.S_ISREG(found.st_mode):
        return f"its {name} is {kinds.get(stat.S_IFMT(found.st_mode), 'a device')}, not a file"
    return _too_large(name) if found.st_size > LARGEST[name] else None


def _too_large(name: str) -> str:
    return f"its {name} is larger than {LARGEST[name] // MIB} MiB"


def _short(name: str) -> str:
    return repr(name if len(name) <= LONGEST else f"{name[:LONGEST]}\N{HORIZONTAL ELLIPSIS}")
