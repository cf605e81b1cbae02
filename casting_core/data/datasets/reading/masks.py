"""Pictures that show where the defects of a photo are: found by their names and folders, believed by what is in them.

A mask has two grey levels, or few; a photo of a casting has many. So nothing that shows a casting is taken for one.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey, decode, fit
from casting_core.errors import PhotoError

FEW = 16  # grey levels; a picture with no more is a map of labels
EXTREME = 40  # grey levels from black or white that a JPEG of a mask may stray
SHARE = 0.97  # of the pixels that lie so near to black or white, at least
LOOKED_AT = 8  # masks of one folder and naming that are looked at; are they all masks, the others are, too

_WORD = (
    r"(?:masks?|gt|ground[-_ ]?truth|labels?|seg(?:m|mask|mented|mentation)?|anno(?:tation)?s?|roi|defect[-_ ]?mask)"
)
_HINT = re.compile(r"mask|gt|truth|label|seg|anno|roi", re.IGNORECASE)
_AFTER = re.compile(rf"(.+?)[-_. ]+(?:(?:defect|pixel)[-_ ]?)?{_WORD}(?:[-_ ]?\d{{1,2}})?", re.IGNORECASE)
_BEFORE = re.compile(rf"{_WORD}[-_. ]+(.+)", re.IGNORECASE)
_FOLDER = re.compile(rf"(?:.*[-_ ])?{_WORD}(?:[-_ ]?(?:images?|png|maps?))?", re.IGNORECASE)

Folders = tuple[str, ...]
Look = Callable[[int], bytes]  # the bytes of the file of this number; ``PhotoError`` where it cannot be read


class Named(NamedTuple):
    """A file that is called a photo, by its place."""

    number: int
    folders: Folders
    stem: str  # its name without the ending
    ending: str  # ``.png``


@dataclass(frozen=True, kw_only=True)
class Masks:
    """The masks among some files. ``by_photo`` has the masks of each photo that has some."""

    numbers: frozenset[int]
    by_photo: Mapping[int, tuple[int, ...]]


def find_masks(files: Sequence[Named], look: Look | None) -> Masks:
    """Which of these files are masks, and of which photo; without ``look`` names alone are believed."""
    candidates = {one.number: one for one in files if _is_called_mask(one)}
    photos = _Photos([one for one in files if candidates and one.number not in candidates])
    pairs = {number: photos.of(one) for number, one in candidates.items()}
    twins = dict(_same_stem(files, set(candidates)))
    candidates |= {one.number: one for one in twins}
    pairs |= {one.number: other for one, other in twins.items()}
    named = [one for number, one in candidates.items() if pairs[number] is not None or _in_mask_folder(one)]
    real = set(_believed(named, look))
    real -= {one.number for one, other in twins.items() if other in real}  # where both look like masks, none is one
    by_photo: dict[int, list[int]] = defaultdict(list)
    for number in sorted(real):
        mate = pairs[number]
        if mate is not None and mate not in real:
            by_photo[mate].append(number)
    return Masks(numbers=frozenset(real), by_photo={photo: tuple(masks) for photo, masks in by_photo.items()})


def is_mask(content: bytes) -> bool:
    """Whether these bytes are a picture of black and white, or of very few grey levels."""
    try:
        return _two_tone(decode(content).grey)
    except PhotoError:
        return False


def defect_in(content: bytes) -> NDArray[np.bool_]:
    """Where the mask in these bytes shows a defect, in the mask's own pixels; ``PhotoError`` where it is none."""
    grey = decode(content).grey
    levels = np.unique(grey)
    if len(levels) > FEW:
        return np.asarray(grey >= 128)
    return np.asarray(grey != 0 if len(levels) == 1 or levels[0] == 0 else grey > levels[0])


def places_of_defects(masks: Sequence[Path], size: int) -> NDArray[np.bool_]:
    """Where the defects of a photo are, (size, size), as ``fit`` lays the photo itself."""
    shown = np.zeros((size, size), dtype=np.bool_)
    for path in masks:
        try:
            marked = defect_in(path.read_bytes())
        except (OSError, PhotoError):
            continue
        shown |= _fitted(marked, size) > 0
    return shown


def _fitted(marked: NDArray[np.bool_], size: int) -> Grey:
    """The mask in a square as the photo is; small defects stay, and what is beside it is sound."""
    height, width = marked.shape
    edge = max(height, width)
    square = np.zeros((edge, edge), dtype=np.uint8)
    top, left = (edge - height) // 2, (edge - width) // 2
    square[top : top + height, left : left + width] = marked * np.uint8(255)
    return fit(square, size)


