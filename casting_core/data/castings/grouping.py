"""Which photos show one casting: copies and retakes, however turned, mirrored, sheared, scaled or lit.

Nothing is known of the part. Each photo is compared with the few that share the most of its rare details, never with
all; what two photos have in common must lie alike and agree in fine detail. Groups then meet through a few of their
photos. So cost grows with the number of photos, not with its square.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casting_core.data.castings.search import Pair, Search, one_thread_each
from casting_core.data.datasets.pixel_cache import PixelCache
from casting_core.data.imaging.images import Grey
from casting_core.data.imaging.matching import Map, Match
from casting_core.domain import Progress
from casting_core.errors import DatasetError


@dataclass(frozen=True, kw_only=True)
class Link:
    """Why two photos are said to show one casting."""

    first: str  # photos
    second: str
    points: int  # places that match
    agreement: float  # -1 to 1, mean correlation of the fine detail
    map: Map  # (2, 3), from pixels (x, y, 1) of the first photo to pixels (x, y) of the second
    mirrored: bool


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """The casting of each photo, numbered from 0 in the order of the photos, and the links that join them."""

    casting: NDArray[np.int64]  # (photos,)
    links: list[Link]  # one fewer in each casting than it has different photos
    compared: int  # pairs of photos that were looked at


def group(
    photos: Sequence[str],
    pixels: PixelCache | NDArray[np.uint8],
    *,
    report: Progress = lambda _done, _total: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Grouping:
    """Groups photos by the casting they show; the same photos in the same order give the same groups.

    Args:
        photos: their identities; one that comes twice is one photo.
        pixels: the cache that holds them, or their grey levels in the same order, (photos, height, width).
        report: called with steps done and steps in all.
        should_stop: asked between steps; ``DatasetError`` is raised once it says yes.
    """
    places = {photo: at for at, photo in reversed(list(enumerate(photos)))}
    names = sorted(places, key=places.__getitem__)
    with one_thread_each():
        search = Search(names, _reader(names, pixels, places), report=report, should_stop=should_stop)
        found = search.run()
    numbers = {names[at]: number for number, members in enumerate(search.groups.all()) for at in members}
    casting = np.array([numbers[photo] for photo in photos], dtype=np.int64)
    links = [_link(names, pair, found[pair]) for pair in sorted(found)]
    return Grouping(casting=casting, links=links, compared=len(search.compared))


def _link(names: Sequence[str], pair: Pair, match: Match) -> Link:
    first, second, mirrored = pair
    return Link(
        first=names[first],
        second=names[second],
        points=match.points,
        agreement=match.agreement,
        map=match.map,
        mirrored=mirrored,
    )


def _reader(
    names: Sequence[str], pixels: PixelCache | NDArray[np.uint8], places: dict[str, int]
) -> Callable[[int], Grey]:
    """What gives the grey levels of a photo by its place among the names."""
    if isinstance(pixels, PixelCache):
        rows = pixels.rows()
        missing = next((name for name in names if name not in rows), None)
        if missing:
            raise DatasetError(f"photo {missing[:12]} is not in the pixel cache: scan the dataset again")
        levels, where = pixels.all(), [rows[name] for name in names]
    else:
        levels, where = pixels, [places[name] for name in names]
    return lambda at: np.asarray(levels[where[at]])
