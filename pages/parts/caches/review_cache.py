"""What people said of the photos of a dataset, and which labels are doubtful; read and worked out once for all."""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import OperatingPoint
from casting_core.judging.evaluation import Evaluation
from casting_core.records.chain import Entry
from casting_core.records.version_files import GRAPH, KINDS, OUT_OF_FOLD
from casting_core.settings import settings
from casting_core.workflows.judging.evaluate import evaluate_table
from casting_core.workflows.judging.independence import Standing
from casting_core.workflows.judging.model import Model
from casting_core.workflows.label_doubt import CastingDoubt, doubts_of
from casting_core.workflows.moved import names_of_folder
from casting_core.workflows.review import judgements as judging
from casting_core.workflows.review.judgements import Judgement
from pages.parts.caches.dataset_cache import state
from pages.parts.caches.model_cache import seen


def judgements(opened: Dataset) -> Mapping[str, Sequence[Judgement]]:
    """The judgements of a dataset's photos that count, by photo, the latest first. Nobody may change it."""
    return _told(settings().database_url).judgements(names_of_folder(opened.root))


@dataclass
class _Read:
    """The judgements of one dataset as they stood after so many rows."""

    rows: int = -1
    found: Mapping[str, Sequence[Judgement]] = field(default_factory=dict)


class Told:
    """Every row of a judgement, each read once: after that only what was written since is asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: list[Entry] = []
        self._of: dict[str, list[Entry]] = {}  # by the folder of the dataset, the oldest first
        self._read: dict[frozenset[str], _Read] = {}

    def judgements(self, folder: frozenset[str]) -> Mapping[str, Sequence[Judgement]]:
        """Those of the dataset in this folder, by all names that it may have on record."""
        with self._lock:
            self._learn()
            rows = [row for name in folder for row in self._of.get(name, [])]
            rows.sort(key=lambda row: row.number)
            kept = self._read.setdefault(folder, _Read())
            if kept.rows != len(rows):
                kept.found, kept.rows = judging.standing(reversed(rows)), len(rows)
            return kept.found

    def _learn(self) -> None:
        """Reads on from the last row that is known; all of it where that is another row by now, as after a restore."""
        last = self._rows[-1] if self._rows else None
        fresh = judging.rows_from(last.number if last is not None else 1)
        if last is not None and fresh[:1] != [last]:
            self._rows, self._of, self._read = [], {}, {}
            fresh, last = judging.rows_from(1), None
        for row in fresh[1:] if last is not None else fresh:
            self._rows.append(row)
            self._of.setdefault(judging.folder_of(row), []).append(row)


@st.cache_resource(show_spinner=False)
def _told(address: str) -> Told:
    return Told()


def evaluated(opened: Dataset, scored: pd.DataFrame, model: Model) -> tuple[Evaluation, pd.DataFrame]:
    """The figures of scored photos at the operating point of a version, and the photos, errors first."""
    told = pd.util.hash_pandas_object(scored[["path", "label", "score"]], index=True).to_numpy().tobytes()
    version = f"{model.card.files[GRAPH]} {model.card.files.get(KINDS, '')} {model.point.limits}"
    of = f"{hashlib.sha256(told).hexdigest()} {'fold' in scored} {version}"
    return _evaluated(*state(opened), of, scored, model.point)


@st.cache_resource(show_spinner=False, max_entries=16)
def _evaluated(
    root: str, fingerprint: str, decision: int, of: str, _scored: pd.DataFrame, _point: OperatingPoint
) -> tuple[Evaluation, pd.DataFrame]:
    return evaluate_table(_scored, _point)


def doubts(opened: Dataset, model: Model, table: pd.DataFrame, castings: "pd.Series[int]") -> list[CastingDoubt]:
    """Every casting of a dataset by the scores of some photos, the most doubtful label first."""
    known = seen(opened, model.card, castings)  # another one once somebody has looked for castings that were seen
    told = "" if known is None else f"{len(known.learned)} {len(known.chose)} {known.complete}"
    photos = hashlib.sha256("".join(table["photo"]).encode()).hexdigest()
    of = f"{told} {'fold' in table} {photos} {model.card.files[GRAPH]} {model.card.files.get(OUT_OF_FOLD, '')}"
    return _doubts(*state(opened), of, opened, known, table, castings)


@st.cache_resource(show_spinner=False, max_entries=8)
def _doubts(
    root: str,
    fingerprint: str,
    decision: int,
    of: str,
    _opened: Dataset,
    _known: Standing | None,
    _table: pd.DataFrame,
    _castings: "pd.Series[int]",
) -> list[CastingDoubt]:
    return doubts_of(_opened, _known, _table, _castings)
