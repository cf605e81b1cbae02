"""What there is in this installation: datasets, runs, model versions, decoded photos, and the drawn sample."""

from functools import cache, partial
from pathlib import Path

from casting_core.data.datasets.file_facts import places_of
from casting_core.data.datasets.pixel_cache import FinerCache, PixelCache
from casting_core.data.datasets.scan import Dataset
from casting_core.learning.recipes.recipe import IMAGE_SIZE
from casting_core.records.database.access import connect
from casting_core.records.datasets import DatasetBook, RevisionBook
from casting_core.records.decisions import DecisionLog
from casting_core.records.ledger import Ledger
from casting_core.records.open_cards import OpenCardBook
from casting_core.records.registry import Registry
from casting_core.records.shared import SharedBook
from casting_core.records.splits import SplitBook
from casting_core.settings import settings
from casting_core.workflows.recipes import check_card


def registry() -> Registry:
    """The model versions."""
    claim = {"claim": _claim_version} if settings().store else {}
    return Registry(settings().model_dir, settings().starter_dir, check=check_card, **claim)


def shared_book() -> SharedBook:
    """What several machines share through an object store."""
    return SharedBook(connect(settings().database_url))


def _claim_version(name: str) -> bool:
    return shared_book().claim(f"model/{name}", machine=settings().machine)


def dataset_book() -> DatasetBook:
    """The datasets that have a name."""
    return DatasetBook(connect(settings().database_url))


def decision_log() -> DecisionLog:
    """What people decided about photos."""
    return DecisionLog(connect(settings().database_url))


def ledger() -> Ledger:
    """Who did what, when and why."""
    return Ledger(connect(settings().database_url))


def open_card_book() -> OpenCardBook:
    """Which castings are being judged just now."""
    return OpenCardBook(connect(settings().database_url))


def split_book() -> SplitBook:
    """The splits that have a name."""
    return SplitBook(connect(settings().database_url))


def revision(dataset: Dataset) -> int:
    """The number of the state the dataset is in, from 1; a state never seen before is written down."""
    book = RevisionBook(connect(settings().database_url))
    return book.number(str(dataset.root), dataset.fingerprint, photos=len(dataset.usable))


def pixel_cache(size: int = IMAGE_SIZE) -> PixelCache:
    """The decoded photos; one for the whole process, for to learn which of very many are there takes a while.

    ``size``: pixels of a photo, both sides. At more than usual they are read when they are asked for first.
    """
    return _pixel_cache(settings().cache_dir, size)


@cache
def _pixel_cache(folder: Path, size: int) -> PixelCache:
    if size == IMAGE_SIZE:
        return PixelCache(folder, size=size)
    return FinerCache(folder, size=size, places=partial(places_of, cache_dir=folder))
