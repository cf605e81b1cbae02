"""What a report tells, gathered from records and by measuring: the version, its dataset, its castings, the ledger."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import pandas as pd

from casting_core import __version__
from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label, Progress, Split
from casting_core.errors import CastingError, DatasetError, LedgerError
from casting_core.records.card import ModelCard, seconds_since_1970
from casting_core.records.chain import Head, Kind
from casting_core.records.datasets import NamedDataset
from casting_core.wording import listed
from casting_core.workflows.audit import audit as auditing
from casting_core.workflows.datasets import judgeable
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import names_of
from casting_core.workflows.datasets.splits import FOLDERS, choices, part_of
from casting_core.workflows.judging import plant, seen
from casting_core.workflows.judging.evaluate import between_thresholds
from casting_core.workflows.judging.measuring.measure import Measured, measure, usual_split
from casting_core.workflows.judging.model import Model
from casting_core.workflows.judging.refused import refused
from casting_core.workflows.judging.scores import score_of
from casting_core.workflows.operating_points import history
from casting_core.workflows.reports.brought import agreement, stress
from casting_core.workflows.reports.values import Group, Judged, Report
from casting_core.workflows.reports.wrong import pictured, wrong_castings
from casting_core.workflows.retraining import corrected
from casting_core.workflows.review.judgements import judgements
from casting_core.workflows.stores import dataset_book, ledger, registry, revision

FALSE_ALARMS_SHOWN = 6  # castings with their photos; the table lists all of them


class Stage(StrEnum):
    """What is being done, in this order."""

    AUDIT = "Auditing the photos"
    SCORE = "Scoring photos"
    COMPARE = "Finding castings it has seen"
    GATE = "Asking the gate"
    PICTURES = "Drawing evidence"


Steps = Callable[[Stage], Progress]  # who hears how far a stage is


def learned_dataset(card: ModelCard) -> NamedDataset:
    """The dataset that a version learned from, as far as this installation knows it.

    ``DatasetError`` where it is not here. That its photos are the same is not promised: a report compares.
    """
    book = dataset_book().all()
    known = [one for one in book if one.folder == card.data.folder]
    known += [one for one in book if card.data.folder is None and one.name == card.data.name]
    if known:
        return known[0]
    if card.data.folder is not None and Path(card.data.folder).is_dir():
        return NamedDataset(name=card.data.name, folder=card.data.folder, rule=names_of(ClassRule()))
    names = listed([one.name for one in book], most=8)
    raise DatasetError(
        f"the dataset {card.data.name!r}, from which {card.name} has learned, is not here; name another one "
        f"(known: {names or 'none'})"
    )


def gather(model: Model, dataset: Dataset, *, name: str, made: datetime, steps: Steps, split: str = "") -> Report:
    """Everything that a report tells of a version on a dataset, at this moment in UTC.

    ``split``: which photos are judged; if not given, those that the version's own split holds out. An audit is made
    where there is none of these photos yet. Raises ``DatasetError`` where there is no such split, or no photo can be
    used.
    """
    card = model.card
    split = split or _split(card, dataset)
    audit = auditing.kept(dataset) or auditing.audit(dataset, report=_shares(steps(Stage.AUDIT)))
    found = measure(dataset, split, model, read=steps(Stage.SCORE), compared=steps(Stage.COMPARE))
    castings = casting_of(dataset)
    standing = seen.look_for_seen(card, dataset, castings)
    said = judgements(dataset)
    missed = wrong_castings(found.table, castings, standing, said, label=Label.DEFECTIVE)
    alarms = wrong_castings(found.table, castings, standing, said, label=Label.OK)
    head, broken = _ledger()
    return Report(
        made=made.replace(microsecond=0),
        program=__version__,
        card=card,
        point=model.point,
        points=tuple(history(card)),
        in_production=_in_production(card),
        promotions=tuple(ledger().rows(kinds=[Kind.PROMOTION], about=card.name)),
        dataset=name,
        revision=revision(dataset),
        fingerprint=dataset.fingerprint,
        split=split,
        groups=_groups(dataset, split, castings),
        size_limits=_size_limits(dataset, card),
        corrected=corrected(str(dataset.root), since=seconds_since_1970(card.created)),
        figures=found.figures,
        score=score_of(split, found.figures),
        judged=_judged(found, model, steps(Stage.GATE)),
        missed=pictured(missed, dataset, model, report=steps(Stage.PICTURES)),
        false_alarms=pictured(alarms, dataset, model, most=FALSE_ALARMS_SHOWN, report=steps(Stage.PICTURES)),
        audit=audit,
        defect_rate=plant.defect_rate(),
        stress=stress(card, dataset, castings),
        agreement=agreement(model, dataset),
        head=head,
        broken=broken,
    )


def _split(card: ModelCard, dataset: Dataset) -> str:
    own = card.data.split
    return own if own != FOLDERS and own in choices(dataset) else usual_split(dataset)


def _shares(step: Progress) -> auditing.Report:
    return lambda _doing, share: step(round(1000 * share), 1000)


def _size_limits(dataset: Dataset, card: ModelCard) -> tuple[str, ...]:
    """What photos of their size cannot show, as this version sees them."""
    return tuple(filter(None, (*judgeable.too_small(dataset), judgeable.vanishing(dataset, seen_at=card.image_size))))


def _groups(dataset: Dataset, split: str, castings: "pd.Series[int]") -> tuple[Group, ...]:
    """The photos by split and class, with the casting of each counted once; splits in the order of the work."""
    photos = part_of(dataset, split)[0].usable
    photos = photos.assign(casting=photos["photo"].map(castings))
    return tuple(
        Group(split=part.value, label=label.word, photos=len(here), castings=int(here["casting"].nunique()))
        for part in Split
        for label in Label
        if len(here := photos[(photos["split"] == part) & (photos["label"] == label)])
    )


def _judged(found: Measured, model: Model, step: Progress) -> Judged:
    table = found.table.sort_values(["path", "photo"])
    turned_away = refused(table, model, report=step)
    return Judged(
        labels=tuple(table["label"].astype(int).tolist()),
        scores=tuple(table["score"].astype(float).tolist()),
        not_found=int((~table["found"]).sum()),
        between=between_thresholds(table, model.point),
        refused=tuple(zip(turned_away["path"].tolist(), turned_away["reason"].tolist(), strict=True)),
    )


def _in_production(card: ModelCard) -> bool:
    try:
        return registry().production() == card.name
    except CastingError:  # no version is, or the one that should be has gone
        return False


def _ledger() -> tuple[Head, str]:
    """The head of the ledger, and what is wrong with it: a report must say so, and not fail."""
    try:
        return ledger().verify(), ""
    except LedgerError as error:
        return ledger().head(), str(error)
