"""Which castings of a dataset a version has seen: by castings, across datasets, not by photos alone.

A casting counts as seen if any photo of it, or of the same casting in another dataset, was learned from. Castings of
two datasets are the same where they share a photo, where a dataset that is known here holds photos of both, or where
the search for photos of one casting joins them.
"""

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from casting_core import files
from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Progress, Split
from casting_core.errors import CastingError, ModelError
from casting_core.learning.recipes.choices import Keep
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.card import ModelCard
from casting_core.records.version_files import LEARNED
from casting_core.settings import settings
from casting_core.workflows.datasets.castings import casting_known, casting_of
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.judging.independence import Standing, standing_of
from casting_core.workflows.recipes import recipe_on
from casting_core.workflows.stores import dataset_book, pixel_cache, registry

OURS, THEIRS = 3, 4  # photos that stand for a casting: of the dataset, and of those learned from
EPOCH, CALIBRATION, THRESHOLD = "the epoch", "the calibration", "the threshold"


@dataclass(frozen=True, kw_only=True)
class Learned:
    """The photos a version was trained on, those that were used for validation, and their castings."""

    photos: frozenset[str]
    validation: frozenset[str]
    casting: dict[str, Hashable]  # of each; where castings were not known, a photo is one of its own
    sha256: str  # of the file that says so

    @property
    def all(self) -> frozenset[str]:
        """Every photo that had a part in the version."""
        return self.photos | self.validation


def chosen_by(recipe: Recipe) -> tuple[str, ...]:
    """What the validation photos of a training choose; a score on them proves nothing unless that is nothing."""
    chosen = []
    if recipe.keep is Keep.BEST or recipe.early_stopping:
        chosen.append(EPOCH)
    if recipe.calibrate:
        chosen.append(CALIBRATION)
    if recipe.sound_only:
        chosen.append(THRESHOLD)
    return tuple(chosen)


def chosen_on_validation(card: ModelCard) -> tuple[str, ...]:
    """What the validation photos of a version chose of it."""
    return chosen_by(recipe_on(card))


def learned_from(card: ModelCard) -> Learned | None:
    """What a version learned from; ``None`` where it does not say. ``ModelError`` where its file is damaged."""
    if LEARNED not in card.files:
        return None
    content = registry().file(card.name, LEARNED)
    try:
        rows = [line.split(",") for line in content.decode("ascii").splitlines()[1:]]
        parts = {row[0]: Split(row[1]) for row in rows}
    except (ValueError, IndexError) as error:
        raise ModelError(f"model {card.name!r} is damaged: the list of what it learned from cannot be read") from error
    casting: dict[str, Hashable] = {row[0]: ("casting", row[2]) for row in rows if row[2:] and row[2]}
    return Learned(
        photos=frozenset(photo for photo, part in parts.items() if part is not Split.VALIDATION),
        validation=frozenset(photo for photo, part in parts.items() if part is Split.VALIDATION),
        casting={photo: casting.get(photo, ("photo", photo)) for photo in parts},
        sha256=hashlib.sha256(content).hexdigest(),
    )


def standing(card: ModelCard, castings: "pd.Series[int]") -> Standing | None:
    """What is known at once of the castings of a dataset, by the sha256 of their photos; pages ask this.

    Where the version learned from photos that are not among these, ``complete`` says whether ``look_for_seen`` has
    been done. ``None`` where the version does not say what it learned from.
    """
    learned = learned_from(card)
    if learned is None:
        return None
    kept = _read(_kept(card, learned, castings))
    return kept or _by_photos(card, learned, castings)


def look_for_seen(
    card: ModelCard, dataset: Dataset, castings: "pd.Series[int]", *, report: Progress = lambda _done, _total: None
) -> Standing | None:
    """The same after a search for castings of the dataset that the version learned from in other photos.

    What was found is kept for ``standing``. It takes a while where the version was trained on another dataset.
    """
    learned = learned_from(card)
    if learned is None:
        return None
    elsewhere = learned.all - set(castings.index)
    if not elsewhere:
        return _by_photos(card, learned, castings)
    joined = _Joined()
    for photo, number in castings.items():
        joined.join(photo, ("here", number))
    for photo, casting in learned.casting.items():
        joined.join(photo, casting)
    for photo, casting in _known_elsewhere(card, dataset):
        joined.join(photo, casting)
    complete = _join_copies(joined, castings, learned, elsewhere, report)
    found = _roles(card, joined, castings, learned, complete=complete)
    _keep(_kept(card, learned, castings), found)
    return found


