"""Light as a shortcut: how much of the label can be told without looking at the casting.

Of a few numbers of each photo it is asked how well they tell the label of castings (``separation``).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.audit.finding import Finding, Groups, Kind, Remedy, Severity
from casting_core.data.audit.looks import Looks
from casting_core.data.audit.separation import FEWEST, SHORTCUT, Separation, separation
from casting_core.domain import Label

SHOWN = 6  # castings of either label


def brightness(photos: pd.DataFrame, looks: Looks) -> Finding:
    """What the mean grey level alone gives away.

    ``photos`` has the columns photo, label and casting, one row per photo, each casting with one label, and its rows
    are those of ``looks``.
    """
    words = ("The light", "the mean brightness of the photos")
    return _finding(Kind.BRIGHTNESS, photos, looks.brightness[:, None], *words)


def background(photos: pd.DataFrame, looks: Looks) -> Finding:
    """What the corners of the photo alone give away, where there is background and mostly no casting."""
    return _finding(Kind.BACKGROUND, photos, looks.background, "The background", "the four corners of the photos")


def _finding(kind: Kind, photos: pd.DataFrame, features: NDArray[np.float64], what: str, seen: str) -> Finding:
    labels, castings = photos["label"].to_numpy(dtype=np.int64), photos["casting"].to_numpy(dtype=np.int64)
    found = separation(features, labels, castings)
    if found is None:
        return _not_answered(kind, photos, what)
    times = round(100 * found.auc)
    if not found.tells:
        return Finding(
            kind=kind,
            severity=Severity.FINE,
            title=f"{what} does not give the label away.",
            consequence=f"By {seen} alone, an ok and a defective casting are told apart right {times} times in 100, "
            f"where guessing has 50 {_behind(found)}. That is too little, or too unsure, for a network to lean on.",
            figures=_figures(found),
        )
    groups, levels = _typical(photos, features[:, 0])
    return Finding(
        kind=kind,
        severity=Severity.SERIOUS if found.auc >= SHORTCUT else Severity.WORTH_KNOWING,
        title=f"{what} gives the label away: by {seen} alone, an ok and a defective casting are told apart right "
        f"{times} times in 100 (guessing: 50).",
        consequence="A network may learn the light instead of the defect, score well here, and let defects pass on the "
        "day a lamp is changed. The network that sees local contrast only cannot take this shortcut. Better still, "
        f"take the photos of both classes in the same light and place {_behind(found)}.",
        remedy=Remedy.LOCAL_CONTRAST,
        groups=groups,
        names=tuple(f"typical {label.word} castings, grey level {levels[label]:.0f}" for label in Label),
        figures=_figures(found) | {f"{label.word}_grey_level": levels[label] for label in Label},
    )


def _behind(found: Separation) -> str:
    return (
        f"(AUC {found.auc:.2f}, give or take {found.spread:.2f}, each casting counted once; {found.by_photo:.2f} "
        f"counted by photo; from {found.defective:,} defective and {found.ok:,} ok castings, each asked about by a fit "
        "to others)"
    )


def _figures(found: Separation) -> dict[str, int | float]:
    behind = {"ok_castings": found.ok, "defective_castings": found.defective}
    return {"auc": found.auc, "auc_by_photo": found.by_photo, "standard_error": found.spread} | behind


def _not_answered(kind: Kind, photos: pd.DataFrame, what: str) -> Finding:
    ok, defective = (int(photos.loc[photos["label"] == label, "casting"].nunique()) for label in Label)
    behind = f"{defective:,} defective and {ok:,} ok castings"
    return Finding(
        kind=kind,
        severity=Severity.WORTH_KNOWING,
        title=f"Whether {what[0].lower()}{what[1:]} gives the label away cannot be told from {behind}.",
        consequence=f"It takes at least {FEWEST} castings of each. Until then, take the photos of both in the same "
        "light and place, in turn.",
        remedy=Remedy.ADD_CASTINGS,
        figures={"ok_castings": ok, "defective_castings": defective},
        answered=False,
    )


def _typical(photos: pd.DataFrame, level: NDArray[np.float64]) -> tuple[Groups, dict[Label, float]]:
    """Of either label the castings nearest to its middle, each by its middle photo; and that middle grey level."""
    ordered = photos.assign(level=level).sort_values(["level", "photo"])
    groups, levels = [], {}
    for label in Label:
        rows = ordered[ordered["label"] == label]
        middle = pd.DataFrame([group.iloc[len(group) // 2] for _, group in rows.groupby("casting")])
        levels[label] = float(middle["level"].median())
        nearest = (middle["level"] - levels[label]).abs().sort_values(kind="stable").index[:SHOWN]
        groups.append(tuple(str(photo) for photo in middle.loc[nearest, "photo"]))
    return tuple(groups), levels
