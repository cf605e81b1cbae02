"""What annotation tools write: JSON of COCO, LabelMe, VIA, Label Studio and plain lists, Pascal VOC's XML, YOLO's text.

They list where defects are, so a photo that they know and in which they mark nothing is sound. Like every file from
outside they have a largest size, open nothing, and only ever name files that were listed already.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from casting_core.data.datasets.reading.tables import LARGEST, LONGEST, Row, Said, tame, text_of
from casting_core.data.datasets.reading.words import class_word, split_word
from casting_core.domain import Label

LARGEST_XML = 4 * 2**20  # bytes of one XML file
MOST = 1_000_000  # annotations in one file
NAMES = ("filename", "file_name", "file", "image", "img", "image_path", "imagePath", "path", "name", "external_id")
LABELS = ("label", "labels", "class", "classes", "class_name", "category", "tag", "tags", "choices", "classification")
_STUDIO = ("choices", "labels", "rectanglelabels", "polygonlabels", "brushlabels", "ellipselabels", "keypointlabels")
_YOLO = re.compile(r"\s*\d+(\s+-?\d+(\.\d+)?([eE]-?\d+)?){4,}\s*")
_CLASS_LIST = re.compile(r"^\s*(?:names\s*:)?\s*\[(.*)\]|^\s*(?:-|\d+\s*:)\s*(.+)$", re.MULTILINE)


def read_json(content: bytes) -> Said | None:
    """What a JSON file says of photos; ``None`` where it is none of the known forms."""
    if len(content) > LARGEST:
        return None
    try:
        found = _loaded(text_of(content))
    except (ValueError, RecursionError):
        return None
    try:
        rows = list(_rows(found))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError):
        return None  # a known form, but for something in it that no tool writes
    return Said(rows=tuple(rows)) if rows and len(rows) <= MOST else None


def written_down(rows: Sequence[Row]) -> str:
    """Kinds and groups of photos as JSON of our own, which ``read_json`` reads back."""
    photos = {row.file: {"kinds": list(row.kinds), "groups": list(row.groups)} for row in rows}
    return json.dumps({"kept with the photos": photos}, ensure_ascii=False)


def read_xml(content: bytes) -> Said | None:
    """What an XML file of Pascal VOC (a photo) or CVAT (many) says; ``None`` where it is neither.

    A file with a document type is not read: no annotation needs one, and bombs do.
    """
    if len(content) > LARGEST_XML or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return None
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    if root.tag == "annotation" and (name := root.findtext("filename")):
        return Said(rows=(marked(name, [one.findtext("name") or "" for one in root.iter("object")]),))
    if root.tag == "annotations":
        images = [(one.get("name") or "", [mark.get("label") or "" for mark in one]) for one in root.iter("image")]
        return Said(rows=tuple(marked(name, kinds) for name, kinds in images if name)) if images else None
    return None


def read_yolo(content: bytes, names: Sequence[str]) -> tuple[str, ...] | None:
    """The kinds of defect in a text file of YOLO, a line for each; ``None`` where it is none. Empty means sound."""
    if len(content) > LARGEST_XML:
        return None
    lines = [line for line in text_of(content).splitlines() if line.strip()]
    if not all(map(_YOLO.fullmatch, lines)):
        return None
    numbers = [int(line.split()[0]) for line in lines]
    return tuple(names[one] if one < len(names) else f"class {one}" for one in dict.fromkeys(numbers))


def class_list(content: bytes) -> tuple[str, ...]:
    """The names of the classes in YOLO's ``data.yaml`` or ``classes.txt``, in their order."""
    text = text_of(content[:LARGEST_XML])
    if "names" not in text:
        return tuple(line.strip()[:LONGEST] for line in text.splitlines() if line.strip())
    found = _CLASS_LIST.search(text[text.index("names") :])
    if found is None:
        return ()
    if found[1] is not None:
        return tuple(name.strip(" '\"")[:LONGEST] for name in found[1].split(","))
    listed = (one[2] for one in _CLASS_LIST.finditer(text[text.index("names") :]) if one[2])
    return tuple(name.strip(" '\"")[:LONGEST] for name in listed)


def marked(file: str, kinds: Sequence[str]) -> Row:
    """A photo and what is marked in it: nothing in a sound one; marks may be called like classes, or like defects."""
    kinds = [str(kind).strip()[:LONGEST] for kind in kinds if str(kind).strip()]
    meant = {class_word(kind) for kind in kinds}
    label = Label.OK if not kinds or meant == {Label.OK} else Label.DEFECTIVE
    named = tuple(dict.fromkeys(kind for kind in kinds if class_word(kind) is None))
    return Row(file=tame(file), label=label.word, kinds=named)


