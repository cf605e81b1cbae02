"""Can this version judge? Tried out in a process of its own, on known photos, before anybody relies on it."""

import io
import json
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from casting_core.data.imaging.images import Grey
from casting_core.errors import CastingError, ModelError
from casting_core.jobs import bounded
from casting_core.learning.recipes.choices import Detail
from casting_core.learning.recipes.recipe import IMAGE_SIZE
from casting_core.records.card import ModelCard
from casting_core.records.version_files import LEARNED
from casting_core.records.version_folder import file_in, read_in
from casting_core.workflows.recipes import check_card
from casting_core.workflows.stores import pixel_cache

SIZES = [int(one) for one in Detail]  # pixels of a photo, both sides
MEMORY = 2 * 2**30  # bytes; a version of ours needs a quarter of a GiB
SECONDS = 60.0  # of a processor, half of which libraries take to come up on a busy machine
OWN = 16  # photos it has learned from that it is tried on, where they are here
MODULE = "casting_core.workflows.models.trying"


_STOOD: set[str] = set()  # cards of versions that have stood the trial in the life of this process


def check(folder: Path) -> ModelCard:
    """The card of the version in this folder, after it has judged known photos in a process of its own.

    Raises ``ModelError`` with what keeps it from judging. What has stood the trial once is not tried
    again: a card names all files by their sums.
    """
    card = read_in(folder, check_card)
    for file in card.files:
        file_in(folder, card, file)
    written = card.model_dump_json()
    if written not in _STOOD:
        _try_out(folder, card)
        _STOOD.add(written)
    return card


def _try_out(folder: Path, card: ModelCard) -> None:
    with tempfile.TemporaryDirectory() as room:
        own = Path(room) / "own.npy"
        np.save(own, _own_photos(folder, card))
        limits = (str(MEMORY), str(SECONDS))
        outcome = bounded.run(MODULE, str(folder), str(own), *limits, memory=MEMORY, seconds=SECONDS)
    if outcome.ended:
        raise ModelError(f"it was tried on known photos, and {outcome.ended}")
    try:
        objection = json.loads(outcome.printed)["objection"]
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError("it was tried on known photos, and gave no answer") from error
    if objection:
        raise ModelError(str(objection))


def _own_photos(folder: Path, card: ModelCard) -> Grey:
    """Some of the photos it has learned from, (n, size, size); none where they are not here."""
    cache = pixel_cache(card.image_size if card.image_size in SIZES else IMAGE_SIZE)
    nothing = np.zeros((0, cache.size, cache.size), dtype=np.uint8)
    if LEARNED not in card.files or card.image_size != cache.size:
        return nothing
    try:
        table = pd.read_csv(io.BytesIO(file_in(folder, card, LEARNED)), dtype=str)
        known = [photo for photo in table["photo"] if photo in cache.rows()]
        chosen = [known[at] for at in np.unique(np.linspace(0, len(known) - 1, OWN).astype(int))] if known else []
        return cache.take(chosen) if chosen else nothing
    except (CastingError, ValueError, KeyError):  # said where the file is asked for; drawn photos do then
        return nothing
