"""Datasets and what is known of their photos, read once for all visitors. Nobody may change what is in here."""

import json
from pathlib import Path
from uuid import uuid4

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.data.datasets.statistics import Statistics, describe
from casting_core.records.datasets import NamedDataset
from casting_core.workflows import stores
from casting_core.workflows.audit import audit as auditing
from casting_core.workflows.audit.audit import Audit
from casting_core.workflows.datasets import opening, photo_map
from casting_core.workflows.datasets.castings import casting_known, casting_of, links_of
from casting_core.workflows.datasets.import_job import last_import


def datasets() -> list[NamedDataset]:
    """Every dataset that has a name."""
    return stores.dataset_book().all()


def named_dataset(name: str) -> NamedDataset:
    """The dataset of this name."""
    return stores.dataset_book().find(name)


def dataset(named: NamedDataset) -> Dataset:
    """The photos of a dataset as people decided; files are read once, until ``read_again`` or an import into it."""
    scan, found = _scanned(named.folder, json.dumps(named.rule, sort_keys=True), last_import(named.name))
    return _decided(scan, stores.decision_log().newest(str(found.root)), found)


def read_again() -> None:
    """Forgets what was read of folders, so that new and changed files are found."""
    _scanned.clear()


@st.cache_resource(show_spinner="Reading photos", max_entries=8)
def _scanned(folder: str, rule: str, imported: tuple[int, int]) -> tuple[str, Dataset]:
    """A name for this very reading of a folder, and what was found; read anew after each import into it."""
    return uuid4().hex, opening.scan_folder(folder, rule=opening.rule_of(json.loads(rule)))


@st.cache_resource(show_spinner=False, max_entries=16)
def _decided(scan: str, decision: int, _found: Dataset) -> Dataset:
    return opening.as_decided(_found)


def described(opened: Dataset) -> pd.DataFrame:
    """Every photo that can be read, once per file, with its ``casting`` and its number of photos, ``relatives``.

    Both are missing as long as nobody has worked out the castings.
    """
    return _described(*state(opened), casting_known(opened), opened)


def castings(opened: Dataset) -> "pd.Series[int] | None":
    """The casting of each photo; ``None`` as long as nobody has worked that out."""
    return _castings(*state(opened), opened) if casting_known(opened) else None


def state(opened: Dataset) -> tuple[str, str, int]:
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
    return _links(*state(opened)[:2], opened)


@st.cache_resource(show_spinner=False, max_entries=4)
def _links(root: str, fingerprint: str, _opened: Dataset) -> pd.DataFrame:
    return links_of(_opened)


def places(opened: Dataset) -> pd.DataFrame:
    """Where photos lie on the map: columns photo, x and y; many photos are represented by some of them."""
    return _places(*state(opened)[:2], opened)


@st.cache_resource(show_spinner="Laying out the photos", max_entries=4)
def _places(root: str, fingerprint: str, _opened: Dataset) -> pd.DataFrame:
    return photo_map.places(_opened)


def revision(opened: Dataset) -> int:
    """The number of the state the dataset is in."""
    return _revision(*state(opened)[:2], opened)


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
