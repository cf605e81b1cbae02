"""The photos everything is measured on: drawn, or those of a folder; decoded once, into a fresh cache."""

from dataclasses import dataclass
from pathlib import Path

from casting_core.data.datasets.scan import Dataset
from casting_core.data.drawing.synthetic import write_sample
from casting_core.domain import Split
from casting_core.workflows.datasets.opening import open_dataset
from tests.bench.figures import timed

COPIES = 4  # photos of each drawn casting


@dataclass(frozen=True, kw_only=True)
class Material:
    """A dataset, and what it cost to decode all of it once."""

    dataset: Dataset
    decoding: float  # seconds

    @property
    def learn_folder(self) -> Path:
        """The folder of the photos to train on, with nothing but class folders in it."""
        root, unsplit = self.dataset.root, self.dataset.splits == [Split.UNSPLIT]
        return root if unsplit else root / Path(self.dataset.to_train["path"].iloc[0]).parts[0]


def draw(folder: Path, *, photos: int) -> Path:
    """The folder, with so many photos of drawn castings to train on."""
    write_sample(folder, castings=photos // COPIES, copies=COPIES, test_share=0.0)
    return folder


def read(folder: Path) -> Material:
    """The photos of a folder nobody has read before."""
    decoding = timed(lambda: open_dataset(folder)).seconds
    return Material(dataset=open_dataset(folder), decoding=decoding)