def _loaded(text: str) -> Any:
    """What a JSON file holds; of one with an object on each line, the list of them. ``ValueError`` where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def _rows(found: Any) -> Iterator[Row]:
    match found:
        case {"kept with the photos": dict(photos)}:
            for path, one in photos.items():
                yield Row(file=tame(path), kinds=tuple(map(str, one["kinds"])), groups=tuple(map(str, one["groups"])))
        case {"images": [*images], "categories": [*categories]}:
            yield from _coco(images, categories, found.get("annotations", []))
        case {"imagePath": str(name), "shapes": [*shapes]}:
            flags = [flag for flag, raised in (found.get("flags") or {}).items() if raised]
            yield marked(name, [*flags, *(shape["label"] for shape in shapes)])
        case {"_via_img_metadata": dict(images)}:
            yield from _via(images)
        case dict() if found and all(isinstance(one, dict) and "filename" in one for one in found.values()):
            yield from _via(found)
        case dict() if found and all(isinstance(one, str) for one in found.values()):
            yield from (Row(file=tame(name), label=label[:LONGEST]) for name, label in found.items())
        case dict() if found and _are_names([*found]) and all(isinstance(one, int) for one in found.values()):
            yield from (Row(file=tame(name), label=str(label)) for name, label in found.items())
        case dict() if found and all(_are_names(one) for one in found.values()):  # the photos of each class
            yield from (Row(file=tame(name), label=label[:LONGEST]) for label, names in found.items() for name in names)
        case {"data": [*listed]} | {"items": [*listed]} | {"images": [*listed]} | {"samples": [*listed]}:
            yield from _rows(listed)
        case list():
            for one in found:
                yield from _record(one)


def _are_names(one: Any) -> bool:
    return isinstance(one, list) and bool(one) and all(isinstance(name, str) and "." in name for name in one)


def _coco(images: Sequence[Any], categories: Sequence[Any], annotations: Sequence[Any]) -> Iterator[Row]:
    names = {one["id"]: str(one["name"]) for one in categories}
    marks: dict[Any, list[str]] = defaultdict(list)
    for one in annotations:
        marks[one["image_id"]].append(names.get(one["category_id"], f"class {one['category_id']}"))
    for image in images:
        yield marked(str(image["file_name"]), marks[image["id"]])


def _via(images: Mapping[str, Any]) -> Iterator[Row]:
    for one in images.values():
        regions = one.get("regions") or []
        regions = list(regions.values()) if isinstance(regions, dict) else regions
        words = [_word(region.get("region_attributes") or {}) or "marked" for region in regions]
        if whole := _word(one.get("file_attributes") or {}):
            words = [whole, *words]
        row = marked(str(one["filename"]), words)
        yield Row(file=row.file, label=row.label, kinds=tuple(kind for kind in row.kinds if kind != "marked"))


def _word(attributes: Mapping[str, Any]) -> str:
    texts = [value for value in attributes.values() if isinstance(value, str) and value.strip()]
    return texts[0] if texts else ""


def _record(one: Any) -> Iterator[Row]:
    """A photo of a plain list, or of Label Studio, which has its name and its labels deeper down."""
    if not isinstance(one, dict):
        return
    if isinstance(one.get("data"), dict) and isinstance(one.get("annotations"), list):
        values = [result["value"] for made in one["annotations"] for result in made.get("result", [])]
        words = [str(word) for value in values for key, part in value.items() if key in _STUDIO for word in part]
        upload = next(str(one["data"][key]) for key in ("image", "img", *one["data"]) if key in one["data"])
        if values or one["annotations"]:
            yield marked(_uploaded(upload), words)
        return
    name = next((str(one[key]) for key in NAMES if isinstance(one.get(key), str)), "")
    label: Any = next((one[key] for key in LABELS if isinstance(one.get(key), str | int | list)), None)
    if not name or label is None:
        return
    split = split_word(str(one.get("split", ""))) if one.get("split") else None
    if isinstance(label, list):
        row = marked(name, [str(word) for word in label])
        yield Row(file=row.file, label=row.label, kinds=row.kinds, split=split)
    else:
        yield Row(file=tame(name), label=str(label)[:LONGEST], split=split)


def _uploaded(name: str) -> str:
    """The name of a photo as it was before Label Studio put eight letters in front of it."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit("?d=", 1)[-1]
    return re.sub(r"^[0-9a-f]{8}-", "", last)
