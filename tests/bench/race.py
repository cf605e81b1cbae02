"""Three ways to a network, side by side: the notebook's, ours with its network, and ours with ``evidence``.

Each learns from the same drawn castings in a process of its own, and after each epoch judges others that it never sees.
What counts is when it is first as often right as ``classic`` is in the end. Looking at those photos takes no time here.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import psutil

from casting_core.data.drawing.synthetic import write_sample
from casting_core.domain import Split
from casting_core.learning.recipes.choices import NetworkName
from casting_core.learning.recipes.events import EpochDone
from casting_core.learning.recipes.presets import recommended
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.threads import share_out
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.training.learnable import learnable
from casting_core.workflows.training.study import open_castings
from tests.bench.figures import timed

CASTINGS, COPIES, HELD_OUT = 150, 4, 0.3
AS_RECOMMENDED: Mapping[str, object] = {}
QUICK = {"epochs": 1, "painted": 60}
MEBI = 2**20


@dataclass(frozen=True, kw_only=True)
class Lap:
    """One epoch."""

    seconds: float  # of learning, looked back from its end
    right: float  # share of the photos of castings never seen


@dataclass(frozen=True, kw_only=True)
class Racer:
    """One way, from its first epoch to its last."""

    name: str
    shown: int  # photos an epoch
    laps: list[Lap]
    memory: float  # MiB, the most that its process held after an epoch

    @property
    def epoch(self) -> float:
        """Seconds of an epoch, the first one apart, in which everything warms up."""
        warm = self.laps[1:] or self.laps
        return sum(lap.seconds for lap in warm) / len(warm)

    @property
    def speed(self) -> float:
        """Photos a second."""
        return self.shown / self.epoch

    def reaches(self, right: float) -> float | None:
        """Seconds until it is first so often right; none where it never is."""
        taken = 0.0
        for lap in self.laps:
            taken += lap.seconds
            if lap.right >= right:
                return taken
        return None


@dataclass(frozen=True, kw_only=True)
class Race:
    """All three, on so many photos of castings that none of them learned from."""

    held_out: int
    racers: tuple[Racer, ...]  # the notebook, ours with classic, ours with evidence

    @property
    def goal(self) -> float:
        """How often ``classic``, trained our way, is right after its last epoch."""
        return self.racers[1].laps[-1].right


def measure(folder: Path, *, castings: int = CASTINGS, changes: Mapping[str, object] = AS_RECOMMENDED) -> Race:
    """Draws castings into this folder and lets all three learn, each as its recipe says but for these changes."""
    write_sample(folder, castings=castings, copies=COPIES, test_share=HELD_OUT)
    recipes = [recommended(name).model_copy(update=dict(changes)) for name in NetworkName]
    ways: list[Callable[[], Racer]] = [
        partial(_notebook, folder, recipes[0]),
        *(partial(_ours, folder, recipe) for recipe in recipes),
    ]
    return Race(held_out=len(open_dataset(folder).part(Split.TEST)), racers=tuple(_apart(way) for way in ways))


def _apart(way: Callable[[], Racer]) -> Racer:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(way).result()


def _notebook(folder: Path, recipe: Recipe) -> Racer:
    from tests.bench.training import as_notebooks_do, compiled, network

    learn, watch = as_notebooks_do(folder / Split.TRAIN), as_notebooks_do(folder / Split.TEST)
    model, laps, memory = compiled(network()), [], 0.0
    for _ in range(recipe.epochs):
        seconds = timed(partial(model.fit, learn, verbose=0)).seconds
        laps.append(Lap(seconds=seconds, right=float(model.evaluate(watch, verbose=0)[1])))
        memory = max(memory, _held())
    return Racer(name="notebook", shown=learn.samples, laps=laps, memory=memory)


def _ours(folder: Path, recipe: Recipe) -> Racer:
    share_out()
    from casting_core.learning.inputs.curriculum import photos_per_epoch
    from casting_core.learning.inputs.views import choose_alignment
    from casting_core.learning.training.train import train

    dataset = open_dataset(folder)
    every = dataset.part("all")
    photos, laps, memory = learnable(every, open_castings(dataset)), [], [0.0]

    def tell(event: object) -> None:
        if isinstance(event, EpochDone):
            laps.append(Lap(seconds=number / event.photos_per_second, right=event.validation_accuracy))
            memory.append(_held())

    held_out = (every["split"] == Split.TEST).to_numpy()
    trained_on = photos.subset((~held_out).nonzero()[0])
    number = photos_per_epoch(trained_on, recipe, choose_alignment(trained_on, recipe).kind)
    train(photos, recipe, report=tell, should_stop=lambda: False, validation=held_out)
    return Racer(name=f"ours, {recipe.network}", shown=number, laps=laps, memory=max(memory))


def _held() -> float:
    return float(psutil.Process().memory_info().rss) / MEBI
