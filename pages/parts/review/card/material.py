"""What a card is made of, small enough to be sent ahead: tiles, photos in full size, heat, the nearest sound photo."""

import io
from base64 import b64encode
from collections.abc import Iterable
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from casting_core.data.datasets.scan import Dataset
from casting_core.judging import explanation
from casting_core.records.version_files import GRAPH
from casting_core.workflows import stores
from casting_core.workflows.judging.comparing import full_size, nearest_sound
from casting_core.workflows.judging.comparing.nearest_sound import Laid, Looks, SoundPhotos
from casting_core.workflows.judging.model import Model
from pages.parts.caches import dataset_cache

TILE, IN_STRIP = 112, 72  # pixels of a photo that stands in for one still to come, and of one in the strip
FULL = 720  # pixels at most of a photo in full size
HEAT, SHADES = 100, 16  # pixels of a heat map, and how many opacities it has


@st.cache_data(show_spinner=False, max_entries=8192)
def tile(identity: str, width: int) -> str:
    """A photo this many pixels wide, as an address of data."""
    grey = stores.pixel_cache().take([identity])[0]
    return _jpeg(np.asarray(Image.fromarray(grey).resize((width, width), Image.Resampling.BOX)), quality=55)


@st.cache_data(show_spinner=False, max_entries=1024)
def photo(identity: str, path: str, root: str, _dataset: Dataset) -> str:
    """A photo in full size, as an address of data."""
    return _jpeg(full_size.full_size(_dataset.root, path, identity, largest=FULL), quality=84)


def details(dataset: Dataset, photos: Iterable[str], model: Model) -> dict[str, dict[str, Any]]:
    """Heat, ring and the nearest sound photo of each of these photos, for the browser."""
    castings, graph, point = dataset_cache.castings(dataset), model.card.files[GRAPH], model.point
    among = _sound(*dataset_cache.state(dataset), castings is not None, f"{graph} {point.threshold}", dataset, model)
    paths = dict(zip(among.photos["photo"], among.photos["path"], strict=True))
    numbers: dict[str, int] = {} if castings is None else dict(zip(castings.index, castings, strict=True))
    found: dict[str, dict[str, Any]] = {}
    for one in photos:
        heat, weight, peak, embedding = _answers(one, graph, point.threshold, model)
        found[one] = {"heat": heat, "weight": weight, "peak": peak}
        near = nearest_sound.nearest(one, numbers.get(one), embedding, among)
        if near is not None:
            laid = _laid(near, one)
            found[one] |= {"sound": near, "sound_path": paths[near], "onto": list(laid.onto), "laid": laid.agrees}
    return found


@st.cache_resource(show_spinner="Looking for sound castings", max_entries=8)
def _sound(
    root: str, fingerprint: str, decision: int, known: bool, of: str, _dataset: Dataset, _model: Model
) -> SoundPhotos:
    looks = _looks(_model.card.files[GRAPH], _model.point.threshold)
    return nearest_sound.sound_photos(_dataset.usable, dataset_cache.castings(_dataset), _model, looks)


@st.cache_resource(show_spinner=False, max_entries=8)
def _looks(graph: str, threshold: float) -> Looks:
    """What a version said of photos of sound castings so far."""
    return {}


@st.cache_data(show_spinner=False, max_entries=4096)
def _laid(sound: str, identity: str) -> Laid:
    return nearest_sound.laid_over(sound, identity)


@st.cache_data(show_spinner=False, max_entries=1024)
def _answers(
    identity: str, graph: str, threshold: float, _model: Model
) -> tuple[str, float, tuple[float, float] | None, Any]:
    """Of a photo: the heat map at full strength as an address of data, its weight, the peak, and the embedding.

    By its weight (0..1) the map of a sound casting stays pale. The peak is where the score is strongest, 0..1 from left
    and top; none where the part was not found.
    """
    size = _model.card.image_size
    answers = _model.scorer.score(stores.pixel_cache(size).take([identity]))
    evidence, grid = answers.evidence[0], _model.grid
    x, y = explanation.strongest_place(evidence, grid)
    weight = explanation.weight(float(answers.score[0]), _model.point)
    strength = explanation.opacity(evidence, grid, size, weight=1.0)
    peak = (x / size, y / size) if bool(answers.found[0]) else None
    return _heat(strength), weight, peak, answers.embedding[0]


def kinds_of(row: dict[Any, Any]) -> list[str]:
    """How the folders call the defect of a photo, and what the model suggests."""
    found = [str(row.get(column) or "") for column in ("kind", "kind_suggested")]
    return [kind for kind in dict.fromkeys(found) if kind]


def _heat(strength: np.ndarray) -> str:
    """The colour of evidence with this opacity (0..1) at each pixel, as a small PNG."""
    small = Image.fromarray(np.asarray(255 * strength, dtype=np.uint8)).resize((HEAT, HEAT), Image.Resampling.BILINEAR)
    shades = (np.asarray(small, dtype=np.uint16) * (SHADES - 1) + 127) // 255
    picture = Image.fromarray(shades.astype(np.uint8), "P")
    picture.putpalette(list(explanation.HEAT) * SHADES)
    packed = io.BytesIO()
    opacities = bytes(round(255 * shade / (SHADES - 1)) for shade in range(SHADES))
    picture.save(packed, "PNG", transparency=opacities, optimize=True)
    return _address("png", packed.getvalue())


def _jpeg(levels: np.ndarray, *, quality: int) -> str:
    packed = io.BytesIO()
    Image.fromarray(levels).save(packed, "JPEG", quality=quality)
    return _address("jpeg", packed.getvalue())


def _address(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{b64encode(content).decode('ascii')}"
