"""The drawn castings: repeatable, true to their masks, and alike in everything but the defect."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from casting_core.data.drawing.canvas import SIZE
from casting_core.data.drawing.defects import DEFECTS, add_defect, changed
from casting_core.data.drawing.parts import PARTS
from casting_core.data.drawing.synthetic import (
    DefectKind,
    DrawnCasting,
    Part,
    copy_casting,
    draw_casting,
    read_masks,
    write_sample,
)
from casting_core.domain import Label
from casting_core.errors import DatasetError

SEEDS = range(24)


@pytest.fixture(scope="module", params=Part)
def part(request: pytest.FixtureRequest) -> Part:
    return Part(request.param)


@pytest.fixture(scope="module")
def sound(part: Part) -> list[DrawnCasting]:
    return [draw_casting(seed, label=Label.OK, part=part) for seed in SEEDS]


@pytest.fixture(scope="module")
def defective(part: Part) -> list[DrawnCasting]:
    return [draw_casting(seed, label=Label.DEFECTIVE, part=part) for seed in SEEDS]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("drawn") / "sample"
    assert write_sample(out, castings=10, copies=3, seed=5) == 30
    return out


def auc(positive: list[float], negative: list[float]) -> float:
    pairs = np.subtract.outer(positive, negative)
    return float((pairs > 0).mean() + (pairs == 0).mean() / 2)


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def table(folder: Path) -> list[list[str]]:
    return [line.split(",") for line in (folder / "drawn_castings.csv").read_text(encoding="utf-8").splitlines()[1:]]


def splits_of_castings(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path, casting, _, _ in table(folder):
        found.setdefault(casting, set()).add(path.split("/")[0])
    return found


def test_a_casting_is_the_same_for_the_same_seed(part: Part, defective: list[DrawnCasting]) -> None:
    again = draw_casting(SEEDS[3], label=Label.DEFECTIVE, part=part)
    assert np.array_equal(again.pixels, defective[3].pixels)
    assert np.array_equal(again.mask, defective[3].mask)
    assert again.kinds == defective[3].kinds


def test_another_seed_gives_another_casting(sound: list[DrawnCasting]) -> None:
    assert not np.array_equal(sound[0].pixels, sound[1].pixels)


def test_a_sound_casting_has_no_defect_and_an_empty_mask(sound: list[DrawnCasting]) -> None:
    for casting in sound:
        assert casting.pixels.shape == casting.mask.shape == (SIZE, SIZE)
        assert casting.kinds == ()
        assert not casting.mask.any()


def test_a_defective_casting_has_one_or_two_defects_and_a_mask(defective: list[DrawnCasting]) -> None:
    assert {len(casting.kinds) for casting in defective} <= {1, 2}
    assert all(len(set(casting.kinds)) == len(casting.kinds) for casting in defective)
    assert all(12 <= casting.mask.sum() < SIZE * SIZE / 20 for casting in defective)


def test_the_label_changes_the_photo_only_at_the_defect(
    sound: list[DrawnCasting], defective: list[DrawnCasting]
) -> None:
    for good, bad in zip(sound, defective, strict=True):
        away = ~ndimage.binary_dilation(bad.mask, iterations=3)
        assert np.abs(good.pixels.astype(int) - bad.pixels)[away].max() <= 12


def test_a_defect_stands_out_of_its_surroundings(sound: list[DrawnCasting], defective: list[DrawnCasting]) -> None:
    for good, bad in zip(sound, defective, strict=True):
        assert np.abs(good.pixels.astype(int) - bad.pixels)[bad.mask].max() > 25


@pytest.mark.parametrize("kind", DefectKind)
def test_every_kind_of_defect_can_be_seen(part: Part, kind: DefectKind) -> None:
    for seed in range(12):
        rng = np.random.default_rng(seed)
        scene = PARTS[part].draw(rng)
        assert changed(scene.picture, add_defect(kind, scene, scene.picture, rng)).sum() >= 10


def test_there_is_a_drawing_for_every_kind_of_defect_and_every_part() -> None:
    assert set(DEFECTS) == set(DefectKind)
    assert set(PARTS) == set(Part)


def test_the_impeller_is_drawn_as_the_starter_model_has_learned_it() -> None:
    """Mean grey levels of ninths of two photos; a change of the drawing means a new starter model."""
    first = draw_casting(3, label=Label.DEFECTIVE)
    ninths = [photo.pixels.reshape(3, 100, 3, 100).mean(axis=(1, 3)) for photo in (first, copy_casting(first, 7))]
    assert ninths[0].ravel() == pytest.approx([178.1, 153.0, 151.3, 181.8, 59.3, 138.6, 175.5, 143.3, 152.0], abs=0.3)
    assert ninths[1].ravel() == pytest.approx([155.8, 129.8, 140.9, 170.7, 58.6, 132.6, 172.0, 155.1, 151.3], abs=0.3)


def test_brackets_are_told_apart_by_their_skin_and_not_by_their_outline() -> None:
    """Laid over each other two brackets are alike where the drawing is, and differ in the fine detail between."""
    one, other = (draw_casting(seed, label=Label.OK, part=Part.BRACKET).pixels.astype(float) for seed in (1, 2))
    assert np.corrcoef(*(ndimage.gaussian_filter(photo, 6).ravel() for photo in (one, other)))[0, 1] > 0.6
    fine = [ndimage.gaussian_filter(p, 1) - ndimage.gaussian_filter(p, 3) for p in (one, other)]
    skin = np.s_[100:150, 58:78], np.s_[100:150, 58:78]
    assert abs(np.corrcoef(*(detail[at].ravel() for detail, at in zip(fine, skin, strict=True)))[0, 1]) < 0.4


def test_a_defect_of_a_bracket_lies_on_the_bracket_or_at_its_edge() -> None:
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        scene = PARTS[Part.BRACKET].draw(rng)
        beyond = (scene.outline.distance - 1) * scene.outline.size  # pixels
        for kind in DefectKind:
            mask = changed(scene.picture, add_defect(kind, scene, scene.picture, rng))
            assert beyond[mask].max() < 13


def test_light_does_not_tell_the_label(part: Part) -> None:
    light = {
        label: [float(draw_casting(1000 * label + seed, label=label, part=part).pixels.mean()) for seed in range(40)]
        for label in Label
    }
    assert 0.35 < auc(light[Label.DEFECTIVE], light[Label.OK]) < 0.65


def test_a_defect_hardly_moves_the_mean_brightness(sound: list[DrawnCasting], defective: list[DrawnCasting]) -> None:
    moved = [abs(good.pixels.mean() - bad.pixels.mean()) for good, bad in zip(sound, defective, strict=True)]
    spread = np.std([casting.pixels.mean() for casting in sound])
    assert max(moved) < spread / 5


def test_a_copy_is_the_same_for_the_same_seed_and_another_for_another(defective: list[DrawnCasting]) -> None:
    one, again, other = (copy_casting(defective[0], seed) for seed in (1, 1, 2))
    assert np.array_equal(one.pixels, again.pixels)
    assert not np.array_equal(one.pixels, other.pixels)


def test_a_copy_carries_its_mask_along(defective: list[DrawnCasting]) -> None:
    for seed, casting in enumerate(defective):
        copied = copy_casting(casting, seed)
        assert copied.label is casting.label
        assert copied.kinds == casting.kinds
        assert copied.mask.sum() == pytest.approx(casting.mask.sum(), rel=0.3, abs=8)


def test_the_mask_of_a_copy_lies_on_the_defect() -> None:
    """A black square on grey: where the copy is dark, and only there, its mask is true."""
    mask: NDArray[np.bool_] = np.zeros((SIZE, SIZE), dtype=np.bool_)
    mask[60:90, 180:220] = True
    pixels = np.where(mask, 0, 180).astype(np.uint8)
    casting = DrawnCasting(pixels=pixels, label=Label.DEFECTIVE, kinds=(DefectKind.BLOWHOLE,), mask=mask)
    for seed in range(6):
        copied = copy_casting(casting, seed)
        assert ((copied.pixels < 90) == copied.mask).mean() > 0.999


def test_the_corners_of_a_copy_are_background(sound: list[DrawnCasting]) -> None:
    for seed, casting in enumerate(sound):
        copied = copy_casting(casting, seed).pixels.astype(float)
        for corner in (copied[:9, :9], copied[:9, -9:], copied[-9:, :9], copied[-9:, -9:]):
            assert corner.mean() > 80


def test_a_sample_has_the_public_layout(sample: Path) -> None:
    photos = [path for path in files(sample) if path.endswith(".jpeg")]
    assert len(photos) == 30
    assert {path.rsplit("/", 1)[0] for path in photos} == {
        f"{split}/{kind}_front" for split in ("train", "test") for kind in ("def", "ok")
    }
    with Image.open(sample / photos[0]) as photo:
        assert (photo.size, photo.mode, photo.format) == ((SIZE, SIZE), "L", "JPEG")


def test_the_table_names_every_photo_with_its_label_and_kinds(sample: Path) -> None:
    rows = table(sample)
    assert sorted(row[0] for row in rows) == [path for path in files(sample) if path.endswith(".jpeg")]
    for path, _, label, kinds in rows:
        assert (label == "defective") == ("/cast_def_0_" in path) == bool(kinds)
        assert set(filter(None, kinds.split("+"))) <= set(DefectKind)


def test_masks_are_read_back_for_the_defective_photos(sample: Path) -> None:
    masks = read_masks(sample)
    assert set(masks) == {path for path in files(sample) if "/def_front/" in path}
    assert all(mask.shape == (SIZE, SIZE) and mask.any() for mask in masks.values())


def test_whole_castings_go_to_one_split_and_both_labels_to_both(sample: Path) -> None:
    assert all(len(splits) == 1 for splits in splits_of_castings(sample).values())
    assert {(row[0].split("/")[0], row[2]) for row in table(sample)} == {
        (split, label) for split in ("train", "test") for label in ("ok", "defective")
    }


def test_a_sample_of_another_part_is_a_sample_of_that_part(tmp_path: Path) -> None:
    write_sample(tmp_path / "brackets", part=Part.BRACKET, castings=4, copies=2, seed=5)
    assert len(table(tmp_path / "brackets")) == 8
    masks = read_masks(tmp_path / "brackets")
    assert masks
    with Image.open(tmp_path / "brackets" / min(masks)) as photo:
        levels = np.asarray(photo, dtype=float)
    assert levels[100:200, 100:200].std() > 20  # a bracket, and not an empty desk


def test_a_leaky_sample_shows_castings_in_both_splits(tmp_path: Path) -> None:
    write_sample(tmp_path / "leaky", castings=8, copies=4, leaky=True)
    assert any(len(splits) == 2 for splits in splits_of_castings(tmp_path / "leaky").values())


def test_a_sample_is_the_same_byte_for_byte(sample: Path, tmp_path: Path) -> None:
    write_sample(tmp_path / "again", castings=10, copies=3, seed=5)
    assert files(tmp_path / "again") == files(sample)


def test_progress_is_reported_for_every_photo(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    write_sample(tmp_path / "out", castings=2, copies=2, report=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    assert write_sample(tmp_path, castings=2, copies=1) == 2


def test_a_folder_with_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("keep me")
    with pytest.raises(DatasetError, match="not empty"):
        write_sample(tmp_path, castings=1)
    assert files(tmp_path) == {"precious.txt": b"keep me"}


def test_a_sample_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_sample(tmp_path / "out", castings=3, copies=1, report=stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [{"castings": 0}, {"copies": 0}, {"test_share": 1.5}, {"seed": -1}])
def test_impossible_wishes_are_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(DatasetError):
        write_sample(tmp_path / "out", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("content", [None, b"", b"no masks", b"PK\x03\x04 cut off"])
def test_missing_and_damaged_masks_are_said(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "drawn_masks.npz").write_bytes(content)
    with pytest.raises(DatasetError, match=r"drawn_masks\.npz"):
        read_masks(tmp_path)
