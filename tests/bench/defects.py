"""What the starter model is worth on drawn castings it has never seen, and whether its heat map peaks on the defect."""

from dataclasses import dataclass
from pathlib import Path

from casting_core.data.drawing.synthetic import write_sample
from casting_core.judging.localisation import NEAR
from casting_core.records.registry import STARTER
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.evaluate import evaluate_split, localise
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.stores import registry
from tests.bench.figures import Bar

SEED = 20_260_401  # far from the sample's, so none of its castings is among those trained on
RIGHT = 0.95  # share of all photos
ON_THE_DEFECT = 0.5  # share of the defects found


@dataclass(frozen=True, kw_only=True)
class Defects:
    """The starter's figures on one photo each of so many castings."""

    castings: int
    seed: int
    accuracy: float
    missed: int
    false_alarms: int
    auc: float | None
    found: int  # defective castings rejected
    near: int  # of them, those whose heat map peaks on the defect
    within: float  # pixels, what counts as on it

    @property
    def share(self) -> float | None:
        return self.near / self.found if self.found else None

    @property
    def bars(self) -> list[Bar]:
        return [
            Bar(name="accuracy on castings never seen", value=self.accuracy, limit=RIGHT),
            Bar(name="heat maps that peak on the defect", value=self.share, limit=ON_THE_DEFECT),
        ]


def measure(room: Path, *, castings: int) -> Defects | None:
    """The figures on castings drawn into this empty folder; ``None`` where there is no starter model."""
    if STARTER not in registry().names():
        return None
    write_sample(room, castings=castings, copies=1, seed=SEED, test_share=1.0)
    dataset, model = open_dataset(room), load_model(STARTER)
    figures, _ = evaluate_split(dataset, "test", model)
    distances = localise(dataset, "test", model)["distance"]
    return Defects(
        castings=castings,
        seed=SEED,
        accuracy=figures.accuracy,
        missed=figures.missed,
        false_alarms=figures.false_alarms,
        auc=figures.auc,
        found=len(distances),
        near=int((distances <= NEAR).sum()),
        within=NEAR,
    )
