"""From paths to a layout: the folders that wrap the whole, the set that is meant, and what each folder means."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.layout.notes import notes_on
from casting_core.data.datasets.layout.overlaid import overlaid
from casting_core.data.datasets.layout.sorting import Sorted, sort_out
from casting_core.data.datasets.layout.values import SHOWN, Aside, Layout, Place
from casting_core.data.datasets.levels import Folders, Meaning, has_splits, meanings, sets_of, wrapping
from casting_core.data.datasets.reading.masks import Look
from casting_core.data.datasets.reading.said import Listed, read_labels
from casting_core.errors import DatasetError
from casting_core.wording import listed


def read_layout(
    paths: Iterable[str], *, rule: ClassRule | None = None, look: Look | None = None, chosen: str = ""
) -> Layout:
    """Which split, class and groups each file has; folders that wrap the whole are seen through.

    Args:
        paths: of all files, with forward slashes.
        rule: which class folders are known; the known words if not given.
        look: gives the bytes of a file by its number among the paths, so that tables and masks can be read.
        chosen: the folder of one of several sets that lie side by side, or any other folder at the top.

    Where sets lie side by side and none is chosen, that with splits is read, or the largest. Raises ``DatasetError``
    where the chosen one is not there.
    """
    rule = rule or ClassRule()
    found = sort_out(paths, look)
    above, sets, chosen = _root(found, rule, chosen)
    photos, others = (
        [one for one in part if one.folders[: len(above)] == above] for part in (found.photos, found.others)
    )
    labels = read_labels(photos, found.others, look)
    used = {one.number for one in labels.used}
    others = [one for one in others if one.number not in used]
    inner = {one.folders[len(above) :] for one in photos}
    meant = meanings(inner, rule, {one.folders[len(above) :] for one in others})
    deep = len(above)
    places = [_place(one, meant[one.folders[deep:]], deep, is_photo=True) for one in photos]
    places += [_place(one, meant[one.folders[deep:]], deep, is_photo=False) for one in others]
    places.sort(key=lambda place: place.number)
    notes: list[str] = []
    places = overlaid(places, labels, found.masks, rule=rule, look=look, notes=notes)
    outside = Aside.OTHER_SET if sets else Aside.OUTSIDE
    left = (
        len(found.photos)
        - len(photos)
        + sum(one.folders[: len(above)] != above and one.number not in used for one in found.others)
    )
    numbers = {Aside.SYSTEM: found.system, Aside.MASK: len(found.masks.numbers), Aside.LABELS: len(used), outside: left}
    aside = {why: number for why, number in numbers.items() if number}
    layout = Layout(wrapping="/".join(above), files=tuple(places), aside=aside, sets=sets, chosen=chosen)
    return replace(layout, notes=(*notes_on(layout, found, labels), *notes))


def _root(found: Sorted, rule: ClassRule, chosen: str) -> tuple[Folders, dict[str, int], str]:
    """The folders that hold what is to be read, the sets that lie side by side, and the one of them that is meant."""
    photos = Counter(one.folders for one in found.photos)
    above = wrapping({*photos, *(one.folders for one in found.others)}, rule)
    inner = {folders[len(above) :]: number for folders, number in photos.items() if folders[: len(above)] == above}
    sets = sets_of(inner, rule)
    tops = {folders[0] for folders in inner if folders}
    if chosen and chosen not in tops:
        raise DatasetError(
            f"there is no set {chosen!r} (known: {listed([repr(one) for one in sorted(tops)], most=SHOWN)})"
        )
    if not chosen and sets:
        chosen = max(sets, key=lambda top: (has_splits(inner, top, rule), sets[top]))
    if not chosen:
        return above, {}, ""
    within = {folders[1:] for folders in inner if folders[:1] == (chosen,)}
    return (*above, chosen, *wrapping(within, rule)), sets or Counter(_by_top(inner)), chosen


def _by_top(inner: Mapping[Folders, int]) -> dict[str, int]:
    tops: Counter[str] = Counter()
    for folders, number in inner.items():
        tops["/".join(folders[:1])] += number
    return dict(tops)


def _place(one: Listed, meaning: Meaning, depth: int, *, is_photo: bool) -> Place:
    return Place(
        path="/".join((*one.folders[depth:], one.name)),
        split=meaning.split,
        folder=meaning.folder,
        number=one.number,
        groups=meaning.groups,
        is_photo=is_photo,
    )
