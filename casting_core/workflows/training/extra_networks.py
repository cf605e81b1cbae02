"""Networks that a run trains after its own, to learn what that one is worth: how they are told of, and taken up again.

What each of them said is kept in the run's folder as soon as it is known, so a run that is resumed does not do it anew.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from casting_core.files import replaced
from casting_core.learning.recipes.events import EpochDone, Event, Further, Report


@dataclass(frozen=True, kw_only=True)
class Scored:
    """What one of them said of the photos it was to judge."""

    scores: NDArray[np.float32]  # (n,)
    found: NDArray[np.bool_]  # (n,), whether the part was found in the photo
    seconds: float  # of training
    network: str  # its name: where two are compared, they may come to different ones


def telling(report: Report, task: str, number: int, *, of: int, epochs: int) -> Report:
    """Lets a run hear of such a network only how far it is: its curves are not the run's."""

    def tell(epoch: int) -> None:
        report(Further(task=task, number=number, of=of, epoch=epoch, epochs=epochs))

    def hear(event: Event) -> None:
        if isinstance(event, EpochDone):
            tell(event.epoch)

    tell(0)
    return hear


def remembered(path: Path, make: Callable[[], Scored]) -> Scored:
    """What is kept in this file; where there is none, or it is damaged, it is made and kept.

    Raises ``CastingError`` where it cannot be written, and whatever ``make`` raises.
    """
    with suppress(OSError, EOFError, ValueError, KeyError, BadZipFile), np.load(path, allow_pickle=False) as file:
        seconds, network = float(file["seconds"]), str(file["network"])
        return Scored(scores=file["scores"], found=file["found"], seconds=seconds, network=network)
    made = make()
    with replaced(path) as file:
        np.savez(file, allow_pickle=False, **vars(made))
    return made