def _two_tone(grey: Grey) -> bool:
    counted = np.bincount(grey.ravel(), minlength=256)
    if np.count_nonzero(counted) <= FEW:
        return True
    return bool((counted[: EXTREME + 1].sum() + counted[-EXTREME - 1 :].sum()) >= SHARE * grey.size)


@cache
def says_mask(name: str) -> bool:
    """Whether a folder of this name holds masks or annotations: ``ground_truth``, ``Masks``, ``labels``."""
    return bool(_FOLDER.fullmatch(name))


def _in_mask_folder(one: Named) -> bool:
    return any(map(says_mask, one.folders))


def _is_called_mask(one: Named) -> bool:
    return _bare_stem(one.stem) is not None or _in_mask_folder(one)


def _bare_stem(stem: str) -> str | None:
    """What is left of a name without what calls it a mask; ``None`` where nothing does."""
    if not _HINT.search(stem):  # asked of very many names
        return None
    found = _AFTER.fullmatch(stem) or _BEFORE.fullmatch(stem)
    return found[1] if found else None


class _Photos:
    """The files that are no masks, to be found by the name of a mask."""

    def __init__(self, photos: Sequence[Named]) -> None:
        self._by_stem: dict[str, list[Named]] = defaultdict(list)
        for one in photos:
            self._by_stem[one.stem.casefold()].append(one)

    def of(self, mask: Named) -> int | None:
        """The photo of a mask: of one name, in the same folder or in that which the mask's folder mirrors.

        ``None`` where there is none, or where several would do.
        """
        names = [(stem, mask.folders) for stem in (_bare_stem(mask.stem), mask.stem) if stem]
        if len(mask.folders) > 1 and _in_mask_folder(mask):
            names.append((mask.folders[-1], mask.folders[:-1]))  # a folder for each photo, a mask for each defect
        for stem, folders in names:
            near = [(_near(folders, one.folders), one.number) for one in self._by_stem.get(stem.casefold(), [])]
            best = max((how for how, _ in near if how is not None), default=None)
            found = [number for how, number in near if how is not None and how == best]
            if found:
                return found[0] if len(found) == 1 else None
        return None


def _near(mask: Folders, photo: Folders) -> int | None:
    """How many levels two places have in common; ``None`` where the one is no mirror of the other."""
    at = next((level for level, name in enumerate(mask) if says_mask(name)), None)
    if at is None:
        return 0 if mask == photo else None
    below = mask[at + 1 :]
    start = agreeing(mask, photo)
    if start < at or agreeing(below[::-1], photo[::-1]) < len(below):
        return None
    return start


def agreeing(one: Sequence[str], other: Sequence[str]) -> int:
    """How many names two paths have in common from their beginning; case does not matter."""
    number = 0
    for here, there in zip(one, other, strict=False):
        if here.casefold() != there.casefold():
            break
        number += 1
    return number


def _same_stem(files: Sequence[Named], known: set[int]) -> Iterator[tuple[Named, int]]:
    """Files of one name in one folder that differ in their endings only, each with the other."""
    endings: dict[Folders, set[str]] = defaultdict(set)
    for one in files:
        endings[one.folders].add(one.ending)
    several = {folders for folders, found in endings.items() if len(found) > 1}
    by_name: dict[tuple[Folders, str], list[Named]] = defaultdict(list)
    for one in files:
        if one.folders in several and one.number not in known:
            by_name[one.folders, one.stem.casefold()].append(one)
    for pair in by_name.values():
        if len(pair) == 2:
            yield pair[0], pair[1].number
            yield pair[1], pair[0].number


def _believed(named: Sequence[Named], look: Look | None) -> Iterator[int]:
    """Those that look like masks: of each folder and naming a few are looked at, all of them where these disagree."""
    if look is None:
        yield from (one.number for one in named if _is_called_mask(one))
        return
    kinds: dict[tuple[Folders, str, bool, bool], list[Named]] = defaultdict(list)
    for one in named:
        kinds[one.folders, one.ending, _bare_stem(one.stem) is not None, _is_called_mask(one)].append(one)
    for (*_, called), members in kinds.items():
        looked = {one.number: _looks_like_mask(one, look) for one in members[:: max(1, len(members) // LOOKED_AT)]}
        if all(looked.values()) or (not called and not any(looked.values())):
            yield from (one.number for one in members if all(looked.values()))
            continue
        for one in members:
            if looked[one.number] if one.number in looked else _looks_like_mask(one, look):
                yield one.number


def _looks_like_mask(one: Named, look: Look) -> bool:
    try:
        return is_mask(look(one.number))
    except PhotoError:
        return False
