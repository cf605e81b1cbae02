"""What a person should know of a layout, in sentences: nothing is left out without being counted."""

from collections.abc import Iterable

from casting_core.data.datasets.layout.sorting import Sorted
from casting_core.data.datasets.layout.values import SHOWN, Aside, Layout
from casting_core.data.datasets.reading.said import Labels
from casting_core.wording import count, listed, verb


def notes_on(layout: Layout, found: Sorted, labels: Labels) -> Iterable[str]:
    """The sentences about what was left out, kept as groups, or read from tables."""
    if layout.sets:
        names = {top: f"{top!r} ({count(number, 'photo')})" for top, number in layout.sets.items() if top}
        others = listed([name for top, name in names.items() if top != layout.chosen], most=SHOWN)
        yield (
            f"{count(len(names), 'set')} lie side by side: {names[layout.chosen]} is read, {others} "
            f"{verb(len(names) - 1, 'are')} left out; another can be chosen (--set on the command line)"
        )
    aside = layout.aside
    if number := aside.get(Aside.SYSTEM):
        yield f"{count(number, 'file')} {verb(number, 'are')} {Aside.SYSTEM}, and left out"
    if number := aside.get(Aside.OUTSIDE):
        place, lie, are = repr(layout.wrapping.rpartition("/")[2]), verb(number, "lie"), verb(number, "are")
        yield f"{count(number, 'file')} {lie} beside the folder {place} that holds the classes, and {are} left out"
    if number := aside.get(Aside.MASK):
        paired = sum(len(masks) for masks in found.masks.by_photo.values())
        photo = "a photo" if number == 1 else "photos"
        yield (
            f"{count(number, 'mask')} {verb(number, 'are')} not taken for {photo}; {paired:,} of them "
            f"{verb(paired, 'belong')} to a photo and {verb(paired, 'are')} kept as the place of its defects"
        )
    if labels.used:
        files = listed([repr("/".join((*one.folders, one.name))) for one in labels.used], most=2)
        yield f"labels, splits or kinds of {count(len(labels.words), 'photo')} were read from {files}"
    if labels.missing:
        yield f"{count(labels.missing, 'row')} of these {verb(labels.missing, 'name')} no photo that is here"
    groups = sorted({group for place in layout.photos for group in place.groups})
    if groups:
        shown = listed([repr(one) for one in groups], most=SHOWN)
        yield f"folders that are neither split nor class are kept as groups: {shown}"
