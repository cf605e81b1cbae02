"""``python -m tests.bench.decoding``: what the largest photos cost that are decoded, and how soon bombs are refused.

Each file is decoded in a process of its own, which starts, decodes and says the most memory it ever held. Exit codes: 0
when every bar was kept, 1 when one was missed.
"""

import io
import re
import resource
import struct
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click
import numpy as np
from PIL import Image

from casting_core.data.imaging.images import decode
from casting_core.errors import PhotoError
from tests.bench.figures import Bar

SIDE = 8000  # pixels: 64 megapixels
SECONDS, MEMORY = 5.0, 600.0  # of processor time, and MB: what decoding one file may take
MEGA = 10**6


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    packed = io.BytesIO()
    image.save(packed, kind, **options)
    return packed.getvalue()


def _deep() -> Image.Image:
    """Levels that pack well, as photos of 64 megapixels that come in less than 64 MiB do."""
    row = np.linspace(20_000, 60_000, SIDE).astype(np.uint16) // 64 * 64
    return Image.fromarray(np.broadcast_to(row, (SIDE, SIDE)).copy())


def _soft(mode: str) -> Image.Image:
    small = np.random.default_rng(0).integers(0, 256, (50, 50, 3)).astype(np.uint8)
    return Image.fromarray(small).resize((SIDE, SIDE), Image.Resampling.BICUBIC).convert(mode)


def scanned(times: int) -> bytes:
    """A progressive JPEG of 64 megapixels whose last scan is there so many times."""
    content = _saved(Image.new("RGB", (SIDE, SIDE), (90, 90, 90)), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * times + b"\xff\xd9"


def _noted() -> bytes:
    content = _saved(Image.new("L", (64, 64)), "PNG")
    piece = _saved(Image.new("L", (4000, 4000)), "PNG")[33:-12]
    bomb = struct.pack(">I", len(piece)) + b"iCCP" + piece + bytes(4)
    return content[:33] + bomb * 2000 + content[33:]


FILES: dict[str, Callable[[], bytes]] = {
    "16-bit TIFF": lambda: _saved(_deep(), "TIFF", compression="tiff_lzw"),
    "16-bit TIFF, one strip": lambda: _saved(_deep(), "TIFF", compression="tiff_adobe_deflate", strip_size=2**30),
    "16-bit PNG": lambda: _saved(_deep(), "PNG", compress_level=1),
    "JPEG in colour": lambda: _saved(_soft("RGB"), "JPEG"),
    "progressive JPEG in colour": lambda: _saved(_soft("RGB"), "JPEG", progressive=True),
    "JPEG in CMYK": lambda: _saved(_soft("CMYK"), "JPEG"),
    "PNG with alpha": lambda: _saved(_soft("RGBA"), "PNG", compress_level=1),
    "JPEG of 15 scans": lambda: scanned(6),
    "JPEG of 1,500 scans": lambda: scanned(1500),
    "PNG of very many notes": _noted,
}


def cost(path: str) -> tuple[str, float, float]:
    """What decoding the file came to, the seconds of the processor, and the most MB this process ever held."""
    began = time.process_time()
    try:
        photo = decode(Path(path).read_bytes())
        said = f"{photo.width} x {photo.height}"
    except PhotoError as error:
        said = str(error)
    taken = time.process_time() - began
    return said, taken, _most_memory()


def _most_memory() -> float:
    """The most MB that this process held. On Linux ``getrusage`` answers for who started it, too."""
    status = Path("/proc/self/status")
    if status.exists():
        return float(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGA


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Decode the largest files there may be, and bombs, each in a process of its own."""
    bars: list[Bar] = []
    with tempfile.TemporaryDirectory(prefix="decoding-") as room:
        for name, make in FILES.items():
            path = Path(room, "photo")
            path.write_bytes(make())
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                said, seconds, memory = pool.submit(cost, str(path)).result()
            size = path.stat().st_size / MEGA
            click.echo(f"{name}: {size:.1f} MB, {seconds:.2f} s, {memory:.0f} MB of memory: {said}")
            bars += [
                Bar(name=f"{name}: seconds", value=seconds, limit=SECONDS, upper=True),
                Bar(name=f"{name}: memory", value=memory, limit=MEMORY, upper=True),
            ]
    if missed := [bar.name for bar in bars if not bar.kept]:
        click.echo(f"Missed: {', '.join(missed)}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
