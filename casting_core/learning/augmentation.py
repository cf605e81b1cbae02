"""Turned, mirrored, slanted, brighter or darker copies, made afresh for every batch; the label stays."""

import math

import tensorflow as tf

TURN = math.pi  # radians either way: parts lie as they fall
SLANT = 0.08  # shear, share of the width
ZOOM = 0.05  # larger or smaller, share
BRIGHTNESS = 0.12  # of full scale, either way
CONTRAST = 0.2  # share, either way


def augment(grey: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Augmented copies of photos, shape (n, h, w, 1), grey levels 0..1.

    The same ``seed`` (two integers) gives the same copies.
    """
    warp, light = tf.unstack(tf.random.experimental.stateless_split(seed, 2))
    moved = tf.raw_ops.ImageProjectiveTransformV3(
        images=grey,
        transforms=_transforms(tf.shape(grey), warp),
        output_shape=tf.shape(grey)[1:3],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="REFLECT",
    )
    moved.set_shape(grey.shape)  # the warp forgets it, and networks ask
    gain, offset = tf.unstack(tf.random.stateless_uniform((2, tf.shape(grey)[0], 1, 1, 1), light, -1.0, 1.0))
    mean = tf.reduce_mean(moved, axis=(1, 2, 3), keepdims=True)
    return tf.clip_by_value((moved - mean) * (1.0 + CONTRAST * gain) + mean + BRIGHTNESS * offset, 0.0, 1.0)


def _transforms(shape: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """One affine map per photo about its middle, shape (n, 8), from a pixel of the copy to a pixel of the photo."""
    turn, slant, zoom, side = tf.unstack(tf.random.stateless_uniform((4, shape[0]), seed, -1.0, 1.0))
    angle, scale, mirror = TURN * turn, 1.0 + ZOOM * zoom, tf.sign(side)
    cosine, sine = tf.cos(angle) * scale, tf.sin(angle) * scale
    a, b = cosine * mirror, -sine + SLANT * slant * cosine
    d, e = sine * mirror, cosine + SLANT * slant * sine
    middle_y, middle_x = (tf.cast(side_length, tf.float32) / 2.0 - 0.5 for side_length in (shape[1], shape[2]))
    c = middle_x - a * middle_x - b * middle_y
    f = middle_y - d * middle_x - e * middle_y
    nothing = tf.zeros_like(a)
    return tf.stack([a, b, c, d, e, f, nothing, nothing], axis=1)
