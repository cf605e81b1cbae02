"""Tiny drawn copies of public sets and of folders as stations write them: paths, pictures, tables, masks."""

import json
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from tests.core.data.encoded import encoded

Files = dict[str, bytes]
SIDE = 40  # pixels of a drawn photo


@cache
def casting(seed: int, kind: str = "JPEG") -> bytes:
    """A small photo of a disc in noise; another seed gives another one."""
    rng = np.random.default_rng(seed)
    levels = rng.integers(60, 120, (SIDE, SIDE)).astype(np.uint8)
    image = Image.fromarray(levels)
    ImageDraw.Draw(image).ellipse((6, 6, 33, 33), fill=150 + seed % 40)
    return encoded(Image.fromarray(np.asarray(image) // 2 + levels // 2), kind)


@cache
def mask(*, empty: bool = False, kind: str = "PNG", side: int = SIDE) -> bytes:
    """A black picture with a white place of a defect, or without one."""
    image = Image.new("L", (side, side))
    if not empty:
        ImageDraw.Draw(image).rectangle((10, 12, 15, 16), fill=255)
    return encoded(image, kind)


def numbered(pattern: str, number: int, seed: int, kind: str = "JPEG") -> Files:
    """Photos under a name with a number in it."""
    return {pattern.format(at): casting(seed + at, kind) for at in range(number)}


def casting_archive() -> Files:
    files: Files = {}
    for at, split in enumerate(("train", "test")):
        files |= numbered(f"casting_data/casting_data/{split}/ok_front/cast_ok_0_{{}}.jpeg", 3, 10 * at)
        files |= numbered(f"casting_data/casting_data/{split}/def_front/cast_def_0_{{}}.jpeg", 3, 50 + 10 * at)
    files |= numbered("casting_512x512/casting_512x512/ok_front/cast_ok_0_{}.jpeg", 4, 100)
    return files | numbered("casting_512x512/casting_512x512/def_front/cast_def_0_{}.jpeg", 4, 150)


def mvtec(part: str = "metal_nut", seed: int = 0) -> Files:
    files = numbered(f"{part}/train/good/{{:03}}.png", 4, seed, "PNG")
    files |= numbered(f"{part}/test/good/{{:03}}.png", 2, seed + 20, "PNG")
    for at, defect in enumerate(("scratch", "bent")):
        files |= numbered(f"{part}/test/{defect}/{{:03}}.png", 2, seed + 40 + 10 * at, "PNG")
        files |= {f"{part}/ground_truth/{defect}/{number:03}_mask.png": mask() for number in range(2)}
    return files | {f"{part}/license.txt": b"terms"}


def mvtec_without_masks() -> Files:
    return {path: content for path, content in mvtec().items() if "ground_truth" not in path}


def visa() -> Files:
    files: Files = {}
    split, anno = ["object,split,label,image,mask"], ["image,label,mask"]
    for at in range(4):
        image = f"candle/Data/Images/Normal/{at:04}.JPG"
        files[image] = casting(at)
        split.append(f"candle,{'train' if at < 3 else 'test'},normal,{image},")
        anno.append(f"{image},normal,")
    for at in range(3):
        image, where = f"candle/Data/Images/Anomaly/{at:03}.JPG", f"candle/Data/Masks/Anomaly/{at:03}.png"
        files |= {image: casting(30 + at), where: mask()}
        split.append(f"candle,test,anomaly,{image},{where}")
        kinds = '"chunk of wax missing,weird wick"' if at == 2 else "weird wick"
        anno.append(f"{image},{kinds},{where}")
    text = {"candle/image_anno.csv": anno, "split_csv/1cls.csv": split}
    return files | {path: "\n".join(lines).encode() for path, lines in text.items()}


def btad() -> Files:
    files: Files = {}
    for at, product in enumerate(("01", "02")):
        root, seed = f"BTech_Dataset_transformed/{product}", 100 * at
        files |= numbered(f"{root}/train/ok/{{:04}}.bmp", 3, seed, "BMP")
        files |= numbered(f"{root}/test/ok/{{:04}}.bmp", 2, seed + 20, "BMP")
        files |= numbered(f"{root}/test/ko/{{:04}}.bmp", 2, seed + 40, "BMP")
        files |= {f"{root}/ground_truth/ko/{number:04}.png": mask() for number in range(2)}
    return files


def kolektor() -> Files:
    files: Files = {}
    for at, split in enumerate(("train", "test")):
        for number in range(4):
            name = f"{split}/{20000 + 10 * at + number}"
            files |= {f"{name}.png": casting(50 * at + number, "PNG"), f"{name}_GT.png": mask(empty=number != 3)}
    return files


def tile() -> Files:
    files: Files = {}
    for at, kind in enumerate(("Blowhole", "Crack", "Free")):
        for number in range(2):
            name = f"MT_{kind}/Imgs/exp{number}_num_{at}{number}"
            files |= {f"{name}.jpg": casting(10 * at + number), f"{name}.png": mask(empty=kind == "Free")}
    return files | {"README.md": b"magnetic tile"}


STEEL = ("crazing", "inclusion", "patches", "pitted_surface", "rolled-in_scale", "scratches")


def steel_by_folder() -> Files:
    files: Files = {}
    for at, kind in enumerate(STEEL):
        for split, number in (("train", 1), ("validation", 2)):
            name = f"{kind}_{number}"
            files[f"NEU-DET/{split}/images/{kind}/{name}.jpg"] = casting(10 * at + number)
            marks = f"<object><name>{kind}</name></object>"
            text = f"<annotation><filename>{name}.jpg</filename>{marks}</annotation>"
            files[f"NEU-DET/{split}/annotations/{name}.xml"] = text.encode()
    return files


def steel_by_name() -> Files:
    files: Files = {}
    for at, kind in enumerate(("Cr", "In", "Pa", "Sc")):
        files |= numbered(f"NEU surface defect database/{kind}_{{}}.bmp", 2, 10 * at, "BMP")
    return files


def severstal() -> Files:
    files = numbered("train_images/{:08x}.jpg", 6, 0) | numbered("test_images/a{:08x}.jpg", 2, 50)
    rows = ["ImageId,ClassId,EncodedPixels", "00000001.jpg,3,29 3 60 4", "00000001.jpg,4,5 2", "00000004.jpg,1,1 2"]
    answers = ["ImageId,EncodedPixels,ClassId", "a00000000.jpg,1 409600,0"]
    tables = {"train.csv": rows, "sample_submission.csv": answers}
    return files | {path: "\n".join(lines).encode() for path, lines in tables.items()}


Counts = Mapping[tuple[str, str], int]  # photos by split and label
IN_TRAIN, IN_VALIDATION, IN_TEST, BAD_IN_TRAIN, BAD_IN_VALIDATION, BAD_IN_TEST = (
    (split, label) for label in ("ok", "defective") for split in ("train", "validation", "test")
)
SOME = {IN_TRAIN: 4, IN_TEST: 2, BAD_IN_TEST: 4}
STEEL_BY_NAME = {"crazing", "inclusion", "patches", "scratches"}
PUBLIC: dict[str, tuple[Callable[[], Files], Counts, set[str]]] = {
    "the casting archive": (casting_archive, dict.fromkeys((IN_TRAIN, BAD_IN_TRAIN, IN_TEST, BAD_IN_TEST), 3), set()),
    "MVTec AD": (mvtec, SOME, {"scratch", "bent"}),
    "MVTec AD without masks": (mvtec_without_masks, SOME, {"scratch", "bent"}),
    "VisA": (visa, {IN_TRAIN: 3, IN_TEST: 1, BAD_IN_TEST: 3}, {"weird wick", "chunk of wax missing"}),
    "BTAD": (btad, {IN_TRAIN: 6, IN_TEST: 4, BAD_IN_TEST: 4}, set()),
    "KolektorSDD2": (kolektor, {IN_TRAIN: 3, BAD_IN_TRAIN: 1, IN_TEST: 3, BAD_IN_TEST: 1}, set()),
    "Magnetic tile": (tile, {("unsplit", "ok"): 2, ("unsplit", "defective"): 4}, {"blowhole", "crack"}),
    "NEU by folder": (steel_by_folder, {BAD_IN_TRAIN: 6, BAD_IN_VALIDATION: 6}, set(STEEL)),
    "NEU by name": (steel_by_name, {("unsplit", "defective"): 8}, STEEL_BY_NAME),
    "Severstal": (severstal, {IN_TRAIN: 4, BAD_IN_TRAIN: 2}, {"class 1", "class 3", "class 4"}),
}


def flat_table(table: str = "labels.csv", head: str = "filename,label", row: str = "{},{}") -> Files:
    """Photos in one folder, and a table that says which are ok."""
    files = numbered("images/img_{}.jpg", 6, 0)
    lines = [head, *(row.format(f"img_{at}.jpg", "defective" if at % 2 else "ok") for at in range(6))]
    return files | {table: "\n".join(lines).encode()}


def coco() -> Files:
    images = [{"id": at, "file_name": f"img_{at}.jpg"} for at in range(4)]
    marks = [{"id": 1, "image_id": 2, "category_id": 7, "bbox": [1, 2, 3, 4]}]
    text = json.dumps({"images": images, "categories": [{"id": 7, "name": "porosity"}], "annotations": marks})
    return numbered("images/img_{}.jpg", 4, 0) | {"annotations/instances.json": text.encode()}
