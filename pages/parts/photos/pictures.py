"""Every picture of a photo that a page shows, kept so that nobody waits for it twice; shared by all visitors."""

import io

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw

from casting_core.data.datasets.scan import Dataset
from casting_core.data.imaging.alignment.alignment import Alignment, Kind
from casting_core.judging import explanation
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.version_files import GRAPH
from casting_core.workflows import stores
from casting_core.workflows.datasets.castings import superimposed
from casting_core.workflows.judging.model import Model
from casting_core.workflows.training.views import alignment_for, views_of
from pages.parts.caches import record_cache

RINGS = (0.25, 0.5, 0.75, 1.0)  # of the reach of a view, drawn over a photo to show what was found


@st.cache_data(show_spinner=False, max_entries=4096)
def photo(identity: str) -> bytes:
    """A photo of a dataset as JPEG, by its sha256."""
    return _jpeg(stores.pixel_cache().take([identity])[0])


def if_known(identity: str) -> bytes | None:
    """The same of any photo, of a dataset or kept with its verdict, by its sha256; none where it was not kept."""
    if identity in stores.pixel_cache().rows():
        return photo(identity)
    return record_cache.kept_picture(identity) or None


@st.cache_data(show_spinner=False, max_entries=4096)
def tile(identity: str, width: int) -> bytes:
    """The same photo this many pixels wide: Streamlit would make it smaller in every run of the page."""
    grey = stores.pixel_cache().take([identity])[0]
    return _jpeg(np.asarray(Image.fromarray(grey).resize((width, width * grey.shape[0] // grey.shape[1]))))


def heat(identity: str, used: Model) -> bytes:
    """The same photo with the evidence for a defect laid over it, as JPEG."""
    return _heat(identity, used.card.files[GRAPH], used)


@st.cache_data(show_spinner=False, max_entries=4096)
def _heat(identity: str, graph: str, _used: Model) -> bytes:
    grey = stores.pixel_cache(_used.scorer.image_size).take([identity])
    answers = _used.scorer.score(grey)
    strength = explanation.weight(float(answers.score[0]), _used.point)
    return _jpeg(explanation.overlay(grey[0], answers.evidence[0], _used.grid, weight=strength, mark=True))


@st.cache_data(show_spinner=False, max_entries=256)
def overlay(first: str, second: str, found: tuple[float, ...]) -> tuple[bytes, bytes, bytes]:
    """Two photos of one casting as JPEG, the first moved onto the second, and both in one picture.

    Where they agree it is grey; what only the first shows is blue, what only the second shows orange.
    """
    moved, still = superimposed(first, second, found)
    moved = np.where(moved == 0, still, moved)  # beyond the edge of the first there is nothing to compare
    return _jpeg(moved), _jpeg(still), _jpeg(np.stack([still, still // 2 + moved // 2, moved], axis=-1))


def _jpeg(levels: np.ndarray) -> bytes:
    packed = io.BytesIO()
    Image.fromarray(levels).save(packed, "JPEG", quality=92)
    return packed.getvalue()


def alignment(dataset: Dataset, recipe: Recipe) -> Alignment:
    """How the photos to train on would be aligned for this recipe."""
    return _alignment(dataset.fingerprint, recipe.split, recipe.network.value, recipe.align.value, dataset, recipe)


@st.cache_data(show_spinner="Looking at the parts", max_entries=16)
def _alignment(fingerprint: str, split: str, network: str, align: str, _dataset: Dataset, _recipe: Recipe) -> Alignment:
    return alignment_for(_dataset, _recipe)


def outlined(identity: str, aligned: Alignment) -> tuple[bool, bytes]:
    """Whether the part was found in a photo, and the photo with the rings laid over it, as JPEG."""
    grey = stores.pixel_cache().take([identity])[0]
    placement = aligned.place(grey)
    picture = Image.fromarray(grey).convert("RGB")
    pen = ImageDraw.Draw(picture)
    lines = {Kind.ROUND: [placement.outline(radius) for radius in RINGS], Kind.REGISTERED: [placement.frame()]}
    for line in lines.get(aligned.kind, []):
        pen.line([(float(x), float(y)) for x, y in line], fill=explanation.HEAT, width=1)
    return aligned.found(placement), _jpeg(np.asarray(picture))


def views(identity: str, aligned: Alignment, *, copies: int) -> list[tuple[str, bytes]]:
    """A photo as networks see it, and as many augmented copies as training might make of it, each with its name."""
    names = ["As it is", *(f"Varied, {number}" for number in range(1, copies + 1))]
    return [(name, _jpeg(view)) for name, view in zip(names, views_of(identity, aligned, copies=copies), strict=True)]
