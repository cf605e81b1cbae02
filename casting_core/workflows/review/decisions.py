"""A dataset as people decided it: labels corrected, photos left out, tags given, castings joined and taken apart."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.records.decisions import Decision, Kind, standing

LEFT_OUT = "left out"  # how the problem of a photo begins that a person left out


def decided(dataset: Dataset, made: Iterable[Decision]) -> Dataset:
    """The dataset with every decision that still counts; the table also has the columns ``by_folder`` and ``tags``.

    ``by_folder`` is the label that the folder gives, ``tags`` the tags of the photo, each between two bars.
    """
    labels: dict[str, int] = {}
    out: dict[str, str] = {}
    spare: dict[str, str] = {}  # by path
    tags: dict[str, list[str]] = {}
    for one in standing(made):
        match one.kind:
            case Kind.LABEL:
                labels[one.photo] = int(Label[one.value.upper()])
            case Kind.LEAVE_OUT if one.value:
                spare[one.value] = _left_out(one)
            case Kind.LEAVE_OUT:
                out[one.photo] = _left_out(one)
            case Kind.TAKE_BACK:
                out.pop(one.photo, None)
                spare = {path: why for path, why in spare.items() if path not in _paths(dataset, one.photo)}
            case Kind.TAG:
                tags[one.photo] = [*(tag for tag in tags.get(one.photo, []) if tag != one.value), one.value]
            case Kind.UNTAG:
                tags[one.photo] = [tag for tag in tags.get(one.photo, []) if tag != one.value]
    table = dataset.photos
    kept = table["label"]
    if labels:
        kept = table["photo"].map(labels).astype("Int8").fillna(kept)
    problem = table["problem"]
    if labels:  # a label given by hand is as good as one given by the folder
        problem = problem.where(~(table["photo"].isin(labels) & table["label"].isna() & (table["photo"] != "")), "")
    for column, reasons in (("photo", out), ("path", spare)):
        if reasons:
            problem = table[column].map(reasons).where(problem == "").fillna(problem)
    words = [_bars(tags.get(photo, [])) for photo in table["photo"]] if tags else ""
    return replace(dataset, photos=table.assign(label=kept, by_folder=table["label"], tags=words, problem=problem))


def regrouped(castings: "pd.Series[int]", made: Iterable[Decision]) -> "pd.Series[int]":
    """The casting of each photo as people decided it, numbered anew from 0."""
    numbers = castings.copy()
    for kind, photos in _batches(standing(made)):
        here = numbers.index.intersection(pd.Index(photos))
        if here.empty:
            continue
        if kind is Kind.JOIN:
            numbers[numbers.isin(numbers[here])] = numbers[here].min()
        elif kind is Kind.PART:
            numbers[here] = numbers.max() + 1
    return pd.Series(pd.factorize(numbers)[0], index=castings.index, name=castings.name)


def _batches(made: Sequence[Decision]) -> list[tuple[Kind, list[str]]]:
    """What was decided at once about castings, in order: its kind and the photos."""
    batches: dict[str, tuple[Kind, list[str]]] = {}
    for one in made:
        if one.kind in (Kind.JOIN, Kind.PART):
            batches.setdefault(one.batch, (one.kind, []))[1].append(one.photo)
    return list(batches.values())


def _paths(dataset: Dataset, photo: str) -> set[str]:
    return set(dataset.photos.loc[dataset.photos["photo"] == photo, "path"])


def _left_out(decision: Decision) -> str:
    day = datetime.fromtimestamp(decision.at, UTC).date().isoformat()
    by = f" by {decision.who}" if decision.who else ""
    return f"{LEFT_OUT}{by} on {day}" + (f": {decision.why}" if decision.why else "")


def _bars(tags: list[str]) -> str:
    return f"|{'|'.join(tags)}|" if tags else ""
