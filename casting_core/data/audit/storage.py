"""Files as a shortcut: whether how a photo was stored tells its label, so that nobody profits from it unsaid.

Where ok and defective photos were saved by another program, with another camera or at another time of day, a network
can be right without seeing any defect.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.audit.finding import Finding, Kind, Remedy, Severity
from casting_core.data.audit.separation import FEWEST, SHORTCUT, separation
from casting_core.data.imaging.headers import Header
from casting_core.domain import Label

MOST = 6  # formats, or cameras, that are told apart; all rarer ones count as one


def storage(photos: pd.DataFrame, headers: Sequence[Header]) -> Finding:
    """What the files themselves give away.

    ``photos`` has the columns label, casting, width and height, one row per photo; ``headers`` are in the same order.
    """
    labels, castings = photos["label"].to_numpy(dtype=np.int64), photos["casting"].to_numpy(dtype=np.int64)
    fewest = min(len(set(castings[labels == label].tolist())) for label in Label)
    if fewest < FEWEST:
        return Finding(
            kind=Kind.FILES,
            severity=Severity.WORTH_KNOWING,
            title="Whether the files themselves give the label away cannot be told from so few castings.",
            consequence=f"It takes at least {FEWEST} castings of each class. Until then, store the photos of both "
            "in the same way.",
            remedy=Remedy.ADD_CASTINGS,
            answered=False,
        )
    found = {what: separation(told, labels, castings) for what, told in _tellers(photos, headers)}
    telling = {what: one for what, one in found.items() if one is not None and one.tells}
    if not telling:
        return Finding(
            kind=Kind.FILES,
            severity=Severity.FINE,
            title="How the photos were stored does not give the label away.",
            consequence="Looked at: their format, compression and size in pixels, the camera and the time of day.",
            figures={f"auc_{what.replace(' ', '_')}": one.auc for what, one in found.items() if one},
        )
    most = max(telling, key=lambda what: telling[what].auc)
    worst = telling[most]
    others = [what for what in telling if what != most]
    also = f" So do {', '.join(others)}." if others else ""
    return Finding(
        kind=Kind.FILES,
        severity=Severity.SERIOUS if worst.auc >= SHORTCUT else Severity.WORTH_KNOWING,
        title=f"The files give the label away: by {most} alone, an ok and a defective photo are told apart right "
        f"{round(100 * worst.auc)} times in 100 (guessing: 50).",
        consequence=f"A network can be right on these photos without seeing a defect, and wrong on others.{also} No "
        "score on them proves anything until photos of both classes are taken and stored in the same way.",
        remedy=Remedy.RETAKE,
        figures={f"auc_{what.replace(' ', '_')}": one.auc for what, one in found.items() if one},
    )


def _tellers(photos: pd.DataFrame, headers: Sequence[Header]) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Each thing that files say and that differs among these, with its numbers, (photos, n)."""
    hours = np.array([one.hour for one in headers])
    angle = 2 * np.pi * np.nan_to_num(hours) / 24
    unknown = np.isnan(hours)
    told = {
        "their format": _one_of(pd.Series([one.format for one in headers])),
        "their compression": np.array([[one.step] for one in headers]),
        "their size in pixels": photos[["width", "height"]].to_numpy(dtype=float),
        "the camera": _one_of(pd.Series([one.camera for one in headers])),
        "the time of day": np.stack([np.cos(angle), np.sin(angle), unknown.astype(float)], axis=1),
    }
    return ((what, numbers) for what, numbers in told.items() if np.ptp(numbers, axis=0).any())


def _one_of(names: "pd.Series[str]") -> NDArray[np.float64]:
    """A column for each of the most frequent names, 1 where it is that one."""
    frequent = names.value_counts().index[:MOST]
    return np.stack([names.eq(name).to_numpy(dtype=float) for name in frequent], axis=1)
