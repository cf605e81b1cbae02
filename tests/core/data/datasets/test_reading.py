"""What names, tables, annotations and masks say of photos: in the words people use, and with nothing guessed or run."""

import json
from collections.abc import Callable

import pytest

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.layout.grammar import read_layout
from casting_core.data.datasets.layout.values import Layout
from casting_core.data.datasets.reading.annotations import read_json, read_xml
from casting_core.data.datasets.reading.words import DEFECTIVE, OK, SPLITS, class_word, split_word
from casting_core.domain import Label, Split
from casting_core.errors import DatasetError
from casting_core.workflows.datasets.opening import names_of, rule_of
from tests.core.data.importing import layouts
from tests.core.data.importing.layouts import Files

SOUND = (
    "i.O.|I. O.|IO|gut|Gut-Teile|ok|OK-1|ok_front|0_ok|OK (2)|ok_cam1|No. 3 OK|良品|合格|ＯＫ|양품|sağlam|SAĞLAM|İyi|"
    "表面良品|裏面_良品|正面合格|良品画像|"
    "buono|bon|bueno|dobry|годен|good|Normal|no defect|defect-free|ohne Fehler|sans défaut|nicht fehlerhaft|MT_Free|"
    "v pořádku|bezvadný|prawidłowy|исправный|хорошо|придатний|apto|aceptable|hibátlan|felfri|tốt|ดี|ठीक|תקין|NoDefect|"
    "OK品|无瑕疵|異常なし|결함없음|free of defects|geen gebrek|bez wad|без дефекта|Kopie von OK|OK - Copy|판정OK"
)
UNSOUND = (
    "n.i.O.|N. i. O.|NIO|nicht i.O.|schlecht|Ausschuss|Ausschuß|ng|NG_2024-05-01|nok|not ok|non-OK|not_ok_front|"
    "1_defective|不良|不良品|不合格|ＮＧ|불량|hatalı|HATALI|Hatalı|difettoso|scarto|mauvais|défaut|DEFAUT|malo|wadliwy|"
    "表面不良|裏面不良|不合格产品|"
    "defectuoso|Złe|брак|bad|Non conforme|ko|pas bon|no good|unok|De\u0301faut|"
    "chybný|nevyhovující|nieprawidłowy|неисправный|не годен|плохо|no apto|inaceptable|nem megfelelő|avvist|không đạt|"
    "เสีย|खराब|פגום|NotOK|NG品|NG(不良)|NG1|有缺陷|欠陥あり|报废品|with defects|mit Fehler|con difetti|hors service"
)
NEITHER = (
    "|ok2|okay-ish|blowholes|ok_nok|good_bad|gut und schlecht|0 defects|2024-05-01|line1|4711|front|images|maybe ok|"
    "pos|neg|无|なし|品|正常なし|copy|free crack|los buenos malos|ng ok|"
    "良不良"
)


@pytest.mark.parametrize(
    ("names", "label"), [(SOUND, Label.OK), (UNSOUND, Label.DEFECTIVE), (NEITHER, None)], ids=["ok", "defective", "?"]
)
def test_classes_are_known_in_the_languages_and_spellings_people_use(names: str, label: Label | None) -> None:
    assert {name: class_word(name) for name in names.split("|")} == dict.fromkeys(names.split("|"), label)


def test_no_word_means_two_things() -> None:
    assert not OK & DEFECTIVE
    assert not (OK | DEFECTIVE) & set(SPLITS)


@pytest.mark.parametrize(
    ("names", "split"),
    [
        (
            "Train training_set TRAINING train_images train2017 trainset eğitim 训练集 обучение 1.Training 01_train "
            "Trainingsdaten Lerndaten 学習データ 학습용 обучающая",
            Split.TRAIN,
        ),
        ("val Valid validation_set dev dev-set val2017 验证集 Validación Validierungsdaten 検証用", Split.VALIDATION),
        (
            "test test_set Testing testdata holdout hold-out eval 测试 テスト テスト用 評価用 평가 Testdaten Prüfung",
            Split.TEST,
        ),
        ("data casting test_1 line2 ok set images protest", None),
    ],
)
def test_splits_are_known_in_many_spellings(names: str, split: Split | None) -> None:
    assert {name: split_word(name) for name in names.split()} == dict.fromkeys(names.split(), split)


