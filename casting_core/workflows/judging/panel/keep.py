"""Where the panel of a version on a dataset is kept: a file of JSON in the data folder, found again as figures are.

It holds for the version, its operating point, the photos with their labels, the split and the castings; where one of
them has changed there is none. A damaged file is named, and harms nothing: the panel is made anew by a click.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from pydantic import ValidationError

from casting_core import files
from casting_core.data.datasets.scan import Dataset
from casting_core.errors import DatasetError
from casting_core.records.card import ModelCard
from casting_core.settings import settings
from casting_core.workflows.datasets.splits import FOLDERS, choices
from casting_core.workflows.judging.measuring.measure import key_of, usual_split
from casting_core.workflows.moved import names_of_folder
from casting_core.workflows.operating_points import in_force

if TYPE_CHECKING:
    from casting_core.judging.panel.panel import Panel

LARGEST = 16 * 2**20  # bytes of such a file; one of 100,000 castings has some


def split_for(card: ModelCard, dataset: Dataset) -> str:
    """The split a panel is made on: the one that kept castings from the version, or the usual one."""
    own = card.data.folder in names_of_folder(dataset.root) and card.data.split != FOLDERS
    return card.data.split if own and card.data.split in choices(dataset) else usual_split(dataset)


def kept_at(card: ModelCard, dataset: Dataset, castings: "pd.Series[int]") -> Path:
    """Where the panel of a version on these very photos is kept, or would be."""
    key = key_of(card, in_force(card), dataset, split_for(card, dataset), castings)
    return settings().data_dir / "panels" / f"{key}.json"


def keep(made: "Panel", place: Path) -> None:
    """Writes a panel there, in one step."""
    files.replace(place, made.model_dump_json())


def kept(place: Path) -> "Panel | None":
    """The panel that is kept there; none where it was never made. ``DatasetError`` where the file is damaged."""
    from casting_core.judging.panel.panel import Panel  # OpenCV, which the start of the dashboard must not pay for

    try:
        if place.stat().st_size > LARGEST:
            raise DatasetError(f"{_named(place)} is damaged: it is too large")
        return Panel.model_validate_json(place.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DatasetError(f"{_named(place)} cannot be read: {error.strerror or error}") from error
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in wrong["loc"]) or "it is no panel"
        raise DatasetError(f"{_named(place)} is damaged ({where}); measure anew, and it is replaced") from error


def _named(place: Path) -> str:
    return f"the kept panel {place.parent.name}/{place.name}"