class _Joined:
    """Things that belong together, by whatever joined them."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def of(self, one: Hashable) -> Hashable:
        """What stands for everything that this one belongs to."""
        way = [one]
        while (above := self._above.get(way[-1], way[-1])) != way[-1]:
            way.append(above)
        for passed in way:
            self._above[passed] = way[-1]
        return way[-1]

    def join(self, one: Hashable, other: Hashable) -> None:
        self._above[self.of(one)] = self.of(other)


def _by_photos(card: ModelCard, learned: Learned, castings: "pd.Series[int]") -> Standing:
    """By the photos that are in the dataset itself: all that is to be known where none was learned from elsewhere."""
    chose = learned.validation if chosen_on_validation(card) else frozenset()
    return standing_of(castings, learned.photos, chose, complete=learned.all <= set(castings.index))


def _known_elsewhere(card: ModelCard, dataset: Dataset) -> Iterator[tuple[str, Hashable]]:
    """The photos of every other dataset whose castings are known here, each with its casting.

    The one that the version learned from is opened too, named or not, so that its photos are decoded.
    """
    rules = {card.data.folder: ClassRule()} if card.data.folder is not None else {}
    rules |= {named.folder: rule_of(named.rule) for named in dataset_book().all()}
    for folder, rule in rules.items():
        if Path(folder) == dataset.root:
            continue
        try:
            other = open_dataset(folder, rule=rule)
            if casting_known(other):
                yield from ((str(photo), ("known", folder, int(one))) for photo, one in casting_of(other).items())
        except CastingError:  # its folder has gone; what is not known joins nothing
            continue


def _join_copies(
    joined: _Joined, castings: "pd.Series[int]", learned: Learned, elsewhere: frozenset[str], report: Progress
) -> bool:
    """Joins castings of the dataset with those learned from elsewhere, by the search for photos of one casting.

    A few photos stand for each. Tells whether every casting learned from elsewhere could be looked at.
    """
    decoded = pixel_cache().rows()
    theirs = _standing_for({photo: learned.casting[photo] for photo in elsewhere}, decoded, THEIRS)
    ours = _standing_for({str(photo): one for photo, one in castings.items()}, decoded, OURS)
    looked = {learned.casting[photo] for photo in theirs}
    complete = {learned.casting[photo] for photo in elsewhere} <= looked
    for first, second in _copies(ours, theirs, report):
        joined.join(first, second)
    return complete


def _standing_for(casting: dict[str, Hashable], decoded: Iterable[str], most: int) -> list[str]:
    """Some photos of each casting, of those whose pixels are there."""
    there, members = set(decoded), defaultdict(list)
    for photo in sorted(casting):
        if photo in there:
            members[casting[photo]].append(photo)
    spread = (np.linspace(0, len(some) - 1, min(most, len(some))).astype(int) for some in members.values())
    return sorted(some[at] for some, places in zip(members.values(), spread, strict=True) for at in places)


def _copies(ours: list[str], theirs: list[str], report: Progress) -> list[tuple[str, str]]:
    """Pairs of a photo of ours and one of theirs that show one casting; searched once for the same photos."""
    if not ours or not theirs:
        return []
    key = hashlib.sha256("|".join([*ours, "", *theirs]).encode()).hexdigest()[:16]
    kept = settings().cache_dir / f"copies-{key}.npz"
    if (arrays := files.arrays_in(kept, ("ours", "theirs"))) is not None:
        return list(zip(arrays["ours"].tolist(), arrays["theirs"].tolist(), strict=True))
    from casting_core.data.castings.grouping import group  # SciPy, which the dashboard's start must not pay for

    photos = [*ours, *theirs]
    groups = dict(zip(photos, group(photos, pixel_cache(), report=report).casting.tolist(), strict=True))
    first = {groups[photo]: photo for photo in reversed(theirs)}
    found = [(photo, first[groups[photo]]) for photo in ours if groups[photo] in first]
    pairs = np.array(found, dtype="U64").reshape(-1, 2)
    with files.replaced(kept) as file:
        np.savez_compressed(file, ours=pairs[:, 0], theirs=pairs[:, 1])
    return found


def _roles(
    card: ModelCard, joined: _Joined, castings: "pd.Series[int]", learned: Learned, *, complete: bool
) -> Standing:
    trained = {joined.of(photo) for photo in learned.photos}
    chose = {joined.of(photo) for photo in learned.validation} if chosen_on_validation(card) else set()
    numbers = {int(one): joined.of(("here", one)) for one in castings.unique()}
    seen = frozenset(one for one, group in numbers.items() if group in trained)
    choosing = frozenset(one for one, group in numbers.items() if group in chose) - seen
    return Standing(learned=seen, chose=choosing, complete=complete)


def _kept(card: ModelCard, learned: Learned, castings: "pd.Series[int]") -> Path:
    """Where the standing of these castings is kept: for the same photos, grouped alike, and the same version."""
    told = hashlib.sha256(f"{learned.sha256} {chosen_on_validation(card)}".encode())
    told.update("".join(castings.index).encode())
    told.update(castings.to_numpy(dtype=np.int64).tobytes())
    return settings().cache_dir / f"seen-{told.hexdigest()[:16]}.npz"


def _keep(kept: Path, found: Standing) -> None:
    with files.replaced(kept) as file:
        np.savez_compressed(
            file,
            learned=np.array(sorted(found.learned), dtype=np.int64),
            chose=np.array(sorted(found.chose), dtype=np.int64),
            complete=np.array(found.complete),
        )


def _read(kept: Path) -> Standing | None:
    arrays = files.arrays_in(kept, ("learned", "chose", "complete"))
    if arrays is None:
        return None
    return Standing(
        learned=frozenset(arrays["learned"].tolist()),
        chose=frozenset(arrays["chose"].tolist()),
        complete=bool(arrays["complete"]),
    )