def test_names_that_only_look_alike_are_never_one_class() -> None:
    layout = read_layout(["gepruft/a.png", "geprüft/b.png", "ge.pruft/c.png", "OK/d.png"])
    assert {place.folder for place in layout.photos} == {"gepruft", "geprüft", "ge.pruft", "OK"}
    rule = ClassRule().assign("geprüft", Label.OK)
    assert (rule.label("gepruft"), rule.label("ge.pruft")) == (None, None)


def test_a_rule_of_before_reads_names_as_it_did_and_a_new_one_keeps_what_a_person_said() -> None:
    before = rule_of({"ok": ["ok", "io"], "defective": ["def"], "neither": ["odd"]})
    assert [before.label(name) for name in ("OK", "i.O.", "gut", "Def", "Ausschuss")] == [
        Label.OK, None, None, Label.DEFECTIVE, None,
    ]  # fmt: skip
    assert rule_of(names_of(before)) == before
    old = read_layout(["2024/training_set/ok/a.png", "2024/training_set/gut/b.png"], rule=before)
    assert {place.split for place in old.photos} == {Split.UNSPLIT}
    rule = ClassRule().assign("i.O.", None).assign("Lunker", Label.DEFECTIVE)
    again = rule_of(names_of(rule))
    assert again == rule
    assert (again.label("i.O."), again.label("n.i.O."), again.label("lunker")) == (
        None,
        Label.DEFECTIVE,
        Label.DEFECTIVE,
    )


def placed(*paths: str, chosen: str = "") -> dict[str, tuple[str, str, str]]:
    layout = read_layout(paths, chosen=chosen)
    return {place.path: (place.split.value, place.folder, "/".join(place.groups)) for place in layout.photos}


def test_classes_and_splits_are_found_at_any_depth_and_in_any_order() -> None:
    assert placed("a/ok/train/x.png", "a/ng/test/y.png", "a/ok/z.png") == {
        "ok/train/x.png": ("train", "ok", ""),
        "ng/test/y.png": ("test", "ng", ""),
        "ok/z.png": ("unsplit", "ok", ""),
    }
    assert placed(
        "4711/line1/OK/x.png", "4711/line2/unclear/y.png", "4711/line2/OK/z.png", "4712/u.png", "4712/NG/v.png"
    ) == {
        "4711/line1/OK/x.png": ("unsplit", "OK", "4711/line1"),
        "4711/line2/unclear/y.png": ("unsplit", "unclear", "4711/line2"),
        "4711/line2/OK/z.png": ("unsplit", "OK", "4711/line2"),
        "4712/u.png": ("unsplit", "", "4712"),
        "4712/NG/v.png": ("unsplit", "NG", "4712"),
    }
    assert placed("2024-05-01/lunker/x.png", "2024-05-02/lunker/y.png", "2024-05-02/sand/z.png")[
        "2024-05-01/lunker/x.png"
    ] == ("unsplit", "lunker", "2024-05-01")
    assert placed("./good/x.png", "./bad/old/y.png")["bad/old/y.png"] == ("unsplit", "bad", "old")


def test_lines_and_products_side_by_side_are_groups_and_no_sets() -> None:
    for tops in (("line1", "line2"), ("2024-05-01", "2024-05-02"), ("bottle", "cable")):
        inside = [f"{split}/{name}/a.png" for split in ("train", "test") for name in ("ok", "ng")]
        layout = read_layout([f"{top}/{path}" for top in tops for path in inside])
        assert (layout.sets, len(layout.photos)) == ({}, 8)
        assert {place.groups for place in layout.photos} == {(top,) for top in tops}
    with pytest.raises(DatasetError, match=r"there is no set 'gone' \(known: 'a', 'b'\)"):
        read_layout(["a/ok/x.png", "b/ok/y.png"], chosen="gone")
    assert placed("a/ok/x.png", "b/ok/y.png", chosen="b") == {"ok/y.png": ("unsplit", "ok", "")}


