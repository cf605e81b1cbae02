"""EfficientNet-Lite0 (Tan and Le 2019; the variant for small devices by Google, 2020), frozen, for grey photos.

It learned a thousand kinds of things from a million photos (ImageNet), and with them edges, textures and their parts,
which tell a sound part from a defective one, too. Only its first blocks are here: the last ones know breeds of dogs.
Batch normalization is part of the convolutions (``convert``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

WEIGHTS = Path(__file__).parents[1] / "weights" / "backbone.npz"  # plain numbers; NOTICE says where they come from
CENTRE, SPREAD = 127.0, 128.0  # grey levels: what it was trained on is (grey - 127) / 128
HIGHEST = 6.0  # its rectified features end here


@dataclass(frozen=True, kw_only=True)
class Block:
    """An inverted residual: widened, filtered channel by channel, narrowed (Sandler et al. 2018)."""

    kernel: int  # pixels, both sides
    stride: int
    widened: int  # times the channels that come in
    channels: int  # that go out


def _stage(repeats: int, kernel: int, stride: int, widened: int, channels: int) -> list[Block]:
    """So many blocks of which the first one strides."""
    return [
        Block(kernel=kernel, stride=stride if not number else 1, widened=widened, channels=channels)
        for number in range(repeats)
    ]


STEM = 32  # channels of the first convolution, which strides by 2
# The whole network has three blocks more; with them its file would be twice as large.
BLOCKS = [
    *_stage(1, 3, 1, 1, 16),
    *_stage(2, 3, 2, 6, 24),
    *_stage(2, 5, 2, 6, 40),
    *_stage(3, 3, 2, 6, 80),
    *_stage(3, 5, 1, 6, 112),
    *_stage(2, 5, 2, 6, 192),
]
TAPPED = (10, 12)  # blocks whose features are used: of places 16 and 32 pixels apart


@cache
def weights() -> Mapping[str, NDArray[np.float32]]:
    """Kernels and biases by the names of their layers, as Keras wants them."""
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        return MappingProxyType({name: stored[name] for name in stored.files})


def features(view: keras.KerasTensor) -> list[keras.KerasTensor]:
    """The features of places, (n, rows, columns, channels) of each block that is tapped.

    ``view``: grey levels 0..1, (n, rows, columns, 1).
    """
    centred = layers.Rescaling(255.0 / SPREAD, offset=-CENTRE / SPREAD, name="centred")(view)
    grey = weights()["stem/kernel"].sum(axis=2, keepdims=True)  # red, green and blue are alike
    seen = _rectified(_convolution("stem", centred, STEM, 3, stride=2, kernel=grey), "stem")
    tapped = []
    for number, block in enumerate(BLOCKS):
        seen = _block(f"block_{number:02}", seen, block)
        if number in TAPPED:
            tapped.append(seen)
    return tapped


def _block(name: str, seen: keras.KerasTensor, block: Block) -> keras.KerasTensor:
    channels = seen.shape[-1]
    wide = seen
    if block.widened > 1:
        wide = _rectified(_convolution(f"{name}_widen", seen, block.widened * channels), f"{name}_widen")
    filtered = _by_channel(f"{name}_filter", wide, block)
    narrow = _convolution(f"{name}_narrow", _rectified(filtered, f"{name}_filter"), block.channels)
    if block.stride > 1 or channels != block.channels:
        return narrow
    return layers.Add(name=f"{name}_add")([seen, narrow])


def _rectified(seen: keras.KerasTensor, name: str) -> keras.KerasTensor:
    return layers.ReLU(max_value=HIGHEST, name=f"{name}_rectified")(seen)


def _convolution(
    name: str,
    seen: keras.KerasTensor,
    channels: int,
    size: int = 1,
    *,
    stride: int = 1,
    kernel: NDArray[np.float32] | None = None,
) -> keras.KerasTensor:
    """A convolution with the weights of this name, or with the kernel given; it is never trained."""
    layer = layers.Conv2D(channels, size, strides=stride, padding="same", trainable=False, name=name)
    made = layer(seen)
    layer.set_weights([weights()[f"{name}/kernel"] if kernel is None else kernel, weights()[f"{name}/bias"]])
    return made


def _by_channel(name: str, seen: keras.KerasTensor, block: Block) -> keras.KerasTensor:
    layer = layers.DepthwiseConv2D(block.kernel, strides=block.stride, padding="same", trainable=False, name=name)
    made = layer(seen)
    layer.set_weights([weights()[f"{name}/kernel"], weights()[f"{name}/bias"]])
    return made
