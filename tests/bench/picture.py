"""Seconds in which the page that watches a long run makes its curves: 60 epochs of 100 batches, read and drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from casting_core.learning.recipes import diagnosis
from casting_core.learning.recipes.events import Event
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.datasets import NamedDataset
from casting_core.workflows.training.runs import Run, note_run
from pages.parts.charts import training_charts
from pages.parts.train import fit_view, run_curves
from tests.bench.figures import Bar, Figure, figure, timed
from tests.bench.watching import events

EPOCHS, BATCHES = 60, 100
SOON = 0.2  # seconds


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The curves of one run, made several times."""

    epochs: int
    batches: int  # of each epoch
    seconds: Figure

    @property
    def bars(self) -> list[Bar]:
        return [Bar(name="the curves of a long run", value=self.seconds.median, limit=SOON, upper=True)]


def measure(*, epochs: int = EPOCHS, batches: int = BATCHES, repeats: int = 5) -> Picture:
    """Makes them so often; the first time warms up and does not count."""
    dataset = NamedDataset(name="x", folder="x", rule={"ok": [], "defective": []})
    run, told = note_run(dataset, Recipe(epochs=epochs)), list(events(epochs, batches))
    seconds = [timed(lambda: draw(run, told)).seconds for _ in range(repeats + 1)]
    return Picture(epochs=epochs, batches=batches, seconds=figure(seconds[1:]))


def draw(run: Run, told: Sequence[Event]) -> str:
    """The curves as the browser gets them, after what they say was read."""
    epochs, within = run_curves.of_epochs(told), run_curves.of_batches(told, smoothing=0.6)
    curves = fit_view.curves_of(run, told)
    assert curves is not None
    diagnosis.read(curves)
    return str(training_charts.board(epochs, within, {"run 1": epochs}).to_json())
