"""``python -m tests.bench.scale``: whether 100,000 photos can be scanned and walked through, and how quick 5,550 are.

Exit codes: 0 when every bar was kept (a quick run holds none), 1 when one was missed, 2 when there is no browser.
"""

import json
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest.mock import patch

import click

from tests.bench.figures import Bar

MANY, FEW = 100_000, 5_550  # photos
PHOTOS_A_SECOND, SERVER = 500.0, 1536.0  # least; most, MiB of memory
TURNS = 4  # of paging and filtering
SOON, AT_ONCE = 1000.0, 300.0  # milliseconds, at most: with many photos, and with few at the 95th percentile


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """One scan of a folder, in a process of its own."""

    photos: int
    opened: int  # files, at least
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Scale:
    """What was measured with one number of photos."""

    photos: int
    first: Scanned
    again: Scanned
    walked: Any  # tests.bench.browsing.Walked

    def bars(self, *, many: bool) -> list[Bar]:
        """What has to be kept."""
        said = f"{self.photos:,} photos: "
        if not many:
            return [Bar(name=said + "95 % of the clicks, ms", value=self.walked.at_95, limit=AT_ONCE, upper=True)]
        rate = self.photos / self.first.seconds
        return [
            Bar(name=said + "scanned a second", value=rate, limit=PHOTOS_A_SECOND),
            Bar(name=said + "files opened by the second scan", value=self.again.opened, limit=0, upper=True),
            Bar(name=said + "opening the page again, ms", value=self.walked.reopened, limit=SOON, upper=True),
            Bar(name=said + "slowest click, ms", value=self.walked.slowest, limit=SOON, upper=True),
            Bar(name=said + "memory of the server, MiB", value=self.walked.memory, limit=SERVER, upper=True),
        ]


def measure(room: Path, browser: Any, *, photos: int, turns: int) -> Scale:
    """Makes so many photos in this empty folder, scans them twice and walks through them in a browser."""
    from tests.bench.browsing import walk_through
    from tests.bench.many import write_many

    folder, cache = room / "photos", room / "dashboard" / "data" / "cache"
    write_many(folder, photos=photos, room=room / "drawn")
    first, again = scanned(folder, cache), scanned(folder, cache)
    walked = walk_through(room / "dashboard", folder, browser, turns=turns)
    return Scale(photos=photos, first=first, again=again, walked=walked)


def scanned(folder: Path, cache: Path) -> Scanned:
    """A scan in a fresh process, as after a restart."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_scan, folder, cache).result()


def _scan(folder: Path, cache: Path) -> Scanned:
    from casting_core.data.datasets import file_facts, scan
    from casting_core.data.imaging import images

    with patch.object(file_facts, "read", wraps=images.read) as opened:
        began = perf_counter()
        photos = len(scan.scan(folder, cache_dir=cache).usable)
        return Scanned(photos=photos, opened=opened.call_count, seconds=perf_counter() - began)


def text(found: Scale) -> str:
    """The figures as a person reads them."""
    lines = [
        f"{found.photos:,} photos",
        f"  first scan   {found.first.seconds:8.1f} s   {found.photos / found.first.seconds:,.0f} photos/s",
        f"  second scan  {found.again.seconds:8.1f} s   {found.again.opened} files opened",
        f"  the page, first time in a fresh server {found.walked.opened:8.0f} ms, again {found.walked.reopened:.0f} ms",
        *(f"  {one.name:<38} {one.milliseconds:8.0f} ms" for one in found.walked.clicks),
        f"  95 % of the clicks within {found.walked.at_95:.0f} ms; memory of the server {found.walked.memory:.0f} MiB",
    ]
    return "\n".join(lines)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--photos", default=MANY, show_default=True, type=click.IntRange(min=100), help="How many is many.")
@click.option("--quick", is_flag=True, help="A few photos, to see that it runs; no bar is held.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, for machines.")
def main(photos: int, quick: bool, as_json: bool) -> None:
    """Measure the scan and the Dataset page with very many photos."""
    from tests.browser.find_browser import why_none
    from tests.browser.launched import launched

    many, few, turns = (600, 300, 1) if quick else (photos, FEW, TURNS)
    with launched() as browser, tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as room:
        if browser is None:
            click.echo(f"Error: {why_none()}", err=True)
            sys.exit(2)
        os.environ["CASTING_DATA_DIR"] = str(Path(room, "none"))  # nothing may be written beside what is measured
        both = [measure(Path(room, str(count)), browser, photos=count, turns=turns) for count in (few, many)]
    bars = [*both[0].bars(many=False), *both[1].bars(many=True)]
    missed = [bar.name for bar in bars if not bar.kept]
    if as_json:
        click.echo(json.dumps({"sets": [asdict(one) for one in both], "bars": [asdict(bar) for bar in bars]}))
    else:
        click.echo("\n".join([*map(text, both), *(_held(bar) for bar in bars)]))
    if missed and not quick:
        click.echo(f"Missed: {', '.join(missed)}", err=True)
        sys.exit(1)


def _held(bar: Bar) -> str:
    way = "at most" if bar.upper else "at least"
    return f"{'kept  ' if bar.kept else 'missed'} {bar.name}: {bar.value:,.0f} ({way} {bar.limit:,.0f})"


if __name__ == "__main__":
    main()
