"""The results of batches and the small pictures of their photos, read once for all visitors."""

from collections.abc import Sequence

import streamlit as st

from casting_core.errors import CastingError
from casting_core.workflows.judging.batch import kept, looking
from casting_core.workflows.judging.batch.kept import Batch
from casting_core.workflows.judging.batch.results import Judged
from pages.parts.caches.record_cache import small


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
    return [small(photo.content) for photo in looking.photos(_batch, _rows)]
