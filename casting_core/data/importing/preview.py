"""Looking at a source of photos before anything is taken in: its classes, splits, counts, and what is odd about it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from casting_core.data.datasets.class_rule import ClassRule, clashes, folder_key
from casting_core.data.datasets.layout.values import Aside, Layout, Place
from casting_core.data.datasets.reading.listing import ending, foreign_format
from casting_core.data.importing.sources import Entry, Source, layout_of
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
    """What a source holds by its names, its tables and its masks; no photo is read."""

    classes: tuple[ClassFound, ...]
    splits: tuple[Split, ...]
    problems: tuple[
        str, ...
    ]  # sentences for a person about what is odd, and what is left out unless somebody says more
    notes: tuple[str, ...] = ()  # sentences about how the source was read
    aside: Mapping[Aside, int] = field(default_factory=dict)  # files that are no photos of it, by the reason
    sets: Mapping[str, int] = field(default_factory=dict)  # where several lie side by side: the photos of each
    chosen: str = ""  # the one of them that was read

    @property
    def photos(self) -> int:
        """How many files are called photos."""
        return sum(found.photos for found in self.classes)

    @property
    def guesses(self) -> dict[str, Label | None]:
        """What the known words say of each class."""
        return {found.key: found.guess for found in self.classes}


def preview(
    source: Source, *, rule: ClassRule | None = None, meaning: ClassRule | None = None, chosen: str = ""
) -> Preview:
    """What the source holds; no photo is read but for masks, and nothing is written.

    ``rule`` says which names are classes, ``meaning`` what they mean where that is another one: in the dataset which
    the photos are to join. ``chosen`` is the folder of one of several sets that lie side by side.
    Raises ``DatasetError`` where there is no photo by its name, or more class folders than classes can be.
    """
    rule = rule or ClassRule()
    layout = layout_of(source, rule=rule, chosen=chosen)
    photos = layout.photos
    if not photos:
        raise DatasetError(_nothing(layout, len(source.entries)))
    classes = tuple(_classes(photos, source.entries, meaning or rule))
    if len(classes) > MOST_CLASSES:
        raise DatasetError(
            f"{len(classes):,} class folders were found, which cannot all be classes: expected folders such as "
            "ok_front and def_front, alone or within train and test"
        )
    present = {place.split for place in photos}
    return Preview(
        classes=classes,
        splits=tuple(split for split in Split if split in present),
        problems=tuple(_problems(layout, classes)),
        notes=layout.notes,
        aside=layout.aside,
        sets=layout.sets,
        chosen=layout.chosen,
    )


def _nothing(layout: Layout, files: int) -> str:
    """Why there is no photo; where all are pictures of formats that are not read, what to do about that."""
    if foreign := Counter(filter(None, (foreign_format(place.path) for place in layout.others))):
        found = count(files, "file")
        return f"no photos that can be read are among {found}; of {foreign.total():,}: {foreign.most_common(1)[0][0]}"
    return (
        f"no photos were found among {count(files, 'file')}: expected class folders with photos in "
        "them, such as ok_front and def_front, alone or within train and test"
    )


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
            guess=_guess(members, rule),
            examples=tuple(entries[place.number] for place in members[:: max(1, len(members) // 4)][:4]),
        )


def _guess(members: Sequence[Place], rule: ClassRule) -> Label | None:
    """What the class means by the known words, or by what the set as a whole says of it."""
    found = {place.label(rule) for place in members}
    return found.pop() if len(found) == 1 else None


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
        kinds = Counter(ending(place.path)[:12] or "no ending" for place in others)
        shown = listed([f"{number:,} {kind}" for kind, number in kinds.most_common()], most=SHOWN)
        yield f"not photos by their names, and left out: {shown}"
    foreign = Counter(filter(None, (foreign_format(place.path) for place in others)))
    for reason, number in foreign.most_common():
        yield f"of {count(number, 'file')} that {verb(number, 'are')} left out: {reason}"
