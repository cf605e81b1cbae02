"""The results of batches and the small pictures of their photos, read once for all visitors."""

import io
from base64 import b64encode
from collections.abc import Sequence

import streamlit as st
from PIL import Image

from casting_core.data.imaging.images import decode, fit
from casting_core.errors import CastingError, PhotoError
from casting_core.workflows.judging.batch import kept, looking
from casting_core.workflows.judging.batch.kept import Batch
from casting_core.workflows.judging.batch.looking import Photo
from casting_core.workflows.judging.batch.results import Judged

SIDE = 96  # pixels of a small picture


def results(mark: str) -> list[Judged]:
    """What was said of the photos of a batch so far. Nobody may change the list."""
    return _results(mark, kept.results_stamp(mark))


@st.cache_resource(show_spinner="Reading the results", max_entries=4)
def _results(mark: str, stamp: tuple[int, int]) -> list[Judged]:
    return kept.results_of(mark)


def thumbnails(batch: Batch, rows: Sequence[Judged]) -> list[str]:
    """A small picture of each of these photos as a data address; empty where it cannot be shown any more."""
    return _thumbnails(batch.mark, tuple(one.number for one in rows), batch, rows)


def thumbnail(mark: str, number: int) -> str:
    """The same of one photo of a batch; empty where the batch or the photo is gone."""
    try:
        batch, rows = kept.find(mark), [one for one in results(mark) if one.number == number]
    except CastingError:
        return ""
    return thumbnails(batch, rows)[0] if rows else ""


@st.cache_data(show_spinner=False, max_entries=64, ttl=600)
def _thumbnails(mark: str, numbers: tuple[int, ...], _batch: Batch, _rows: Sequence[Judged]) -> list[str]:
    return [_address(photo) for photo in looking.photos(_batch, _rows)]


def _address(photo: Photo) -> str:
    """The picture, small enough to stand in the page itself."""
    try:
        grey = fit(decode(photo.content).grey, SIDE)
    except PhotoError:
        return ""
    packed = io.BytesIO()
    Image.fromarray(grey).save(packed, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{b64encode(packed.getvalue()).decode('ascii')}"
