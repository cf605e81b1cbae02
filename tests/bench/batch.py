"""``python -m tests.bench.batch FOLDER``: photos per second of a batch against decoding alone, in one run.

Decoding alone: reading each file and decoding it, on as many threads. The batch: the same and all that a verdict takes,
and each result on disk. Both take the same photos in turns, so that a machine that is busy is so for both. Exit codes:
0 when every bar was kept, 1 when one was missed.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import psutil

from casting_core.data.imaging import images
from casting_core.errors import PhotoError
from casting_core.workflows.datasets.import_job import Form, Found
from casting_core.workflows.judging.batch import results
from casting_core.workflows.judging.batch.batch import cores, judge_all
from casting_core.workflows.judging.batch.material import Item, Read, list_items, reading
from casting_core.workflows.judging.model import Model, load_model
from tests.bench.figures import Bar

SHARE = 0.70  # of the speed of decoding alone
GROWTH = 150.0  # MB of memory, from the first photos judged to the most there ever was
TURN = 500  # photos one way, then the same the other
MEGA = 10**6


def decode_all(items: Sequence[Item], read: Read) -> None:
    """Reads and decodes each file, and keeps nothing."""

    def one(item: Item) -> None:
        try:
            images.decode(read(item))
        except PhotoError:
            return

    with ThreadPoolExecutor(cores()) as pool:
        for _ in pool.map(one, items):
            pass


def seconds(work: Callable[[], None]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def judged(items: Sequence[Item], first: int, read: Read, model: Model, place: Path) -> list[float]:
    """Judges these files into the results at ``place``; the memory of this process in MB, again and again."""
    memory = []
    with results.going_on(place) as kept:
        numbered = [(first + at, item) for at, item in enumerate(items)]
        for at, group in enumerate(judge_all(numbered, read, model, model.point)):
            kept.add(group)
            if at % 8 == 0:
                memory.append(psutil.Process().memory_info().rss / MEGA)
    return memory


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--model", help="A version; the one in production if not given.")
@click.option("--photos", type=int, help="So many of them, spread over the folder.")
def main(folder: Path, model: str | None, photos: int | None) -> None:
    """Judge the photos in a folder, and decode them, in turns."""
    loaded, found = load_model(model, threads=1), Found(form=Form.FOLDER, path=folder)
    items = list_items(found).items
    items = items[:: max(1, len(items) // photos)] if photos else items
    memory: list[float] = []
    decoding = judging = 0.0
    with tempfile.TemporaryDirectory(prefix="batch-") as room, reading(found) as read:
        place = Path(room, "results.jsonl")
        judged(items[:TURN], 0, read, loaded, Path(room, "warm.jsonl"))  # and the files are in the system's memory
        for start in range(0, len(items), TURN):
            some = items[start : start + TURN]
            decoding += seconds(lambda some=some: decode_all(some, read))  # type: ignore[misc]
            began = time.perf_counter()
            memory += judged(some, start, read, loaded, place)
            judging += time.perf_counter() - began
        counts = [one.verdict for one in results.finished(place, len(items))]
    share, growth = decoding / judging, max(memory) - memory[0]
    load = ", ".join(f"{one:.1f}" for one in psutil.getloadavg())
    click.echo(f"{len(items)} photos, {cores()} cores, version {loaded.card.name} ({loaded.card.network}), load {load}")
    click.echo(f"decoding alone: {len(items) / decoding:,.0f} photos/s; batch: {len(items) / judging:,.0f} photos/s")
    click.echo(f"a verdict got {sum(one is not None for one in counts)}; memory grew by {growth:.0f} MB")
    bars = [
        Bar(name="speed against decoding alone", value=share, limit=SHARE),
        Bar(name="growth of memory, MB", value=growth, limit=GROWTH, upper=True),
    ]
    for bar in bars:
        click.echo(f"{bar.name}: {bar.value:.2f} (bar {bar.limit:g}){'' if bar.kept else ' missed'}")
    sys.exit(0 if all(bar.kept for bar in bars) else 1)


if __name__ == "__main__":
    main()
