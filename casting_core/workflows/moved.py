"""Where the datasets of a restored installation lay before: rows of the ledger and cards of versions still say so."""

import json
from pathlib import Path

from casting_core.settings import settings

MOVED = "moved.json"  # in the data folder: from each folder that a backup tells of to the one that holds it now


def names_of_folder(root: Path | str) -> frozenset[str]:
    """How this folder of a dataset may be called on record: as it is now, and as before a backup was restored."""
    try:
        told = json.loads((settings().data_dir / MOVED).read_text("utf-8"))
    except (OSError, ValueError):
        return frozenset([str(root)])
    moved = told.items() if isinstance(told, dict) else ()
    return frozenset([str(root), *(old for old, new in moved if new == str(root))])
