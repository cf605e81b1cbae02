"""Every cache of the dashboard but its pictures: read once, shared by all visitors. Nobody may change what is in it."""

import gc
import json
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.data.datasets.statistics import Statistics, describe
from casting_core.errors import CastingError
from casting_core.jobs.event_feed import EventFeed
from casting_core.records.datasets import NamedDataset
from casting_core.records.registry import GRAPH, OUT_OF_FOLD, STARTER, ModelCard
from casting_core.records.run_log import EventRow, Run
from casting_core.settings import settings
from casting_core.workflows import stores
from casting_core.workflows.audit import audit as auditing
from casting_core.workflows.audit.audit import Audit
from casting_core.workflows.datasets import removing
from casting_core.workflows.datasets.castings import casting_known, casting_of, links_of
from casting_core.workflows.judging import judge
from casting_core.workflows.judging import out_of_fold as out_of_fold_scores
from casting_core.workflows.judging.judge import Model


class Bar:
    """A progress bar as the core wants it: called with photos done and photos in all."""

    def __init__(self, text: str) -> None:
        self._bar = st.progress(0.0, text=text)

    def __call__(self, done: int, total: int) -> None:
        """Moves the bar."""
        self._bar.progress(done / total, text=f"{done:,} of {total:,} photos")

    def end(self) -> None:
        """Takes the bar off the page."""
        self._bar.empty()


@st.cache_resource(show_spinner=False)
def programs_kept(title: str) -> None:
    """Once for each page: what its program needs stays for good, so nobody looks through it for waste again.

    Every such look takes a tenth of a second, and whoever waits for an answer then waits for it, too.
    """
    gc.collect()
    gc.freeze()


def ready() -> None:
    """Draws the sample at the very first start, with a bar that shows how far it is; later it returns at once."""
    _settled()
    if _sample_known():
        return
    st.markdown("#### Drawing sample castings")
    st.markdown("This happens once, so that every page has something to show before your own photos are here.")
    stores.ensure_sample(Bar("Starting"))
    _sample_known.clear()
    st.rerun()


@st.cache_resource(show_spinner=False)
def _sample_known() -> bool:
    return not stores.sample_missing() or stores.sample_removed()


@st.cache_resource(show_spinner=False)
def _settled() -> bool:
    """Deals with the photos of removed datasets, once in the life of the server."""
    removing.settle()
    return True


# --- Datasets ---------------------------------------------------------------------------------------------------------


def datasets() -> list[NamedDataset]:
    """Every dataset that has a name."""
    return stores.dataset_book().all()


def usual_dataset() -> str:
    """The name of the dataset a visitor begins with: that of the model in production, else the one added last."""
    names = [known.name for known in datasets()]
    try:
        used = stores.registry().card(production()) if production() != STARTER else None
    except CastingError:  # said where the model is asked for
        used = None
    return str(used.data["name"]) if used and used.data.get("name") in names else names[-1]


def named_dataset(name: str) -> NamedDataset:
    """The dataset of this name."""
    return stores.dataset_book().find(name)


def dataset(named: NamedDataset) -> Dataset:
    """The photos of a dataset as people decided; files are read once, until ``read_again``."""
    scan, found = _scanned(named.folder, json.dumps(named.rule, sort_keys=True))
    return _decided(scan, stores.decision_log().newest(str(found.root)), found)


def read_again() -> None:
    """Forgets what was read of folders, so that new and changed files are found."""
    _scanned.clear()


@st.cache_resource(show_spinner="Reading photos", max_entries=8)
def _scanned(folder: str, rule: str) -> tuple[str, Dataset]:
    """A name for this very reading of a folder, and what was found."""
    return uuid4().hex, stores.scan_folder(folder, rule=stores.rule_of(json.loads(rule)))


@st.cache_resource(show_spinner=False, max_entries=16)
def _decided(scan: str, decision: int, _found: Dataset) -> Dataset:
    return stores.as_decided(_found)


def described(opened: Dataset) -> pd.DataFrame:
    """Every photo that can be read, once per file, with its ``casting`` and its number of photos, ``relatives``.

    Both are missing as long as nobody has worked out the castings.
    """
    return _described(*_state(opened), casting_known(opened), opened)


def castings(opened: Dataset) -> "pd.Series[int] | None":
    """The casting of each photo; ``None`` as long as nobody has worked that out."""
    return _castings(*_state(opened), opened) if casting_known(opened) else None


def _state(opened: Dataset) -> tuple[str, str, int]:
    """What there is to know of a dataset changes only with this."""
    root = str(opened.root)
    return root, opened.fingerprint, stores.decision_log().newest(root)


