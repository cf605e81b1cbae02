"""Milliseconds per photo from its bytes to its score: the way of the dashboard against ``model.predict``."""

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from casting_core.data.datasets.scan import Dataset
from casting_core.errors import CastingError
from casting_core.records.datasets import NamedDataset
from casting_core.records.version_files import KERAS
from casting_core.workflows.datasets.opening import names_of
from casting_core.workflows.judging.inspect import Finding
from casting_core.workflows.stores import registry
from casting_core.workflows.training.runs import note_run
from casting_core.workflows.training.train import work
from tests.bench.figures import Bar, Figure, figure
from tests.bench.judging import Judge, judge_with
from tests.bench.photos import Material
from tests.bench.training import RECIPE

FASTER = 20.0  # times
ALIKE = 1e-5  # largest difference of a score on the same pixels
WARM = 5  # photos scored before the first that counts
TURN = (
    10  # photos one way before as many the other: photo by photo, each way would find the other's memory in the caches
)


@dataclass(frozen=True, kw_only=True)
class Scoring:
    """One photo at a time, both ways."""

    photos: int
    repeats: int  # of each photo
    ours: Figure  # milliseconds per photo
    notebook: Figure  # milliseconds per photo
    difference: float  # largest, between the two scores of the same pixels
    difference_from_bytes: float  # the same with each way's own decoder

    @property
    def ratio(self) -> float:
        return self.notebook.median / self.ours.median

    @property
    def bars(self) -> list[Bar]:
        return [
            Bar(name="scoring against the notebook", value=self.ratio, limit=FASTER),
            Bar(name="difference of the scores", value=self.difference, limit=ALIKE, upper=True),
        ]


def measure(material: Material, *, photos: int, repeats: int) -> Scoring:
    """Trains one epoch as runs do, then scores photos with what was registered, ``TURN`` by ``TURN`` in turns."""
    return compare(trained(material.dataset), material.dataset, photos=photos, repeats=repeats)


def compare(name: str, dataset: Dataset, *, photos: int, repeats: int) -> Scoring:
    """Scores photos that this model version has learned from, both ways."""
    network = keras.models.load_model(registry().path(name) / KERAS, compile=False)
    ours: list[float] = []
    theirs: list[float] = []
    same, own = 0.0, 0.0
    with judge_with(name) as here:
        contents = judged(dataset, here, photos=photos)
        for content in contents[:WARM]:
            as_notebooks_do(content, network)
        for some in turns(contents * repeats):
            findings = [here.judge(content) for content in some]
            scores = [timed(content, network) for content in some]
            ours += [taken for _, taken in findings]
            theirs += [taken for _, taken in scores]
            for (finding, _), (score, _) in zip(findings, scores, strict=True):
                own = max(own, abs(score_of(finding) - score))
                same = max(same, abs(score_of(finding) - predict(seen_by(finding), network)))
    return Scoring(
        photos=len(contents),
        repeats=repeats,
        ours=figure([1000 * taken for taken in ours]),
        notebook=figure([1000 * taken for taken in theirs]),
        difference=same,
        difference_from_bytes=own,
    )


def trained(dataset: Dataset) -> str:
    """The name of a model version made from these photos in one epoch."""
    named = NamedDataset(name="bench", folder=str(dataset.root), rule=names_of(dataset.rule))
    return work(note_run(named, RECIPE.model_copy(update={"epochs": 1})).id).name


def judged(dataset: Dataset, here: Judge, *, photos: int) -> list[bytes]:
    """The bytes of so many photos that get a score; one that the gate turns away would cost no scoring.

    They are spread over the photos to train on. ``CastingError`` where there are too few.
    """
    contents: list[bytes] = []
    for path in dataset.to_train["path"].sample(frac=1.0, random_state=0):
        content = (dataset.root / path).read_bytes()
        if here.judge(content)[0].score is not None:
            contents.append(content)
        if len(contents) == photos:
            return contents
    raise CastingError(f"only {len(contents)} photos get a score, and {photos} are wanted")


def turns(contents: list[bytes]) -> Iterator[list[bytes]]:
    """The photos, ``TURN`` at a time."""
    for start in range(0, len(contents), TURN):
        yield contents[start : start + TURN]


def timed(content: bytes, network: keras.Model) -> tuple[float, float]:
    """The notebook's score of the photo in these bytes, and the seconds that took."""
    began = time.perf_counter()
    score = as_notebooks_do(content, network)
    return score, time.perf_counter() - began


def as_notebooks_do(content: bytes, network: keras.Model) -> float:
    """The score of the photo in these bytes, the way of the guide's notebook."""
    size = network.input_shape[1:3]
    photo = keras.utils.load_img(io.BytesIO(content), color_mode="grayscale", target_size=size)
    return predict(keras.utils.img_to_array(photo) / 255.0, network)


def predict(levels: NDArray[np.float32], network: keras.Model) -> float:
    """The score of one photo with grey levels 0..1, shape (size, size, 1)."""
    return float(network.predict(levels[np.newaxis], verbose=0)[0, 0])


def seen_by(finding: Finding) -> NDArray[np.float32]:
    """The photo that was judged, as a network takes it."""
    assert finding.seen is not None
    return finding.seen[..., np.newaxis].astype(np.float32) / np.float32(255.0)


def score_of(finding: Finding) -> float:
    """The score of a photo that got one."""
    assert finding.score is not None
    return finding.score