@pytest.mark.parametrize(
    "names", [("original", "augmented"), ("parts_300x300", "parts_512x512"), ("castings/castings", "more/more")]
)
def test_versions_of_one_set_side_by_side_are_a_choice(names: tuple[str, str]) -> None:
    paths = [f"{name}/{folder}/{at}.png" for name in names for folder in ("ok", "def") for at in range(2)]
    layout = read_layout([*paths, "ReadMe.txt"])
    assert (len(layout.sets), len(layout.photos)) == (2, 4)
    assert {place.folder for place in layout.photos} == {"ok", "def"}


def test_every_file_that_is_left_out_is_counted_with_the_reason() -> None:
    traces = (
        "._a.png @eaDir/a.png/SYNOPHOTO_THUMB_M.jpg Thumbs.db .picasa.ini ehthumbs.db .thumbnails/y.jpg .AppleDouble/a "
        "thumbs/a.png Thumbnails/b/c.jpg AlbumArt/a.jpg"
    )
    paths = [
        "set/ok/a.png",
        "set/def/b.png",
        *(f"set/ok/{trace}" for trace in traces.split()),
        "loose.png",
        "notes.txt",
    ]
    paths += ["__MACOSX/set/ok/._a.png", "$RECYCLE.BIN/c.png", "System Volume Information/x.png", "lost+found/z.png"]
    layout = read_layout(paths)
    assert [place.path for place in layout.files] == ["ok/a.png", "def/b.png"]
    assert len(layout.files) + sum(layout.aside.values()) == len(paths)
    assert [note for note in layout.notes if note.startswith("14 files are hidden, or left behind")]
    assert [note for note in layout.notes if note.startswith("2 files lie beside the folder 'set'")]


def read(files: Files) -> Layout:
    paths = list(files)
    return read_layout(paths, look=lambda number: files[paths[number]])


def labels(files: Files) -> dict[str, str]:
    return {place.path: place.folder for place in read(files).photos}


