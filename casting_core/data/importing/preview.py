"""Looking at a source of photos before anything is taken in: its classes, splits, counts, and what is odd about it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from casting_core.data.datasets.class_rule import ClassRule, clashes, folder_key
from casting_core.data.datasets.layout import Layout, Place, read_layout
from casting_core.data.importing.sources import Entry, Source
from casting_core.domain import Label, Split
from casting_core.errors import DatasetError
from casting_core.wording import count, listed, verb

MOST_CLASSES = 40  # class folders; more are no classes, but castings or dates
SHOWN = 5  # names in one sentence
ONE_CLASS = "all photos are of one class"


@dataclass(frozen=True, kw_only=True)
class ClassFound:
    """One class of a source. Names that differ only in case or Unicode form are one class with several names."""

    key: str  # the name as rules compare it; empty for photos that lie in no class folder
    names: tuple[str, ...]
    counts: Mapping[Split, int]  # train before test
    guess: Label | None  # by the known words; nothing is guessed about other names
    examples: tuple[Entry, ...]

    @property
    def photos(self) -> int:
        """How many there are, over all splits."""
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a source holds by its names alone; ``problems`` are sentences for a person."""

    classes: tuple[ClassFound, ...]
    splits: tuple[Split, ...]
    problems: tuple[str, ...]

    @property
    def photos(self) -> int:
        """How many files are called photos."""
        return sum(found.photos for found in self.classes)

    @property
    def guesses(self) -> dict[str, Label | None]:
        """What the known words say of each class."""
        return {found.key: found.guess for found in self.classes}


def preview(source: Source, *, rule: ClassRule | None = None) -> Preview:
    """What the source holds; no photo is read and nothing is written.

    Raises ``DatasetError`` where there is no photo by its name, or more class folders than classes can be.
    """
    layout = read_layout(entry.path for entry in source.entries)
    photos = layout.photos
    if not photos:
        raise DatasetError(
            f"no photos were found among {count(len(source.entries), 'file')}: expected class folders with photos in "
            "them, such as ok_front and def_front, alone or within train and test"
        )
    classes = tuple(_classes(photos, source.entries, rule or ClassRule()))
    if len(classes) > MOST_CLASSES:
        raise DatasetError(
            f"{len(classes):,} class folders were found, which cannot all be classes: expected folders such as "
            "ok_front and def_front, alone or within train and test"
        )
    present = {place.split for place in photos}
    splits = tuple(split for split in Split if split in present)
    return Preview(classes=classes, splits=splits, problems=tuple(_problems(layout, classes)))


def _classes(photos: Sequence[Place], entries: Sequence[Entry], rule: ClassRule) -> Iterator[ClassFound]:
    by_key: dict[str, list[Place]] = {}
    for place in photos:
        by_key.setdefault(folder_key(place.folder), []).append(place)
    for key, members in sorted(by_key.items()):
        numbers = Counter(place.split for place in members)
        yield ClassFound(
            key=key,
            names=tuple(sorted({place.folder for place in members})),
            counts={split: numbers[split] for split in Split if split in numbers},
            guess=rule.label(key),
            examples=tuple(entries[place.number] for place in members[:: max(1, len(members) // 4)][:4]),
        )


def _problems(layout: Layout, classes: tuple[ClassFound, ...]) -> Iterator[str]:
    for names in [*clashes(layout.splits), *(found.names for found in classes if len(found.names) > 1)]:
        shown = listed([repr(name) for name in names], most=SHOWN)
        yield f"the folders {shown} differ only in case or in the form of their letters and count as one"
    unknown = [found for found in classes if found.key and found.guess is None]
    if unknown:
        shown = listed([repr(found.names[0]) for found in unknown], most=SHOWN)
        yield f"nothing is known about {shown}: say what it holds, or it is left out"
    if loose := next((found for found in classes if not found.key), None):
        are = "it is" if loose.photos == 1 else "they are"
        lie = verb(loose.photos, "lie")
        yield f"{count(loose.photos, 'photo')} {lie} in no class folder: say what {are}, or {are} left out"
    guesses = {found.guess for found in classes}
    if len(guesses) == 1 and (only := guesses.pop()) is not None:
        yield f"{ONE_CLASS}, {only.word}; a network needs both to learn the difference"
    if others := layout.others:
        kinds = Counter(Path(place.path).suffix[:12].lower() or "no ending" for place in others)
        shown = listed([f"{number:,} {kind}" for kind, number in kinds.most_common()], most=SHOWN)
        yield f"not photos by their names, and left out: {shown}"
