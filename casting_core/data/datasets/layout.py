"""One grammar of paths: which split, class and groups each file has, and what becomes of the files that are no photos.

The same grammar reads a folder on this machine, a zip file, files that were dropped, and the folders of ``predict``.
Known words are looked for at any depth (``levels``); tables, annotations and masks beside the photos are read where
they can be looked at (``reading``). Nothing is left out without being counted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.levels import Folders, Meaning, has_splits, meanings, sets_of, wrapping
from casting_core.data.datasets.reading.listing import ending, is_system, looks_like_photo
from casting_core.data.datasets.reading.masks import Look, Masks, Named, defect_in, find_masks
from casting_core.data.datasets.reading.public import kinds_by_folder, kinds_by_name
from casting_core.data.datasets.reading.said import Labels, Listed, Word, read_labels
from casting_core.data.datasets.reading.words import class_word, says_doubt
from casting_core.domain import Label, Split
from casting_core.errors import DatasetError, PhotoError
from casting_core.wording import count, is_unicode, listed, verb

SHOWN = 5  # names in one sentence


class Aside(StrEnum):
    """Why a file is not among the photos of a dataset, nor among what somebody may have meant as one."""

    SYSTEM = "hidden, or left behind by a computer, a network drive or a telephone"
    MASK = "masks, which show where defects are"
    LABELS = "tables and annotations, from which labels were read"
    OUTSIDE = "beside the folder that holds the classes"
    OTHER_SET = "in another set beside this one"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a file lies in a dataset, and what the folders above it and the tables beside it say of it."""

    path: str  # within the dataset's root, with forward slashes
    split: Split
    folder: str  # the class folder's name, or the class that a table gives; empty for a file that has none
    number: int  # which of the paths that were given; a path may come twice
    groups: Folders = ()  # the folders above it that are neither split nor class: dates, lines, numbers of parts
    kinds: tuple[str, ...] = ()  # of defects
    meant: Label | None = None  # what the set as a whole says of its class, where the class's name says nothing
    masks: tuple[int, ...] = ()  # the numbers of the files that show where its defects are
    is_photo: bool = True  # whether it is called one; what is in it is for the decoder to say

    def label(self, rule: ClassRule) -> Label | None:
        """What it is by its class; ``None`` where nothing says so."""
        return rule.label(self.folder) if self.meant is None or self._decided(rule) else self.meant

    def _decided(self, rule: ClassRule) -> bool:
        return rule.label(self.folder) is not None or rule.says_neither(self.folder)

    def kind(self, rule: ClassRule) -> str:
        """The kinds of defect it has, one after the other; empty for a sound one, and where nobody says."""
        if self.label(rule) is not Label.DEFECTIVE:
            return ""
        own = () if not self.folder or class_word(self.folder) is not None else (self.folder,)
        return ", ".join(self.kinds or own)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The files of a dataset, in the order in which they were given, and what became of all others."""

    wrapping: str  # the path of the folder that holds splits and classes; empty where none is wrapped around them
    files: tuple[Place, ...]
    aside: Mapping[Aside, int] = field(default_factory=dict)  # files that are not among ``files``, by the reason
    sets: Mapping[str, int] = field(default_factory=dict)  # where several lie side by side: the photos of each
    chosen: str = ""  # the one of them that was read
    notes: tuple[str, ...] = ()  # sentences for a person about all this

    @property
    def photos(self) -> tuple[Place, ...]:
        """The files that are called photos."""
        return tuple(place for place in self.files if place.is_photo)

    @property
    def others(self) -> tuple[Place, ...]:
        """The files that are not called photos."""
        return tuple(place for place in self.files if not place.is_photo)

    @property
    def meant_as_photos(self) -> tuple[Place, ...]:
        """The photos, and whatever else lies in split and class folders, where nothing but photos is expected.

        Notes and tables beside those folders are left out.
        """
        return tuple(one for one in self.files if one.folder or one.split is not Split.UNSPLIT or one.is_photo)

    @property
    def splits(self) -> tuple[str, ...]:
        """The names of the split folders, as they are written, in alphabetical order."""
        tops = {place.path.partition("/")[0] for place in self.files if place.split is not Split.UNSPLIT}
        return tuple(sorted(tops))


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """A listing, by what the files are; ``photos`` and ``others`` are in the order of the listing."""

    photos: tuple[Listed, ...]
    others: tuple[Listed, ...]
    masks: Masks
    system: int  # files that are nobody's


def sort_out(paths: Iterable[str], look: Look | None) -> Sorted:
    """Which of these files are photos, masks, traces of computers, and others, by their names and folders.

    Masks are looked at; without ``look`` their names are believed.
    """
    folders_of = cache(_folders_of)  # asked once for each folder: very many files lie in few
    photos: list[Listed] = []
    others: list[Listed] = []
    system = 0
    for number, path in enumerate(paths):
        above, _, name = path.rpartition("/")
        folders = folders_of(above)
        if not name:
            continue
        if folders is None or is_system(name):
            system += 1
            continue
        (photos if looks_like_photo(name) else others).append(Listed(number=number, folders=folders, name=name))
    named = [
        Named(number=one.number, folders=one.folders, stem=_stem(one.name), ending=ending(one.name)) for one in photos
    ]
    masks = find_masks(named, look)
    return Sorted(
        photos=tuple(one for one in photos if one.number not in masks.numbers),
        others=tuple(others),
        masks=masks,
        system=system,
    )


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
    places = _overlaid(places, labels, found.masks, rule=rule, look=look, notes=notes)
    outside = Aside.OTHER_SET if sets else Aside.OUTSIDE
    left = (
        len(found.photos)
        - len(photos)
        + sum(one.folders[: len(above)] != above and one.number not in used for one in found.others)
    )
    numbers = {Aside.SYSTEM: found.system, Aside.MASK: len(found.masks.numbers), Aside.LABELS: len(used), outside: left}
    aside = {why: number for why, number in numbers.items() if number}
    layout = Layout(wrapping="/".join(above), files=tuple(places), aside=aside, sets=sets, chosen=chosen)
    return replace(layout, notes=(*_notes(layout, found, labels), *notes))


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _folders_of(above: str) -> Folders | None:
    """The names of the folders above a file, the outermost first; none where one of them is no place for photos."""
    folders = tuple(part for part in above.split("/") if part not in ("", "."))
    return None if any(map(is_system, folders)) else folders


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


def _overlaid(
    places: Sequence[Place], labels: Labels, masks: Masks, *, rule: ClassRule, look: Look | None, notes: list[str]
) -> list[Place]:
    """The places with what tables, masks and the set as a whole say of them, each where those before say nothing."""
    places = [_with_word(place, labels.words.get(place.number), rule) for place in places]
    places = _with_masks(places, masks, look, rule, notes)
    return _with_kinds_of_test(_with_public_kinds(places, rule, notes), rule, notes)


def _with_word(place: Place, word: Word | None, rule: ClassRule) -> Place:
    """What a table says of a photo; a class folder of a known word counts more than the table."""
    if word is None:
        return place
    groups = place.groups + tuple(one for one in word.groups if one not in place.groups)
    split, kinds = word.split or place.split, word.kinds
    if rule.label(place.folder) is not None or not word.label:
        if word.label and class_word(word.label) is None and not kinds:
            kinds = (word.label,)
        return replace(place, split=split, kinds=kinds, groups=groups)
    if place.folder and place.folder not in kinds:
        groups = (*groups, place.folder)
    return replace(place, split=split, kinds=kinds, groups=groups, folder=word.label)


def _with_masks(
    places: Sequence[Place], masks: Masks, look: Look | None, rule: ClassRule, notes: list[str]
) -> list[Place]:
    """Photos with their masks; where no word says what a photo is, its mask does: an empty one means sound.

    Where most photos of a class folder have masks and all masks agree, the whole folder is meant.
    """
    places = (
        [replace(one, masks=masks.by_photo.get(one.number, ())) for one in places] if masks.by_photo else list(places)
    )
    silent = [one for one in places if one.masks and one.label(rule) is None and not rule.says_neither(one.folder)]
    if look is None or not silent:
        return places
    shown = {one.number: any(_shows_defect(mask, look) for mask in one.masks) for one in silent}
    seen: dict[str, set[bool]] = {}
    for one in silent:
        seen.setdefault(one.folder, set()).add(shown[one.number])
    members = Counter(one.folder for one in places if one.is_photo)
    masked = Counter(one.folder for one in silent)
    whole = {
        folder: Label(int(next(iter(found))))
        for folder, found in seen.items()
        if folder and len(found) == 1 and 2 * masked[folder] >= members[folder]
    }
    said = f"{count(len(silent), 'photo')} {verb(len(silent), 'are')} told ok from defective by "
    notes.append(said + ("its mask" if len(silent) == 1 else "their masks") + ": an empty mask means ok")
    return [
        replace(one, meant=whole[one.folder]) if one.folder in whole else _by_mask(one, shown.get(one.number))
        for one in places
    ]


def _by_mask(place: Place, shown: bool | None) -> Place:
    if shown is None:
        return place
    groups = (*place.groups, place.folder) if place.folder else place.groups
    return replace(place, folder=Label(int(shown)).word, groups=groups)


def _shows_defect(mask: int, look: Look) -> bool:
    try:
        return bool(defect_in(look(mask)).any())
    except PhotoError:
        return False


def _with_public_kinds(places: Sequence[Place], rule: ClassRule, notes: list[str]) -> list[Place]:
    """The kinds of defect of public sets that have no word for defective."""
    kinds = kinds_by_folder({one.folder for one in places if one.folder and one.is_photo})
    silent = [one for one in places if one.is_photo and one.label(rule) is None and not rule.says_neither(one.folder)]
    loose = {_stem(one.path.rpartition("/")[2]) for one in silent if one.folder not in kinds}
    by_name = kinds_by_name(loose)
    if by_name:
        notes.append(
            f"by their names, {count(len(by_name), 'photo')} {verb(len(by_name), 'show')} a kind of defect each"
        )
    by_name = {one.path: by_name[stem] for one in silent if (stem := _stem(one.path.rpartition("/")[2])) in by_name}
    return [_of_public_kind(one, kinds, by_name) for one in places]


def _of_public_kind(place: Place, by_folder: Mapping[str, str], by_path: Mapping[str, str]) -> Place:
    if kind := by_folder.get(place.folder):
        meant = Label.DEFECTIVE if place.meant is None else place.meant
        return replace(place, meant=meant, kinds=place.kinds or (kind,))
    if kind := by_path.get(place.path):
        groups = (*place.groups, place.folder) if place.folder else place.groups
        return replace(place, folder=Label.DEFECTIVE.word, kinds=place.kinds or (kind,), groups=groups)
    return place


def _with_kinds_of_test(places: Sequence[Place], rule: ClassRule, notes: list[str]) -> list[Place]:
    """Sets for learning from sound parts only: all of train is ok, and test has a folder for each kind of defect."""
    photos = [one for one in places if one.is_photo and one.folder]
    train = {one.label(rule) for one in photos if one.split is Split.TRAIN}
    unknown = {one.folder for one in photos if one.label(rule) is None and not rule.says_neither(one.folder)}
    test_only = all(one.split is Split.TEST for one in photos if one.folder in unknown)
    ok_in_test = any(one.split is Split.TEST and one.label(rule) is Label.OK for one in photos)
    if any(map(says_doubt, unknown)):
        return list(places)
    has_word = Label.DEFECTIVE in {rule.label(one.folder) for one in photos}
    if not unknown or not test_only or not ok_in_test or train != {Label.OK} or has_word or rule.exact:
        return list(places)
    shown = listed([repr(one) for one in sorted(unknown)], most=SHOWN)
    notes.append(f"all of train is ok, so {shown}, in test only, {verb(len(unknown), 'are')} read as kinds of defect")
    return [replace(one, meant=Label.DEFECTIVE) if one.folder in unknown else one for one in places]


def _notes(layout: Layout, found: Sorted, labels: Labels) -> Iterable[str]:
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


def class_folders(places: Iterable[Place]) -> tuple[str, ...]:
    """The names of the class folders among these places, in alphabetical order."""
    return tuple(sorted({place.folder for place in places if place.folder and is_unicode(place.folder)}))
