"""Makes our file of weights from the published ones: ``python -m casting_core.learning.networks.backbone.convert``.

The published file is pickled, and a pickle is a program; this one is read by a reader that can make arrays and nothing
else. It is in the format that PyTorch wrote until version 1.5: four pickled values (two that tell what it is, the size
of numbers, the table of arrays), the names of their stores, and the stores one after the other.
"""

import pickle
import struct
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import click
import numpy as np
from numpy.typing import NDArray

from casting_core.learning.networks.backbone.lite0 import BLOCKS, WEIGHTS

Arrays = Mapping[str, NDArray[Any]]
EPSILON = 1e-3  # of the published network's batch normalization
NUMBERS: Mapping[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class _Array(NamedTuple):
    """An array as the table tells of it: where it lies, and its shape."""

    store: tuple[str, str]  # key, and kind of numbers
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Reader(pickle.Unpickler):
    """A reader of pickles that knows the four names a table of arrays needs, and refuses any other."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda store, offset, shape, strides, *_: _Array(store, offset, shape, strides)
        if module == "torch" and name in NUMBERS:
            return name
        raise pickle.UnpicklingError(f"the file asks for {module}.{name}, which no table of arrays needs")

    def persistent_load(self, told: Any) -> tuple[str, str]:
        _, kind, key, _, _, *_ = told
        return str(key), str(kind)


def published(file: Path) -> Arrays:
    """The arrays of a file of weights by their names; ``pickle.UnpicklingError`` where it holds anything else."""
    with file.open("rb") as stream:
        for _ in range(3):
            _Reader(stream).load()
        table: dict[str, _Array] = _Reader(stream).load()
        keys: list[str] = _Reader(stream).load()
        kinds = dict(array.store for array in table.values())
        stores = {key: _store(stream, NUMBERS[kinds[key]]) for key in keys}
    return {name: _array(one, stores[one.store[0]]) for name, one in table.items()}


def _store(stream: BinaryIO, numbers: np.dtype[Any]) -> NDArray[Any]:
    (count,) = struct.unpack("<q", stream.read(8))
    return np.frombuffer(stream.read(count * numbers.itemsize), numbers)


def _array(told: _Array, store: NDArray[Any]) -> NDArray[Any]:
    """Its numbers in their order: channels may lie beside each other, or one after the other."""
    if not told.shape:
        return store[told.offset]
    last = told.offset + sum((side - 1) * stride for side, stride in zip(told.shape, told.strides, strict=True))
    if not 0 <= last < len(store):
        raise pickle.UnpicklingError("an array lies beyond its store")
    strides = [stride * store.itemsize for stride in told.strides]
    return np.lib.stride_tricks.as_strided(store[told.offset :], told.shape, strides).copy()


def folded(source: Arrays) -> dict[str, NDArray[np.float32]]:
    """The weights that ``lite0`` loads: each batch normalization is part of the convolution before it."""
    made = _fold(source, "stem", "_conv_stem", "_bn0")
    for number, block in enumerate(BLOCKS):
        name, there = f"block_{number:02}", f"_blocks.{number}."
        if block.widened > 1:
            made |= _fold(source, f"{name}_widen", f"{there}_expand_conv", f"{there}_bn0")
        made |= _fold(source, f"{name}_filter", f"{there}_depthwise_conv", f"{there}_bn1", by_channel=True)
        made |= _fold(source, f"{name}_narrow", f"{there}_project_conv", f"{there}_bn2")
    return made


def _fold(
    source: Arrays, name: str, convolution: str, normalization: str, *, by_channel: bool = False
) -> dict[str, NDArray[np.float32]]:
    kernel = source[f"{convolution}.weight"].astype(np.float64)  # (out, in, rows, columns)
    stretch = source[f"{normalization}.weight"] / np.sqrt(source[f"{normalization}.running_var"] + EPSILON)
    shift = source[f"{normalization}.bias"] - source[f"{normalization}.running_mean"] * stretch
    stretched = (kernel * stretch[:, np.newaxis, np.newaxis, np.newaxis]).astype(np.float32)
    order = (2, 3, 0, 1) if by_channel else (2, 3, 1, 0)  # as Keras has them
    return {f"{name}/kernel": stretched.transpose(order), f"{name}/bias": shift.astype(np.float32)}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), default=WEIGHTS, help="Another file.")
def main(file: Path, into: Path) -> None:
    """Make our weights from FILE, the published ones that NOTICE names."""
    made = folded(published(file))
    np.savez_compressed(into, allow_pickle=False, **made)
    click.echo(f"{into.name}: {sum(one.size for one in made.values()):,} weights, {into.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(prog_name="python -m casting_core.learning.networks.backbone.convert")
