"""The folder of one version: its card, and the files that the card names, each checked against it."""

import hashlib
import json
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from casting_core.errors import ModelError
from casting_core.records.card import ModelCard, read
from casting_core.records.version_files import CARD, GRAPH, LARGEST, content_of, unfit, wrong_in

Check = Callable[[ModelCard], None]  # raises ``ValueError`` with what is wrong with a card


def no_further_check(_card: ModelCard) -> None:
    """No check beside those of the card itself."""


def finish(folder: Path, card: ModelCard) -> ModelCard:
    """Writes the card with the sha256 of every file beside it, flushes all of them and reads the card back."""
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.name != CARD
    }
    whole = card.model_copy(update={"files": files})
    (folder / CARD).write_text(json.dumps(whole.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n", "utf-8")
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    return read((folder / CARD).read_bytes())


def read_in(folder: Path, check: Check = no_further_check) -> ModelCard:
    """The card of the version in this folder; ``ModelError`` says what is wrong with it, or with a file it names.

    A file that is absent, or is not what was registered, is said where it is asked for.
    """
    try:
        card = _checked(content_of(folder, CARD), check)
    except OSError as error:
        raise ModelError("its card cannot be read") from error
    except ValueError as error:
        raise ModelError(str(error)) from error
    for why in (unfit(folder, file) for file in card.files):
        if why:
            raise ModelError(why)
    return card


def file_in(folder: Path, card: ModelCard, file: str) -> bytes:
    """One file of the version in this folder, checked against its card; ``ModelError`` where it is not that."""
    if file not in LARGEST:  # never a path
        raise ModelError(f"{file} is not the file that was registered")
    try:
        content = content_of(folder, file)
    except OSError as error:
        raise ModelError(f"{file} cannot be read") from error
    if hashlib.sha256(content).hexdigest() != card.files.get(file):
        raise ModelError(f"{file} is not the file that was registered")
    return content


@lru_cache(maxsize=256)  # pages ask for all cards at every click
def _checked(content: bytes, check: Check) -> ModelCard:
    """The card in these bytes; ``ValueError`` with what is wrong with it."""
    card = read(content)
    if GRAPH not in card.files:
        raise ValueError(f"its card does not say files.{GRAPH}")
    if wrong := wrong_in(card.files):
        raise ValueError(wrong)
    check(card)
    return card
