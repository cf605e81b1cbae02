"""Splits by casting, kept by name: made once, then used by every training and every score that names them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from casting_core import roles
from casting_core.data.datasets import splits
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Progress, Split
from casting_core.errors import DatasetError
from casting_core.records.splits import KeptSplit
from casting_core.roles import Write
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.stores import split_book

FOLDERS = ""  # the split that the folders name: no other was chosen
OUT_OF_FOLD = "out of fold"  # no split: photos judged by networks that had not seen their castings
RESERVED = {
    *(split.value for split in Split),
    "all",
    OUT_OF_FOLD,
}  # what a part is called cannot be the name of a split
BETWEEN = "/"  # the name of a split and the fold held out


def make_by_casting(
    dataset: Dataset, name: str, *, share: float, seed: int, report: Progress = lambda _done, _total: None
) -> KeptSplit:
    """Keeps a split with about ``share`` of the castings of each class to test on, the others to learn from.

    Raises ``DatasetError`` where the name will not do or there are too few castings.
    """
    roles.require(Write.SPLIT)
    if not 0 < share < 1:
        raise DatasetError(f"a share of {share:g} cannot be held out; it lies between 0 and 1")
    out = splits.held_out(*_drawn_from(dataset, name, report), share=share, seed=seed)
    parts = np.where(out, Split.TEST.value, Split.TRAIN.value)
    return _keep(dataset, name, parts.tolist(), plan={"kind": "casting", "share": share, "seed": seed})


def make_folds(
    dataset: Dataset, name: str, *, number: int, seed: int, report: Progress = lambda _done, _total: None
) -> KeptSplit:
    """Keeps ``number`` folds by casting; each can be held out. Raises ``DatasetError`` as ``make_by_casting`` does."""
    roles.require(Write.SPLIT)
    if number < 2:
        raise DatasetError(f"{number} folds are too few; at least 2 are needed to hold one out")
    fold = splits.folds(*_drawn_from(dataset, name, report), number=number, seed=seed)
    return _keep(dataset, name, [str(one) for one in fold], plan={"kind": "folds", "folds": number, "seed": seed})


def choices(dataset: Dataset) -> list[str]:
    """Every split that can be trained and scored on beside that of the folders, each fold by itself."""
    plans = split_book().plans(str(dataset.root))
    return [choice for name, plan in plans.items() for choice in _choices(name, plan)]


def choose(dataset: Dataset, choice: str) -> Dataset:
    """The dataset with this split instead of that of its folders; a fold is named ``NAME/NUMBER`` and held out.

    Photos that came after the split was made are in neither part and cannot be used; they say so. Raises
    ``DatasetError`` where there is no such split or fold.
    """
    if choice == FOLDERS:
        return dataset
    name, _, fold = choice.partition(BETWEEN)
    kept = split_book().find(str(dataset.root), name)
    known = _choices(name, kept.plan)
    if choice not in known:
        raise DatasetError(f"split {name!r} has no part {choice!r} (known: {', '.join(known)})")
    table = dataset.photos
    parts = table["photo"].map(kept.parts)
    named = parts if not fold else parts.map(lambda part: Split.TEST if part == fold else Split.TRAIN, "ignore")
    late = f"is not in split {name!r}, which was made before it came; make a new split"
    problem = table["problem"].mask((table["problem"] == "") & parts.isna(), late)
    return replace(dataset, photos=table.assign(split=named.fillna(Split.UNSPLIT.value).astype(str), problem=problem))


def part_of(dataset: Dataset, split: str) -> tuple[Dataset, str]:
    """A dataset and the part of it that a person means by ``split``.

    That is a part of the folders' split, or what a kept split or a fold of one holds out. ``DatasetError`` where it is
    neither.
    """
    if split in RESERVED or split in dataset.splits:
        return dataset, split
    known = choices(dataset)
    if split not in known:
        names = ", ".join([*dataset.splits, "all", *known])
        raise DatasetError(f"no photos in split '{split}' of {str(dataset.root)!r} (known: {names})")
    return choose(dataset, split), Split.TEST.value


def _choices(name: str, plan: Mapping[str, Any]) -> list[str]:
    if plan["kind"] != "folds":
        return [name]
    return [f"{name}{BETWEEN}{fold}" for fold in range(1, int(plan["folds"]) + 1)]


def _drawn_from(dataset: Dataset, name: str, report: Progress) -> tuple[Any, Any]:
    """Casting and label of every usable photo, in order; the name is looked at first, for the rest takes long."""
    if not name.strip() or BETWEEN in name or name in RESERVED:
        raise DatasetError(f"a split cannot be named {name!r}; take a name without {BETWEEN!r} that is not a part's")
    if name in split_book().plans(str(dataset.root)):
        raise DatasetError(f"there is a split {name!r} already; choose another name, or delete that one first")
    photos = dataset.part("all")
    castings = photos["photo"].map(casting_of(dataset, report=report))
    return castings.to_numpy(dtype=np.int64), photos["label"].to_numpy(dtype=int)


def _keep(dataset: Dataset, name: str, parts: list[str], *, plan: dict[str, Any]) -> KeptSplit:
    photos = dataset.part("all")["photo"]
    return split_book().put(str(dataset.root), name, plan=plan, parts=dict(zip(photos, parts, strict=True)))
