"""``python -m tests.bench.inspect``: milliseconds from the bytes of a photo to its verdict, look-alikes included.

The verdict is that of a process that never imports TensorFlow, with gate, evidence and the nearest casting of both
labels among thousands. The notebook's way, ``model.predict`` of the classic network, takes the same photos in turns.
Exit codes: 0 when every bar was kept, 1 when one was missed.
"""

import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click
import numpy as np

from casting_core.data.drawing.synthetic import write_sample
from casting_core.data.imaging.alignment.alignment import free
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.inspect import judge
from casting_core.workflows.judging.lookalikes.index import Of, grow, of_length_one
from casting_core.workflows.judging.lookalikes.nearest import Castings, castings_of, nearest
from casting_core.workflows.judging.model import Model, load_model
from tests.bench.figures import Bar

BEHIND = 5000  # photos among which look-alikes are found
MIDDLE, SLOWEST, FASTER = 20.0, 50.0, 10.0  # ms of half the photos, ms of 95 of 100, times faster than a notebook
WARM, TURN = 10, 20  # photos before the first that counts; photos one way, then as many the other
NOISE = 0.02  # of an embedding, where one photo stands for several


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(path_type=Path), help="A folder of photos instead of drawn ones.")
@click.option("--model", default="starter", show_default=True, help="A version, in CASTING_MODEL_DIR.")
@click.option("--photos", default=200, show_default=True, type=click.IntRange(min=20), help="Photos that are judged.")
def main(data: Path | None, model: str, photos: int) -> None:
    """Measure the way from bytes to a verdict with look-alikes, and the notebook's, in turns."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as room:
        os.environ |= {"CASTING_DATA_DIR": room, "TF_CPP_MIN_LOG_LEVEL": "3"}
        kept = _measure(data or _drawn(Path(room)), model, photos)
    sys.exit(0 if kept else 1)


def _drawn(room: Path) -> Path:

    write_sample(room / "drawn", castings=80, copies=5, seed=3)
    return room / "drawn"


def _measure(folder: Path, model: str, photos: int) -> bool:

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        click.echo("Looking at the castings ...", err=True)
        known, looked = pool.submit(_prepare, folder, model).result()
        contents = _judged(folder, photos)
        network = _notebook()
        for content in contents[:WARM]:
            pool.submit(_inspect, folder, model, content).result()
            _as_notebooks_do(content, network)
        ours, worked, theirs, found = list[float](), list[float](), list[float](), 0
        for start in range(0, len(contents), TURN):
            some = contents[start : start + TURN]
            for content in some:
                taken, processor, alike = pool.submit(_inspect, folder, model, content).result()
                ours.append(1000 * taken)
                worked.append(1000 * processor)
                found += alike
            for content in some:
                began = time.perf_counter()
                _as_notebooks_do(content, network)
                theirs.append(1000 * (time.perf_counter() - began))
    half, most = np.percentile(ours, [50, 95])
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    click.echo(f"{len(contents)} photos by {model}, {found} with a look-alike; load {load}")
    click.echo(f"behind: {known:,} embeddings, of {looked:,} photos that were looked at")
    click.echo(f"bytes to verdict: p50 {half:.1f} ms, p95 {most:.1f} ms, most {max(ours):.1f} ms")
    click.echo(f"of the processor, all cores: p50 {np.median(worked):.1f} ms")
    click.echo(f"notebook style: p50 {np.median(theirs):.1f} ms")
    bars = [
        Bar(name="p50, ms", value=float(half), limit=MIDDLE, upper=True),
        Bar(name="p95, ms", value=float(most), limit=SLOWEST, upper=True),
        Bar(name="times faster than the notebook", value=float(np.median(theirs) / half), limit=FASTER),
    ]
    for bar in bars:
        click.echo(f"{bar.name}: {bar.value:.1f} (bar {bar.limit:g}){'' if bar.kept else ' missed'}")
    return all(bar.kept for bar in bars)


def _judged(folder: Path, photos: int) -> list[bytes]:

    opened = open_dataset(folder)
    some = opened.usable["path"].sample(n=min(photos, len(opened.usable)), random_state=0)
    return [(opened.root / path).read_bytes() for path in some]


def _notebook() -> Any:
    """The classic network as the guide builds it; how long it takes does not depend on what it has learned."""
    from casting_core.learning.networks import classic  # which brings TensorFlow, and the other process has none

    return classic.build(free(300, reason="as the guide does"))


def _as_notebooks_do(content: bytes, network: Any) -> None:
    from tests.bench.scoring import as_notebooks_do

    as_notebooks_do(content, network)


def _prepare(folder: Path, model: str) -> tuple[int, int]:
    """Looks at the castings in the process that judges; how many embeddings there are now, and of how many photos."""
    _, among, looked = _among(folder, model)
    return len(among), looked


@cache
def _among(folder: Path, model: str) -> tuple[Model, Castings, int]:
    """The version, the castings behind it, and how many of their photos were looked at."""
    used, opened = load_model(model), open_dataset(folder)
    wanted = [str(photo) for photo in opened.usable["photo"].drop_duplicates()[:BEHIND]]
    index = grow(used, Of.CASTINGS, wanted)
    assert index is not None
    few = castings_of(index, opened.usable, None)
    rows = np.arange(max(BEHIND, len(few))) % len(few)
    noise = np.random.default_rng(0).normal(0, NOISE, (len(rows), few.embedding.shape[1])).astype(np.float32)
    noise[: len(few)] = 0
    many = Castings(
        photo=[few.photo[at] for at in rows],
        label=few.label[rows],
        casting=few.casting[rows],
        score=few.score[rows],
        embedding=of_length_one(few.embedding[rows] + noise),
    )
    return used, many, len(few)


def _inspect(folder: Path, model: str, content: bytes) -> tuple[float, float, bool]:
    """Seconds from bytes to verdict with look-alikes, on the clock and of the processor; whether there are any."""
    used, among, _ = _among(folder, model)
    began, worked = time.perf_counter(), time.process_time()
    finding = judge(content, used)
    found = {} if finding.embedding is None else nearest(finding.sha256, finding.embedding, among)
    return time.perf_counter() - began, time.process_time() - worked, bool(found)


if __name__ == "__main__":
    main()