ODD = {f"images/img_{at}.jpg": "defective" if at % 2 else "ok" for at in range(6)}
TABLES: dict[str, tuple[str, str, str]] = {
    "with commas": ("labels.csv", "filename,label", "{},{}"),
    "with semicolons and a mark": ("labels.csv", "\ufeffDateiname;Befund", "{};{}"),
    "with tabs": ("tables/gt.tsv", "id\tbild\tKlasse", "7\t{}\t{}"),
    "without a head": ("labels.csv", "img_0.jpg,ok", "{},{}"),
    "with paths": ("labels.csv", "path,verdict,note", r"C:\set\images\{},{},=cmd()"),
    "in a text file with blanks": ("labels.txt", "img_0.jpg ok", "{} {}"),
    "in another language": ("labels.csv", "文件,标注", "{},{}"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_which_photos_are_ok(name: str) -> None:
    files = layouts.flat_table(*TABLES[name])
    assert labels(files) == ODD
    assert labels({f"wrapped/twice/{path}": content for path, content in files.items()}) == ODD


@pytest.mark.parametrize(
    ("head", "cells", "found"),
    [
        ("filename, crack , ok", ("0,1", "1,0", "0,0"), ["ok", "crack", ""]),
        ("image,defective", ("0", "1", ""), ["ok", "defective", ""]),
        ("image,is_ok", ("1", "0", ""), ["ok", "defective", ""]),
    ],
)
def test_a_column_for_each_class_or_one_of_noughts_and_ones_is_read(
    head: str, cells: tuple[str, ...], found: list[str]
) -> None:
    table = "\n".join([head, *(f"img_{at}.jpg,{cell}" for at, cell in enumerate(cells))])
    files = layouts.numbered("images/img_{}.jpg", 3, 0) | {"images/_classes.csv": table.encode()}
    assert list(labels(files).values()) == found


def test_each_split_has_a_table_of_its_own_and_a_split_may_be_a_column() -> None:
    files: Files = {}
    for at, split in enumerate(("train", "valid")):
        files |= layouts.numbered(f"{split}/a{{}}.jpg", 2, 10 * at)
        files[f"{split}/_classes.csv"] = f"filename,ng,ok\na0.jpg,{at},{1 - at}\na1.jpg,0,1".encode()
    found = {place.path: (place.split.value, place.folder) for place in read(files).photos}
    assert found == {
        "train/a0.jpg": ("train", "ok"), "train/a1.jpg": ("train", "ok"),
        "valid/a0.jpg": ("validation", "ng"), "valid/a1.jpg": ("validation", "ok"),
    }  # fmt: skip
    files = layouts.numbered("ok/{}.jpg", 1, 0) | layouts.numbered("ng/x{}.jpg", 1, 5)
    files["split.csv"] = b"image,split,kind\nok/0.jpg,train,\nng/x0.jpg,test,cold shut"
    (sound, bad) = sorted(read(files).photos, key=lambda place: place.folder, reverse=True)
    assert (sound.split, bad.split, bad.kind(ClassRule())) == (Split.TRAIN, Split.TEST, "cold shut")


def test_a_folder_of_a_known_word_counts_more_than_a_table_and_rows_without_photo_are_counted() -> None:
    files = layouts.numbered("ok/{}.jpg", 2, 0) | {"labels.csv": b"file,label\n0.jpg,bad\n1.jpg,ok\n9.jpg,ok"}
    layout = read(files)
    assert {place.folder for place in layout.photos} == {"ok"}
    assert [note for note in layout.notes if note.startswith("1 row of these names no photo")]


def beside(name: str, content: object, *, place: str = "") -> Files:
    """Two photos, 0.jpg and 1.jpg, and a file beside them."""
    return layouts.numbered(place + "{}.jpg", 2, 0) | {name: json.dumps(content).encode()}


def one_by_one(name: str, make: Callable[[int], str], *, place: str = "") -> Files:
    """The same with a file for each photo, which has a mark in the second of them."""
    return layouts.numbered(place + "{}.jpg", 2, 0) | {name.format(at): make(at).encode() for at in range(2)}


def label_me(at: int) -> str:
    return json.dumps({"imagePath": f"{at}.jpg", "shapes": [{"label": "pore"}] * at, "flags": {}})


def voc(at: int) -> str:
    return f"<annotation><filename>{at}.jpg</filename>{'<object><name>pore</name></object>' * at}</annotation>"


def via(at: int) -> object:
    return {"filename": f"{at}.jpg", "regions": [{"region_attributes": {"type": "pore"}}] * at}


def studio(at: int) -> object:
    result = [{"value": {"choices": [("ok", "defective")[at]]}}]
    return {"data": {"image": f"/data/upload/1/0a1b2c3d-{at}.jpg"}, "annotations": [{"result": result}]}


def yolo() -> Files:
    lines = one_by_one("labels/train/{}.txt", lambda at: "0 0.5 0.5 0.1 0.2\n" * at, place="images/train/")
    return lines | {"data.yaml": b"nc: 1\nnames: ['pore']\n"}


RECORDS = [{"file_name": "0.jpg", "label": "ok"}, {"file_name": "1.jpg", "label": "defective"}]
ANNOTATIONS: dict[str, Callable[[], Files]] = {
    "COCO": layouts.coco,
    "plain names": lambda: beside("x.json", {"0.jpg": "ok", "1.jpg": "defective"}),
    "records": lambda: beside("x.json", RECORDS),
    "LabelMe": lambda: one_by_one("{}.json", label_me),
    "VIA": lambda: beside("via.json", {f"{at}.jpg123": via(at) for at in range(2)}),
    "Label Studio": lambda: beside("studio.json", [studio(at) for at in range(2)]),
    "Pascal VOC": lambda: one_by_one("annotations/{}.xml", voc, place="images/"),
    "YOLO": yolo,
}


@pytest.mark.parametrize("tool", ANNOTATIONS)
def test_what_annotation_tools_write_is_read(tool: str) -> None:
    found = read(ANNOTATIONS[tool]())
    by_class = sorted((place.folder, place.kind(ClassRule())) for place in found.photos)
    sound, bad = by_class[-1], by_class[0]
    assert (sound, bad[0]) == (("ok", ""), "defective")
    assert bad[1] in ("pore", "porosity", "")
    assert not found.others


def test_photos_of_no_class_are_told_apart_by_whether_their_masks_are_empty() -> None:
    files = layouts.kolektor() | {"train/loose.png": layouts.casting(90, "PNG")}
    layout = read({f"kos/{path}": content for path, content in files.items()})
    found = {place.path: place.folder for place in layout.photos}
    assert (found["train/20000.png"], found["train/20003.png"], found["train/loose.png"]) == ("ok", "defective", "")
    both = {"ok/a.jpg": layouts.mask(), "ok/a.png": layouts.mask(), "ng/b.jpg": layouts.casting(1)}
    assert len(read(both).photos) == 3, "two pictures of one name that are both black and white: none is the mask"


def test_what_somebody_could_not_decide_is_no_kind_of_defect() -> None:
    for unknown, meant in (("cold shut", Label.DEFECTIVE), ("unclear", None), ("to review", None)):
        layout = read_layout(["train/good/a.png", "test/good/b.png", f"test/{unknown}/c.png"])
        assert layout.photos[-1].label(ClassRule()) is meant
    layout = read_layout(["train/good/a.png", "train/bad/b.png", "test/good/b.png", "test/cold shut/c.png"])
    assert layout.photos[-1].label(ClassRule()) is None, "where there is a word for defective, others are asked for"


def test_notes_beside_photos_are_no_annotations() -> None:
    files = layouts.numbered("images/{}.jpg", 2, 0) | {"images/0.txt": b"", "images/1.txt": b"looks fine"}
    assert {place.folder for place in read(files).photos} == {""}


HARMFUL = [
    b"",
    b"\0" * 100,
    b'"' + b"x" * 200_000,
    b"a,b\n" * 3,
    b"filename,label\n../../etc/passwd,ok\n/dev/zero,ok",
    b"[" * 100_000,
    b'{"images": [1], "categories": [2]}',
    b'<!DOCTYPE x [<!ENTITY a "b">]><annotation/>',
    b"\xff\xfe\x00",
]


@pytest.mark.parametrize("content", HARMFUL, ids=range(len(HARMFUL)))
def test_a_table_that_means_harm_or_nothing_says_nothing(content: bytes) -> None:
    for name in ("labels.csv", "labels.json", "labels.xml", "labels.txt"):
        files = layouts.numbered("images/{}.jpg", 2, 0) | {name: content}
        assert set(labels(files).values()) == {""}
    assert read_json(content) is None
    assert read_xml(content) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.jsonl", '{"image": "0.jpg", "label": "ok"}\n{"image": "1.jpg", "label": "ng"}\n'),
        ("classes.json", '{"ok": ["0.jpg"], "ng": ["1.jpg"]}'),
        ("labels.json", '{"data": [{"file": "0.jpg", "label": "ok"}, {"file": "1.jpg", "label": "ng"}]}'),
    ],
)
def test_plain_lists_in_json_are_read_however_they_are_laid_out(name: str, content: str) -> None:
    files = layouts.numbered("images/{}.jpg", 2, 0) | {name: content.encode()}
    assert sorted(labels(files).values()) == ["ng", "ok"]


def test_numbers_in_json_are_classes_that_a_person_is_asked_about() -> None:
    files = layouts.numbered("images/{}.jpg", 2, 0)
    assert set(labels(files | {"labels.json": b'{"0.jpg": 0, "1.jpg": 1}'}).values()) == {"0", "1"}
    assert set(labels(files | {"settings.json": b'{"0": 4, "epochs": 1}'}).values()) == {""}


def test_names_that_a_table_shouts_stay_names() -> None:
    table = "filename,label\n0.jpg,=HYPERLINK(1)\n1.jpg,<img src=x>\n"
    found = labels(layouts.numbered("{}.jpg", 2, 0) | {"t.csv": table.encode()})
    assert set(found.values()) == {"=HYPERLINK(1)", "<img src=x>"}
