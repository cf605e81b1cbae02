"""From a folder to one table of photos, decoded once: what every page, run and report starts from."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.columns import Column
from casting_core.data.datasets.file_facts import read_places
from casting_core.data.datasets.folders import folder_layout
from casting_core.data.datasets.layout.values import Aside, Place, class_folders
from casting_core.domain import Label, Progress, Split
from casting_core.errors import NOT_UNICODE, DatasetError

COLUMNS = tuple(column.value for column in Column)
LABELLED = [Column.PHOTO, Column.SPLIT, Column.LABEL]  # what the fingerprint is made of


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """The photos of one folder. ``photos`` has one row per file and the columns of ``Column``.

    What is measured of a photo is not a number where the file cannot be read. Nobody may change the tables: what is
    asked for again and again is worked out once.
    """

    root: Path
    class_folders: tuple[str, ...]  # their names, in alphabetical order
    rule: ClassRule
    photos: pd.DataFrame
    masks: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)  # by a photo's path: where its defects are
    aside: Mapping[Aside, int] = field(default_factory=dict)  # files that are in no row, by the reason
    notes: tuple[str, ...] = ()  # sentences about how the folder was read

    @cached_property
    def usable(self) -> pd.DataFrame:
        """The photos that can be read and have a label."""
        return self.photos[self.photos[Column.PROBLEM] == ""]

    @cached_property
    def problems(self) -> pd.DataFrame:
        """The files that cannot be used, each with the reason."""
        return self.photos[self.photos[Column.PROBLEM] != ""]

    @cached_property
    def identities(self) -> list[str]:
        """The photos that can be read, each once whatever lies twice, in order."""
        return sorted(set(self.photos[Column.PHOTO]) - {""})

    @cached_property
    def splits(self) -> list[Split]:
        """The splits that hold usable photos."""
        present = set(self.usable[Column.SPLIT])
        return [split for split in Split if split in present]

    def part(self, split: str) -> pd.DataFrame:
        """The usable photos of one split, or of ``all``; ``DatasetError`` where there are none."""
        chosen = self.usable if split == "all" else self.usable[self.usable[Column.SPLIT] == split]
        if chosen.empty:
            known = ", ".join([*self.splits, "all"]) if self.splits else "none, no photo can be used"
            raise DatasetError(f"no photos in split '{split}' of {str(self.root)!r} (known: {known})")
        return chosen

    @property
    def to_train(self) -> pd.DataFrame:
        """The photos a network may learn from: split train, or all of them where the folders name no splits."""
        return self.part(Split.UNSPLIT if self.splits == [Split.UNSPLIT] else Split.TRAIN)

    @cached_property
    def fingerprint(self) -> str:
        """A sha256 over what was used: every usable photo's identity with its split and label."""
        rows = self.usable[LABELLED].sort_values(LABELLED)
        return hashlib.sha256(rows.to_csv(index=False, header=False).encode()).hexdigest()


def scan(
    folder: Path,
    *,
    cache_dir: Path,
    rule: ClassRule | None = None,
    chosen: str = "",
    report: Progress = lambda _done, _total: None,
) -> Dataset:
    """Reads a dataset's folder. Photos seen before, with size and time unchanged, are not opened again.

    Args:
        folder: splits and class folders in any order and at any depth, or photos with a table of labels.
        cache_dir: where decoded pixels and the table of files are kept.
        rule: which class folder means what; the known synonyms if not given.
        chosen: the folder of one of several sets that lie side by side.
        report: called with files done and files in all.

    Raises ``DatasetError`` where the folder is missing, empty, or holds no file in a class folder.
    """
    rule = rule or ClassRule()
    listing, layout = folder_layout(folder, rule=rule, chosen=chosen)
    root, found = (folder / layout.wrapping).resolve(), layout.meant_as_photos
    if not found:
        raise DatasetError(f"{str(root)!r} holds no photos in its class folders")
    facts = read_places(root, found, cache_dir=cache_dir, report=report)
    labels = [place.label(rule) for place in found]
    table = facts.assign(
        path=[_readable(place.path) for place in found],
        split=[place.split.value for place in found],
        label=pd.array([pd.NA if label is None else int(label) for label in labels], dtype="Int8"),
        group=[_readable("/".join(place.groups)) for place in found],
        kind=[_readable(place.kind(rule)) for place in found],
    )
    unmapped = [_unmapped(place, label) for place, label in zip(found, labels, strict=True)]
    table[Column.PROBLEM] = [read or place for read, place in zip(table[Column.PROBLEM], unmapped, strict=True)]
    return Dataset(
        root=root,
        class_folders=class_folders(found),
        rule=rule,
        photos=table[list(COLUMNS)],
        masks={
            _readable(one.path): tuple(folder / listing.paths[mask] for mask in one.masks) for one in found if one.masks
        },
        aside=layout.aside,
        notes=layout.notes,
    )


def _readable(path: str) -> str:
    """The path as text: an old disk may hold names that are none, and no table or page could hold them."""
    return path.encode("utf-8", "replace").decode("utf-8")


def _unmapped(place: Place, label: Label | None) -> str:
    if _readable(place.path) != place.path:
        return NOT_UNICODE
    if label is not None:
        return ""
    if not place.folder:
        return "lies in no class folder, so nothing says whether it is ok or defective"
    return f"its class folder {place.folder!r} is mapped to neither ok nor defective"


def counts(photos: pd.DataFrame, by: Iterable[str] = (Column.SPLIT.value, Column.LABEL.value)) -> pd.DataFrame:
    """How many photos there are of each split and label; columns ``by`` and ``photos``, train before test."""
    table = photos.groupby(list(by), as_index=False, observed=True).size().rename(columns={"size": "photos"})
    order = {split.value: place for place, split in enumerate(Split)}
    return table.sort_values(
        list(by), key=lambda column: column.map(lambda value: order.get(value, value)), ignore_index=True
    )
