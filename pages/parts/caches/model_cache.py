"""Model versions and the scores they gave, read once for all visitors. Nobody may change what is in here."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.data.imaging.images import identity
from casting_core.domain import Progress
from casting_core.records.card import ModelCard
from casting_core.records.version_files import GATE, GRAPH, KINDS, LEARNED, OUT_OF_FOLD
from casting_core.settings import settings
from casting_core.workflows import stores
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.judging import out_of_fold as out_of_fold_scores
from casting_core.workflows.judging.independence import Standing
from casting_core.workflows.judging.inspect import Finding, judge
from casting_core.workflows.judging.measuring import kept_scores
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.judging.refused import refused as refused_by_gate
from casting_core.workflows.judging.seen import standing
from casting_core.workflows.models import release_gate
from casting_core.workflows.models.calibration import CalibrationPhotos, calibration_photos
from casting_core.workflows.operating_points import in_force
from pages.parts.caches.dataset_cache import state

AT_ONCE = 32  # photos that the gate looks at before a page may be interrupted


def production() -> str:
    """The name of the version in production."""
    return stores.registry().production()


def cards() -> list[ModelCard]:
    """The cards of all versions, the newest first."""
    return stores.registry().cards()


def model(name: str) -> Model:
    """A version ready to judge with, at the operating point in force now."""
    card = stores.registry().card(name)
    return replace(_model(name, card.files.get(GRAPH, "")), point=in_force(card))


@st.cache_resource(show_spinner="Loading the model", max_entries=8)
def _model(name: str, graph: str) -> Model:
    return load_model(name)


def finding(content: bytes, used: Model) -> Finding:
    """What a version says of the photo in these bytes; judged once, however often the page is drawn."""
    return _finding(identity(content), used.card.files[GRAPH], used.point.limits, content, used)


@st.cache_resource(show_spinner=False, max_entries=256)
def _finding(photo: str, graph: str, limits: str, _content: bytes, _used: Model) -> Finding:
    return judge(_content, _used)


@st.cache_data(show_spinner="Packing", max_entries=2)
def archive(name: str, created: str) -> bytes:
    """Everything of one version as a zip file."""
    return stores.registry().archive(name)


def scored(opened: Dataset, split: str, used: Model) -> pd.DataFrame:
    """The photos of a split with their scores. Each photo is scored once, whatever people decide about others."""
    photos, known = opened.part(split), _scores(*_of(used), used)
    if photos["photo"].isin(known.keys()).all():
        return kept_scores.scored(used, photos, known)
    with st.spinner("Scoring photos"):
        return kept_scores.scored(used, photos, known)


def _of(used: Model) -> tuple[str, str]:
    """What scores depend on beside the photos."""
    return used.card.files[GRAPH], used.card.files.get(KINDS, "")


@st.cache_resource(show_spinner=False, max_entries=8)
def _scores(graph: str, kinds: str, _used: Model) -> kept_scores.Said:
    """What a version said of photos so far."""
    return kept_scores.read(_used)


def refused(opened: Dataset, split: str, used: Model, *, looked: Progress) -> pd.DataFrame:
    """The photos of a split that the gate would refuse, with the reasons: columns photo, path and reason.

    Each photo is looked at once, a few at a time: whoever interrupts the page loses only those. ``looked`` hears how
    many were looked at just now.
    """
    photos, known = opened.part(split), _refusals(used.card.files[GATE])
    fresh = photos[~photos["photo"].isin(known.keys())].drop_duplicates("photo")
    for start in range(0, len(fresh), AT_ONCE):
        some = fresh.iloc[start : start + AT_ONCE]
        found = refused_by_gate(some, used)
        known |= dict.fromkeys(some["photo"], "") | dict(zip(found["photo"], found["reason"], strict=True))
        looked(min(start + AT_ONCE, len(fresh)), len(fresh))
    table = photos[["photo", "path"]].assign(reason=[known[photo] for photo in photos["photo"]])
    return table[table["reason"] != ""]


@st.cache_resource(show_spinner=False, max_entries=8)
def _refusals(gate: str) -> dict[str, str]:
    """Why a gate would refuse photos so far, by their sha256; empty where it would not."""
    return {}


def golden_wrong(opened: Dataset, used: Model) -> tuple[str, ...] | None:
    """The golden photos of a dataset that a version judges wrongly; none where there are no golden photos."""
    return _golden_wrong(*state(opened), f"{used.card.files[GRAPH]} {used.point.limits}", opened, used)


@st.cache_resource(show_spinner="Judging golden photos", max_entries=8)
def _golden_wrong(
    root: str, fingerprint: str, decision: int, version: str, _opened: Dataset, _used: Model
) -> tuple[str, ...] | None:
    return release_gate.golden_wrong(_used, _opened)


def seen(opened: Dataset, card: ModelCard, castings: "pd.Series[int]") -> Standing | None:
    """Which castings of a dataset a version has learned from; what is found out elsewhere is kept in the cache."""
    try:
        looked = settings().cache_dir.stat().st_mtime_ns  # another moment once a search has left its file there
    except OSError:
        looked = 0
    of = f"{looked} {card.name} {card.files.get(LEARNED, '')}"
    return _seen(*state(opened), of, card, castings)


@st.cache_resource(show_spinner=False, max_entries=16)
def _seen(
    root: str, fingerprint: str, decision: int, of: str, _card: ModelCard, _castings: "pd.Series[int]"
) -> Standing | None:
    return standing(_card, _castings)


def calibration(opened: Dataset, used: Model) -> CalibrationPhotos:
    """The photos that an operating point of a version may be chosen on; ``ModelError`` where there are none."""
    return _calibration(*state(opened), used.card.files[GRAPH], opened, used)


@st.cache_resource(show_spinner="Scoring photos", max_entries=4)
def _calibration(
    root: str, fingerprint: str, decision: int, graph: str, _opened: Dataset, _used: Model
) -> CalibrationPhotos:
    castings = casting_of(_opened)
    return calibration_photos(_used, _opened, castings, standing(_used.card, castings))


def out_of_fold(opened: Dataset, card: ModelCard) -> pd.DataFrame:
    """The photos that were judged by networks which had not seen their castings, with those scores."""
    return _out_of_fold(*state(opened), card.files[OUT_OF_FOLD], opened, card)


@st.cache_resource(show_spinner=False, max_entries=4)
def _out_of_fold(
    root: str, fingerprint: str, decision: int, file: str, _opened: Dataset, _card: ModelCard
) -> pd.DataFrame:
    return out_of_fold_scores.table(_card, _opened)
