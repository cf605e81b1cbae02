"""Photos that differ from the rest, in size, sharpness, exposure or in what they show, and files that are none.

The rest is described by its median, and how far photos may lie from it by the median of their distances (MAD): a few
odd photos move neither. Bounds are wide, for a photo that only looks a little different belongs in the data.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.audit.finding import Finding, Kind, Remedy, Severity
from casting_core.data.audit.likeness import likest
from casting_core.data.audit.looks import Looks
from casting_core.wording import count, verb

FEWEST = 20  # photos; with fewer there is no rest to differ from
FEWEST_CASTINGS = 10  # for the same question about what they show
FAR = 6.0  # robust standard deviations
BLUR = np.log(2)  # at least: half as sharp as the middle photo
LIGHT = 40.0  # grey levels, at least
BLANK = 4.0  # grey levels of standard deviation; below it there is no picture
LIKENESS = 0.3  # of a correlation, at least
SOME = 0.01  # the share of photos from which odd ones are serious


def blur(photos: pd.DataFrame, looks: Looks) -> Finding:
    """Photos far less sharp than the rest; the rows of ``photos`` (column photo) are those of ``looks``."""
    if len(photos) < FEWEST:
        return _too_few(Kind.BLUR, photos)
    sharpness = np.log(np.maximum(looks.sharpness, 1e-6))
    below = np.median(sharpness) - sharpness > _reach(sharpness, BLUR)
    odd = below & (looks.contrast >= BLANK)
    return _finding(
        Kind.BLUR,
        photos,
        odd,
        title="{} far less sharp than the rest.",
        consequence="Fine cracks and pores are lost in them, so a defective casting may look sound, and the network "
        "may learn that blurred means one class. Leave them out, or take them again.",
        fine="No photo is far less sharp than the rest.",
    )


def exposure(photos: pd.DataFrame, looks: Looks) -> Finding:
    """Photos far darker or brighter than the rest, or blank."""
    if len(photos) < FEWEST:
        return _too_few(Kind.EXPOSURE, photos)
    off = np.abs(looks.brightness - np.median(looks.brightness)) > _reach(looks.brightness, LIGHT)
    return _finding(
        Kind.EXPOSURE,
        photos,
        off | (looks.contrast < BLANK),
        title="{} far darker or brighter than the rest, or blank.",
        consequence="Where there is no light or too much, a defect leaves no trace. Leave them out, or take them again "
        "in the light in which parts will be inspected.",
        fine="No photo is far darker or brighter than the rest.",
    )


def foreign(photos: pd.DataFrame, looks: Looks) -> Finding:
    """Photos that look like hardly any of another casting; columns photo and casting.

    Many photos of one and the same foreign thing look like each other and are not found.
    """
    castings = photos["casting"].to_numpy(dtype=np.int64)
    if len(photos) < FEWEST or len(set(castings.tolist())) < FEWEST_CASTINGS:
        return _too_few(Kind.FOREIGN, photos)
    likeness = likest(looks.thumbnail, castings)
    odd = np.median(likeness) - likeness > _reach(likeness, LIKENESS)
    return _finding(
        Kind.FOREIGN,
        photos,
        odd & (looks.contrast >= BLANK),
        title="{} as if they showed something else than the rest.",
        one="{} as if it showed something else than the rest.",
        predicate="look",
        consequence="Another part, another side of it, a hand or an empty table teaches the network nothing about this "
        "casting, and makes its figures wrong. Leave out what does not belong here.",
        fine="All photos look as if they showed the same kind of part.",
    )


def sizes(photos: pd.DataFrame) -> Finding:
    """Photos of another size or colour mode than most; columns photo, width, height and mode."""
    shapes = list(zip(photos["width"], photos["height"], photos["mode"], strict=True))
    counted = pd.Series(shapes, dtype=object).value_counts()
    kind, figures = Kind.SIZE, {"kinds": len(counted)}
    if len(counted) <= 1:
        shape = f"{counted.index[0][0]} x {counted.index[0][1]} pixels, colour mode {counted.index[0][2]}"
        return Finding(
            kind=kind,
            severity=Severity.FINE,
            title=f"All photos have the same size and colour mode: {shape}.",
            consequence="No camera setting tells the classes apart.",
            figures=figures,
        )
    most = counted.index[0]
    odd = np.array([shape != most for shape in shapes])
    figures |= {"photos": int(odd.sum())}
    return Finding(
        kind=kind,
        severity=Severity.WORTH_KNOWING,
        title=f"{count(int(odd.sum()), 'photo')} {verb(int(odd.sum()), 'differ')} from the most common size and "
        f"colour mode ({most[0]} x {most[1]} pixels, {most[2]}); there are {len(counted)} kinds in all.",
        consequence="Before a network sees them, all photos are made grey and scaled to one size. A photo that was "
        "smaller shows less, and if one class was taken with another camera, the camera gives the label away.",
        remedy=Remedy.LEAVE_OUT if odd.mean() < 0.5 else Remedy.NONE,
        photos=tuple(photos["photo"].to_numpy()[odd]),
        figures=figures,
    )


def unreadable(problems: pd.DataFrame) -> Finding:
    """Files that cannot be used; columns path and problem."""
    if problems.empty:
        return Finding(
            kind=Kind.UNREADABLE,
            severity=Severity.FINE,
            title="Every file can be read and has a label.",
            consequence="Nothing was left aside.",
            figures={"files": 0},
        )
    many = len(problems)
    return Finding(
        kind=Kind.UNREADABLE,
        severity=Severity.WORTH_KNOWING,
        title=f"{count(many, 'file')} cannot be used.",
        consequence=f"{'It is' if many == 1 else 'They are'} left aside, and nothing is guessed about "
        f"{'it' if many == 1 else 'them'}. If {'it is a casting' if many == 1 else 'these are castings'} that somebody "
        "meant to be in, training and test do without.",
        remedy=Remedy.RETAKE,
        files=tuple(problems["path"]),
        figures={"files": many},
    )


def _reach(values: NDArray[np.floating], least: float) -> float:
    """How far from the median a value may lie."""
    return max(least, FAR * 1.4826 * float(np.median(np.abs(values - np.median(values)))))


def _finding(
    kind: Kind,
    photos: pd.DataFrame,
    odd: NDArray[np.bool_],
    *,
    title: str,
    consequence: str,
    fine: str,
    one: str = "",
    predicate: str = "are",
) -> Finding:
    many = int(odd.sum())
    figures = {"photos": many, "looked_at": len(photos)}
    if not many:
        return Finding(
            kind=kind,
            severity=Severity.FINE,
            title=fine,
            consequence=f"{count(len(photos), 'photo')} {verb(len(photos), 'were')} looked at.",
            figures=figures,
        )
    start = f"{count(many, 'photo')} {verb(many, predicate)}"
    return Finding(
        kind=kind,
        severity=Severity.SERIOUS if many > SOME * len(photos) else Severity.WORTH_KNOWING,
        title=(one if one and many == 1 else title).format(start),
        consequence=consequence,
        remedy=Remedy.LEAVE_OUT,
        photos=tuple(photos["photo"].to_numpy()[odd]),
        figures=figures,
    )


def _too_few(kind: Kind, photos: pd.DataFrame) -> Finding:
    return Finding(
        kind=kind,
        severity=Severity.WORTH_KNOWING,
        title=f"Whether there are {kind} cannot be told from {count(len(photos), 'photo')}.",
        consequence=f"It takes at least {FEWEST} photos of {FEWEST_CASTINGS} castings to say what the rest looks like.",
        remedy=Remedy.ADD_CASTINGS,
        figures={"looked_at": len(photos)},
        answered=False,
    )
