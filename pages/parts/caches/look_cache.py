"""What a version's embedding says of known castings, read once for all visitors. Nobody may change what is in here."""

import io
from base64 import b64encode
from collections.abc import Sequence

import streamlit as st
from PIL import Image

from casting_core.data.datasets.scan import Dataset
from casting_core.data.imaging.images import decode, fit
from casting_core.errors import PhotoError
from casting_core.records.registry import GRAPH
from casting_core.workflows.judging.lookalikes import index
from casting_core.workflows.judging.lookalikes.index import Of
from casting_core.workflows.judging.lookalikes.nearest import Castings, castings_of
from casting_core.workflows.judging.model import Model
from casting_core.workflows.keeping import photos as kept_photos
from pages.parts.caches import dataset_cache

SIDE = 96  # pixels of a small picture


def castings(opened: Dataset, used: Model) -> Castings | None:
    """The photos of a dataset that a version has looked at; none where nobody has asked for that yet."""
    known = dataset_cache.castings(opened)
    version = f"{used.card.files[GRAPH]} {index.stamp(used.card, Of.CASTINGS)} {known is not None}"
    return _castings(*dataset_cache.state(opened), version, opened, used)


@st.cache_resource(show_spinner=False, max_entries=4)
def _castings(
    root: str, fingerprint: str, decision: int, version: str, _opened: Dataset, _used: Model
) -> Castings | None:
    found = index.read(_used.card, Of.CASTINGS)
    if found is None:
        return None
    here = castings_of(found, _opened.usable, dataset_cache.castings(_opened))
    return here if len(here) else None


def kept_thumbnails(photos: Sequence[str]) -> list[str]:
    """A small picture of each of these kept photos as a data address; empty of one that is not there."""
    return [_thumbnail(photo) if kept_photos.is_kept(photo) else "" for photo in photos]


@st.cache_data(show_spinner=False, max_entries=4096)
def _thumbnail(photo: str) -> str:
    content = kept_photos.find(photo)
    return "" if content is None else small(content)


def small(content: bytes) -> str:
    """The photo in these bytes, small enough to stand in a page itself; empty where it cannot be read."""
    try:
        grey = fit(decode(content).grey, SIDE)
    except PhotoError:
        return ""
    packed = io.BytesIO()
    Image.fromarray(grey).save(packed, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{b64encode(packed.getvalue()).decode('ascii')}"