@st.cache_resource(show_spinner=False, max_entries=8)
def _castings(root: str, fingerprint: str, decision: int, _opened: Dataset) -> "pd.Series[int]":
    return casting_of(_opened)


@st.cache_resource(show_spinner=False, max_entries=8)
def _described(root: str, fingerprint: str, decision: int, known: bool, _opened: Dataset) -> pd.DataFrame:
    table = _opened.photos[_opened.photos["photo"] != ""]
    found = castings(_opened)
    if found is None:
        return table
    casting = table["photo"].map(found)
    return table.assign(casting=casting, relatives=casting.map(found.value_counts()))


def links(opened: Dataset) -> pd.DataFrame:
    """Why photos are said to show one casting."""
    return _links(*_state(opened)[:2], opened)


@st.cache_resource(show_spinner=False, max_entries=4)
def _links(root: str, fingerprint: str, _opened: Dataset) -> pd.DataFrame:
    return links_of(_opened)


def places(opened: Dataset) -> pd.DataFrame:
    """Where photos lie on the map: columns photo, x and y; many photos are represented by some of them."""
    return _places(*_state(opened)[:2], opened)


@st.cache_resource(show_spinner="Laying out the photos", max_entries=4)
def _places(root: str, fingerprint: str, _opened: Dataset) -> pd.DataFrame:
    return stores.places(_opened)


def revision(opened: Dataset) -> int:
    """The number of the state the dataset is in."""
    return _revision(*_state(opened)[:2], opened)


@st.cache_data(show_spinner=False)
def _revision(root: str, fingerprint: str, _opened: Dataset) -> int:
    return stores.revision(_opened)


def statistics(opened: Dataset) -> Statistics:
    """What the photos of a dataset look like taken together."""
    return _statistics(opened.fingerprint, opened)


@st.cache_resource(show_spinner="Looking at all photos", max_entries=8)
def _statistics(fingerprint: str, _opened: Dataset) -> Statistics:
    return describe(_opened.usable, stores.pixel_cache())


def audit(opened: Dataset) -> Audit | None:
    """What was found wrong with these photos, if they were audited."""
    _, place = _audit_place(opened)
    try:
        return _audit(place, place.stat().st_mtime_ns)
    except OSError:
        return None


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs={Dataset: id})
def _audit_place(opened: Dataset) -> tuple[Dataset, Path]:
    return opened, auditing.kept_at(opened)  # the dataset is kept, too, so that its id can be nobody else's


@st.cache_resource(show_spinner=False, max_entries=8)
def _audit(place: Path, changed: int) -> Audit | None:
    return auditing.read(place)


# --- Models -----------------------------------------------------------------------------------------------------------


def production() -> str:
    """The name of the version in production."""
    return stores.registry().production()


def cards() -> list[ModelCard]:
    """The cards of all versions, the newest first."""
    return stores.registry().cards()


def model(name: str) -> Model:
    """A version ready to judge with."""
    return _model(name, stores.registry().card(name).files.get(GRAPH, ""))


@st.cache_resource(show_spinner="Loading the model", max_entries=8)
def _model(name: str, graph: str) -> Model:
    return judge.load_model(name)


@st.cache_data(show_spinner="Packing", max_entries=2)
def archive(name: str, created: str) -> bytes:
    """Everything of one version as a zip file."""
    return stores.registry().archive(name)


def scored(opened: Dataset, split: str, used: Model) -> pd.DataFrame:
    """The photos of a split with their scores."""
    return _scored(opened.fingerprint, split, used.card.files[GRAPH], opened, used)


@st.cache_resource(show_spinner="Scoring photos", max_entries=16)
def _scored(fingerprint: str, split: str, graph: str, _opened: Dataset, _used: Model) -> pd.DataFrame:
    return judge.score_table(_used.scorer, _opened.part(split))


def out_of_fold(opened: Dataset, card: ModelCard) -> pd.DataFrame:
    """The photos that were judged by networks which had not seen their castings, with those scores."""
    return _out_of_fold(*_state(opened), card.files[OUT_OF_FOLD], opened, card)


@st.cache_resource(show_spinner=False, max_entries=4)
def _out_of_fold(
    root: str, fingerprint: str, decision: int, file: str, _opened: Dataset, _card: ModelCard
) -> pd.DataFrame:
    return out_of_fold_scores.table(_card, _opened)


# --- Runs -------------------------------------------------------------------------------------------------------------


def runs() -> list[Run]:
    """All runs, the newest first; never cached, for they change every second."""
    return stores.run_log().runs()


def events(run: int) -> Sequence[EventRow]:
    """What happened in a run; only what is new is read, once for all visitors."""
    return _feed(settings().database_url).events(run)


@st.cache_resource(show_spinner=False)
def _feed(address: str) -> EventFeed:
    return EventFeed(stores.run_log())
