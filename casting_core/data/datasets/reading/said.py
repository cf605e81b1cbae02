"""Which photo each row of a table and each annotation speaks of, and what all of them together say of a photo."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from casting_core.data.datasets.reading.annotations import class_list, marked, read_json, read_xml, read_yolo
from casting_core.data.datasets.reading.listing import ending
from casting_core.data.datasets.reading.masks import Folders, Look, agreeing, says_mask
from casting_core.data.datasets.reading.tables import ENDINGS, Row, Said, read_table
from casting_core.data.datasets.reading.words import class_word, split_word
from casting_core.domain import Label, Split
from casting_core.errors import PhotoError

LISTS = ("data.yaml", "data.yml", "classes.txt", "obj.names", "_darknet.labels")  # of YOLO's classes
IN_TEXT = ("label", "annotation", "ground", "truth", "class")  # in the name of a text file that is a table
NOT_LABELS = ("submission",)  # in the name of a table: what somebody's model answered


class Listed(NamedTuple):
    """One file of a listing."""

    number: int
    folders: Folders
    name: str


@dataclass(kw_only=True)
class Word:
    """What is said of one photo."""

    label: str = ""  # the name of a class
    kinds: tuple[str, ...] = ()
    split: Split | None = None
    groups: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Labels:
    """What tables and annotations say of photos. ``used`` are the files that said something."""

    words: dict[int, Word] = field(default_factory=dict)  # by the photo's number
    used: list[Listed] = field(default_factory=list)
    missing: int = 0  # rows that name no photo which is here


def read_labels(photos: Sequence[Listed], others: Sequence[Listed], look: Look | None) -> Labels:
    """What the files beside the photos say of them; nothing where they cannot be looked at.

    Where two say different things, the first in alphabetical order counts; the rows of one table for the same photo
    are put together: it is defective where one of them says so.
    """
    found = Labels()
    speaking = [one for one in others if _may_speak(one)]
    if look is None or not speaking:
        return found
    finder = _Finder(photos)
    yolo = _Yolo(others, look)
    for one in sorted(speaking, key=lambda one: (*one.folders, one.name)):
        try:
            said = _read(one, look, finder, yolo)
        except PhotoError:  # too large, or it cannot be opened: it says nothing
            continue
        if said is not None:
            _add(found, one, said, finder)
    found.used += yolo.used
    return found


def _may_speak(one: Listed) -> bool:
    known = ending(one.name) in (*ENDINGS, ".json", ".jsonl", ".ndjson", ".xml", ".txt")
    return known and not any(word in one.name.casefold() for word in NOT_LABELS)


def _read(one: Listed, look: Look, finder: "_Finder", yolo: "_Yolo") -> Said | None:
    match ending(one.name):
        case ".json" | ".jsonl" | ".ndjson":
            return read_json(look(one.number))
        case ".xml":
            return _of_its_photo(one, read_xml(look(one.number)), finder)
        case ".txt":
            if one.name.casefold() in LISTS:
                return None
            said = yolo.read(one, finder)
            if said is not None or not any(word in one.name.casefold() for word in IN_TEXT):
                return said
    return read_table(look(one.number), is_file=lambda cell: bool(finder.all(cell, one.folders)))


def _of_its_photo(one: Listed, said: Said | None, finder: "_Finder") -> Said | None:
    """An annotation of one photo may name it as it was once called; then its own name says which it is."""
    if said is None or len(said.rows) != 1 or finder.all(said.rows[0].file, one.folders):
        return said
    row = said.rows[0]
    return Said(rows=(Row(file=one.name.rpartition(".")[0], label=row.label, kinds=row.kinds),))


def _add(found: Labels, one: Listed, said: Said, finder: "_Finder") -> None:
    rows: dict[int, list[Row]] = defaultdict(list)
    missing = 0
    for row in said.rows:
        photo = finder.one(row.file, one.folders)
        if photo is None:
            missing += 1
        else:
            rows[photo].append(row)
    if not rows:
        return
    found.used.append(one)
    found.missing += missing
    for photo, its in rows.items():
        _join(found.words.setdefault(photo, Word()), its)
    if said.others_ok:
        for photo in finder.beside(rows):
            found.words.setdefault(photo, Word(label=Label.OK.word))


def _join(word: Word, rows: Sequence[Row]) -> None:
    labels = [row.label for row in rows if row.label]
    bad = [label for label in labels if class_word(label) is Label.DEFECTIVE]
    word.label = word.label or next(iter([*bad, *labels]), "")
    word.kinds = word.kinds or tuple(dict.fromkeys(kind for row in rows for kind in row.kinds))
    word.split = word.split or next((row.split for row in rows if row.split is not None), None)
    word.groups = word.groups or next((row.groups for row in rows if row.groups), ())


class _Finder:
    """The photos, to be found by what a table calls them: a name with or without its ending, or a path."""

    def __init__(self, photos: Sequence[Listed]) -> None:
        self._photos = {one.number: one for one in photos}
        self._by_name: dict[str, list[Listed]] = defaultdict(list)
        for one in photos:
            name = one.name.casefold()
            self._by_name[name].append(one)
            stem, _, _ = name.rpartition(".")
            if stem:
                self._by_name[stem].append(one)

    def all(self, file: str, table: Folders) -> list[Listed]:
        """The photos of this name in the place that a table in the folders ``table`` speaks of."""
        name = file.replace("\\", "/").rstrip("/").rpartition("/")[2].strip().casefold()
        return [one for one in self._by_name.get(name, ()) if name and _speaks_of(table, one.folders)]

    def one(self, file: str, table: Folders) -> int | None:
        """The photo that is meant; ``None`` where there is none or several would do."""
        found = self.all(file, table)
        if len(found) < 2:
            return found[0].number if found else None
        above = tuple(file.replace("\\", "/").split("/")[:-1])
        near = [(agreeing(above[::-1], one.folders[::-1]), agreeing(table, one.folders)) for one in found]
        best = max(near)
        return found[near.index(best)].number if near.count(best) == 1 else None

    def beside(self, photos: dict[int, list[Row]]) -> Iterator[int]:
        """The photos that lie in the same folders as these."""
        places = {self._photos[number].folders for number in photos}
        return (number for number, one in self._photos.items() if one.folders in places)


def _speaks_of(table: Folders, photo: Folders) -> bool:
    """Whether a table that lies there speaks of a photo that lies here: below it, beside it, or in its mirror."""
    at = next((level for level in reversed(range(len(table))) if says_mask(table[level])), None)
    if at is not None:
        below = Counter(name.casefold() for name in table[at + 1 :])
        return photo[:at] == table[:at] and not below - Counter(name.casefold() for name in photo[at:])
    if photo[: len(table)] == table:
        return True
    return bool(table) and split_word(table[-1]) is None and photo[: len(table) - 1] == table[:-1]


class _Yolo:
    """The text files of YOLO. They count only where the names of their classes lie beside them."""

    def __init__(self, others: Sequence[Listed], look: Look) -> None:
        self._look = look
        self._lists = [one for one in others if one.name.casefold() in LISTS]
        self._names: tuple[str, ...] | None = None

    @property
    def used(self) -> list[Listed]:
        """The list of classes, where it was needed."""
        return self._lists[:1] if self._names is not None else []

    def read(self, one: Listed, finder: _Finder) -> Said | None:
        stem = one.name.rpartition(".")[0]
        if not self._lists or not finder.all(stem, one.folders):
            return None
        if self._names is None:
            self._names = class_list(self._look(self._lists[0].number))
        kinds = read_yolo(self._look(one.number), self._names)
        return None if kinds is None else Said(rows=(marked(stem, kinds),))
