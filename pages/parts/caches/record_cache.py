"""Verdicts on record and the photos kept with them, looked for once for all visitors."""

import io
from base64 import b64encode
from collections.abc import Sequence

import streamlit as st
from PIL import Image

from casting_core.data.imaging.images import decode, fit
from casting_core.errors import PhotoError
from casting_core.workflows import stores
from casting_core.workflows.keeping import photos as kept_photos
from casting_core.workflows.keeping.rule import Rule
from casting_core.workflows.tracing.fetch_back import Found, Wanted, passed
from casting_core.workflows.tracing.retention import Forecast, Plan, forecast, plan
from casting_core.workflows.tracing.verdicts import Question, Traced, verdicts

SIDE, LARGE = 96, 720  # pixels of a small picture, and of one to look at


def kept_thumbnails(photos: Sequence[str]) -> list[str]:
    """A small picture of each of these kept photos as a data address; empty of one that is not there."""
    return [_thumbnail(photo) if kept_photos.is_kept(photo) else "" for photo in photos]


@st.cache_data(show_spinner=False, max_entries=4096)
def _thumbnail(photo: str) -> str:
    content = kept_photos.find(photo)
    return "" if content is None else small(content)


def kept_picture(photo: str) -> bytes:
    """A kept photo as JPEG, large enough to see a defect in; nothing where it is not there, or cannot be read."""
    return _picture(photo) if kept_photos.is_kept(photo) else b""


@st.cache_data(show_spinner=False, max_entries=64)
def _picture(photo: str) -> bytes:
    content = kept_photos.find(photo)
    return b"" if content is None else _jpeg(content, LARGE)


def unread(photo: str) -> bytes:
    """A kept photo that no version has read, as it came; nothing where there is none."""
    return kept_photos.find_unread(photo) or b""


def verdicts_found(wanted: Question, *, most: int) -> list[Traced]:
    """The verdicts on record that are wanted; looked for once, until there is another row. Nobody may change them."""
    return _verdicts_found(f"{wanted!r} {most}", str(stores.ledger().head()), wanted, most)


@st.cache_resource(show_spinner="Looking through the record", max_entries=16, ttl=600)
def _verdicts_found(question: str, head: str, _wanted: Question, _most: int) -> list[Traced]:
    return verdicts(_wanted, most=_most)


def passed_parts(wanted: Wanted) -> list[Found]:
    """The passed parts that may have to come back; looked for once, until there is another row. Nobody may change them.

    Raises ``SettingsError`` as ``fetch_back.passed``.
    """
    return _passed_parts(repr(wanted), str(stores.ledger().head()), wanted)


@st.cache_resource(show_spinner="Looking through the record", max_entries=4, ttl=600)
def _passed_parts(question: str, head: str, _wanted: Wanted) -> list[Found]:
    return passed(_wanted)


def keeping_now(wanted: Rule) -> tuple[Plan, Forecast]:
    """What the rule would remove now, and how much disk kept photos will take; counted anew after a minute."""
    return _keeping_now(wanted.words, str(stores.ledger().head()))


@st.cache_resource(show_spinner="Counting kept photos", max_entries=4, ttl=60)
def _keeping_now(words: str, head: str) -> tuple[Plan, Forecast]:
    return plan(), forecast()


def small(content: bytes) -> str:
    """The photo in these bytes, small enough to stand in a page itself; empty where it cannot be read."""
    packed = _jpeg(content, SIDE)
    return f"data:image/jpeg;base64,{b64encode(packed).decode('ascii')}" if packed else ""


def _jpeg(content: bytes, side: int) -> bytes:
    try:
        grey = fit(decode(content).grey, side)
    except PhotoError:
        return b""
    packed = io.BytesIO()
    Image.fromarray(grey).save(packed, "JPEG", quality=80)
    return packed.getvalue()
