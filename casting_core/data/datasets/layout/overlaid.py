"""What tables, masks and the set as a whole say of photos, where the folders above them say nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.layout.sorting import stem_of
from casting_core.data.datasets.layout.values import SHOWN, Place
from casting_core.data.datasets.reading.masks import Look, Masks, defect_in
from casting_core.data.datasets.reading.public import kinds_by_folder, kinds_by_name
from casting_core.data.datasets.reading.said import Labels, Word
from casting_core.data.datasets.reading.words import class_word, says_doubt
from casting_core.domain import Label, Split
from casting_core.errors import PhotoError
from casting_core.wording import count, listed, verb


def overlaid(
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
    loose = {stem_of(one.path.rpartition("/")[2]) for one in silent if one.folder not in kinds}
    by_name = kinds_by_name(loose)
    if by_name:
        notes.append(
            f"by their names, {count(len(by_name), 'photo')} {verb(len(by_name), 'show')} a kind of defect each"
        )
    by_name = {one.path: by_name[stem] for one in silent if (stem := stem_of(one.path.rpartition("/")[2])) in by_name}
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
