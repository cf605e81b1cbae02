"""``make bench-runs``, its first half: how much two hundred visitors who watch a run slow it down.

They read in one process of their own, as the dashboard's visitors do, each once a second: the run, and its events. The
run is watched and left alone in turns. Exit codes: 0 when the bar was kept, 1 when it was missed.
"""

import json
import os
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from tests.bench.figures import Bar, Figure, figure

READERS = 200
TICK = 1.0  # seconds between two looks of one reader
SLOWER = 1.05  # times
TURNS = 12  # watched, and left alone; of four, the median still moved by 0.02 from one to the next


@dataclass(frozen=True, kw_only=True)
class Watched:
    """Epochs of one run, watched and left alone in turns."""

    readers: int
    looks: int  # of all readers together
    alone: Figure  # seconds of an epoch
    watched: Figure  # seconds of an epoch
    processor: float  # share of one core that the readers took

    @property
    def slower(self) -> float:
        """Time of an epoch that is watched over one that is not."""
        return self.watched.median / self.alone.median

    @property
    def bars(self) -> list[Bar]:
        """Watching may cost so much."""
        return [Bar(name="a run that is watched", value=self.slower, limit=SLOWER, upper=True)]


class Readers:
    """Visitors in threads of their own, who look only while they may."""

    def __init__(self, run: int, *, number: int) -> None:
        from casting_core.jobs.control import log
        from casting_core.jobs.feed import EventFeed

        self._log, self._run = log(), run
        self._feed = EventFeed(self._log)
        self.may, self._over = threading.Event(), threading.Event()
        self.looks = 0
        self._threads = [threading.Thread(target=self._look, args=(place / number,)) for place in range(number)]
        for thread in self._threads:
            thread.start()

    def _look(self, late: float) -> None:
        time.sleep(late * TICK)
        while not self._over.is_set():
            self.may.wait()
            self._log.find(self._run)
            self._feed.events(self._run)
            self.looks += 1
            self._over.wait(TICK)

    def end(self) -> None:
        """Lets them go home."""
        self._over.set()
        self.may.set()
        for thread in self._threads:
            thread.join()


def measure(room: Path, *, readers: int = READERS, turns: int = TURNS, epochs: int = 5) -> Watched:
    """Trains the classic network on drawn photos; of each turn the first epoch, which saw both, does not count."""
    from casting_core.data.datasets.class_rule import ClassRule
    from casting_core.data.drawing.synthetic import write_sample
    from casting_core.learning.recipes.choices import Validation
    from casting_core.learning.recipes.recipe import Recipe
    from casting_core.records.datasets import NamedDataset
    from casting_core.records.jobs import Wish
    from casting_core.workflows.datasets.opening import names_of
    from casting_core.workflows.training.runs import find_run, start_run, stop

    write_sample(room / "drawn", castings=100, copies=3, seed=1)
    named = NamedDataset(name="bench", folder=str(room / "drawn"), rule=names_of(ClassRule()))
    run = start_run(named, Recipe(epochs=1000, validation=Validation.RANDOM)).id
    crowd = Readers(run, number=readers)
    seconds: dict[bool, list[float]] = {True: [], False: []}
    worked = spent = 0.0
    reached = _after(run, 2)
    try:
        for turn in range(2 * turns):
            watched = bool(turn % 2)
            crowd.may.set() if watched else crowd.may.clear()
            began, processor = time.perf_counter(), time.process_time()
            told = _after(run, len(reached) + epochs + 1)
            if watched:
                spent, worked = spent + time.perf_counter() - began, worked + time.process_time() - processor
            seconds[watched] += told[len(reached) + 1 :]
            reached = told
    finally:
        stop(run, Wish.DISCARD)
        crowd.end()
        while not find_run(run).state.over:
            time.sleep(0.1)
    return Watched(
        readers=readers,
        looks=crowd.looks,
        alone=figure(seconds[False]),
        watched=figure(seconds[True]),
        processor=worked / spent,
    )


def _after(run: int, epochs: int) -> list[float]:
    """The seconds of each epoch, once there are so many."""
    from casting_core.jobs.control import log
    from casting_core.workflows.training.runs import find_run

    while True:
        found = [body["seconds"] for _, kind, body in log().events(run) if kind == "epoch"]
        state = find_run(run)
        if len(found) >= epochs:
            return found
        if state.state.over:
            raise click.ClickException(f"the run ended: {state.message or state.state}")
        time.sleep(0.5)


@click.command()
@click.option("--readers", default=READERS, show_default=True, type=click.IntRange(min=1))
@click.option("--turns", default=TURNS, show_default=True, type=click.IntRange(min=1), help="Watched, and left alone.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, for machines.")
def main(readers: int, turns: int, as_json: bool) -> None:
    """Measure what visitors cost a run."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as room:
        os.environ |= {"CASTING_DATA_DIR": room, "CASTING_MODEL_DIR": str(Path(room, "model"))}
        found = measure(Path(room), readers=readers, turns=turns)
    if as_json:
        click.echo(json.dumps(asdict(found) | {"slower": found.slower}))
    else:
        click.echo(f"{found.readers} readers, {found.looks:,} looks, {100 * found.processor:.1f} % of one core")
        for name, taken in (("left alone", found.alone), ("watched", found.watched)):
            click.echo(f"  {name:<12}{taken.median:>8.3f} s an epoch ({taken.least:.3f} .. {taken.most:.3f})")
        click.echo(f"  ratio       {found.slower:>8.3f} x (at most {SLOWER:g})")
    if not all(bar.kept for bar in found.bars):
        click.echo("Missed: a run that is watched", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
