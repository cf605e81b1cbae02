"""Where a training stands after an epoch, in one file, from which it is resumed as if never interrupted."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from casting_core.errors import RunError
from casting_core.files import replaced
from casting_core.learning.recipes.events import EpochDone

FILE = "checkpoint.npz"
FORM = 2  # of the file; one of another form is not read
PARTS = ("weights", "best", "mean", "optimizer")

Arrays = Sequence[NDArray[np.generic]]


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """All that the next epoch depends on, beside the photos and the recipe."""

    epochs: tuple[EpochDone, ...]  # done, the first one first
    weights: Arrays
    best: Arrays  # the weights of the best epoch
    mean: Arrays = ()  # of the last epochs so far
    optimizer: Arrays  # its variables, in its own order


def write(checkpoint: Checkpoint, folder: Path, *, data: str) -> None:
    """Puts this checkpoint in the place of the one before it, in one step; ``data`` names the photos it learned from.

    Raises ``CastingError`` where the disk is full or forbids it; the one before it is whole then.
    """
    told = {"form": FORM, "data": data, "epochs": [asdict(epoch) for epoch in checkpoint.epochs]}
    arrays = {f"{part} {place}": array for part in PARTS for place, array in enumerate(getattr(checkpoint, part))}
    with replaced(folder / FILE) as file:
        np.savez(file, allow_pickle=False, told=np.array(json.dumps(told)), **arrays)


def read(folder: Path) -> tuple[Checkpoint, str] | None:
    """The checkpoint in this folder and the photos it learned from; none where no epoch was done.

    Raises ``RunError`` where it cannot be read.
    """
    try:
        with (folder / FILE).open("rb") as stored, np.load(stored, allow_pickle=False) as file:
            told = json.loads(str(file["told"]))
            if told["form"] != FORM:
                raise RunError("its checkpoint was written by another version of this program; start a new run")
            parts = {part: [file[f"{part} {place}"] for place in range(_count(file.files, part))] for part in PARTS}
            epochs = tuple(EpochDone(**epoch) for epoch in told["epochs"])
    except FileNotFoundError:
        return None
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile) as error:
        raise RunError(f"the checkpoint in {str(folder)!r} is damaged; start a new run") from error
    return Checkpoint(epochs=epochs, **parts), told["data"]


def epochs_in(folder: Path) -> int:
    """How many epochs the checkpoint in this folder holds, without reading its weights; 0 where there is none."""
    try:
        with (folder / FILE).open("rb") as stored, np.load(stored, allow_pickle=False) as file:
            return len(json.loads(str(file["told"]))["epochs"])
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile):
        return 0


def forget(folder: Path) -> None:
    """Removes the checkpoint and whatever a process left behind that was killed while it wrote one."""
    shutil.rmtree(folder, ignore_errors=True)


def _count(names: Sequence[str], part: str) -> int:
    return sum(name.startswith(f"{part} ") for name in names)
