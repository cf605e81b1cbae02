"""Tables with a row per photo: which of their columns are names, labels, splits and kinds, and what the rows say.

A table comes from outside: nothing in it is opened, run or shown unescaped. Its names only ever find files that were
listed already, and it has a largest size.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from casting_core.data.datasets.reading.listing import looks_like_photo
from casting_core.data.datasets.reading.words import class_word, fold, split_word, words_of
from casting_core.domain import Label, Split

LARGEST = 64 * 2**20  # bytes of one table
MOST_ROWS = 1_000_000
MOST_COLUMNS = 500
LONGEST = 120  # letters of a label or a kind
ENDINGS = (".csv", ".tsv", ".tab")

_FILE = """
file files filename filenames file_name filepath path image images img imageid image_id imagename image_path photo
picture name foto bild datei dateiname bildname pfad fichier nom archivo imagen immagine nome plik obraz dosya resim
файл имя 文件名 图片 图像 文件 ファイル ファイル名 画像 画像名 파일
"""
_LABEL = """
label labels class classes category target y status result verdict quality judgement judgment decision truth grade
klasse bewertung ergebnis urteil befund zustand classe etiquette etiqueta clase etichetta etykieta klasa etiket sonuc
sinif метка класс результат 标签 类别 判定 结果 ラベル クラス 결과 라벨
"""
_SPLIT = "split set subset partition phase usage"
_KIND = """
kind kinds type types defecttype defect_type defectkind fehlerart fehlerbild fehlertyp art classid class_id defectclass
"""
_CODE = ("encodedpixels", "rle", "rle_mask", "encoding")


def _names(text: str) -> frozenset[str]:
    return frozenset(_plain(word) for word in text.split())


def _plain(header: str) -> str:
    return "".join(words_of(header))


FILE, LABEL, SPLIT, KIND = map(_names, (_FILE, _LABEL, _SPLIT, _KIND))
CODE = frozenset(map(_plain, _CODE))


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a table or an annotation says of one photo; empty where it says nothing."""

    file: str  # as the table calls it: a name, or a path with forward slashes
    label: str = ""  # the name of a class
    kinds: tuple[str, ...] = ()  # of defects
    split: Split | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one table says. Where it lists defects only (``others_ok``), photos beside those it names are sound."""

    rows: tuple[Row, ...]
    others_ok: bool = False


def read_table(content: bytes, *, is_file: Callable[[str], bool]) -> Said | None:
    """What a table says, in a CSV with commas, semicolons, tabs or bars; ``None`` where it is no table of photos.

    ``is_file`` says whether a cell names one of the files beside the table.
    """
    if len(content) > LARGEST:
        return None
    rows = _cells(text_of(content))
    if not rows:
        return None
    if _plain(rows[0][0]) == "imageidclassid":  # the older form of the steel set: name and kind in one cell
        rows = [["ImageId", "ClassId", *rows[0][1:]], *([*row[0].rpartition("_")[::2], *row[1:]] for row in rows[1:])]
    width = max(len(row) for row in rows[:50])
    if not 2 <= width <= MOST_COLUMNS:
        return None
    sample = rows[:200]
    names = _name_column(sample, width, is_file)
    if names is None:
        return None
    headed = not is_file(_cell(rows[0], names)) and not looks_like_photo(_cell(rows[0], names))
    header = [_cell(rows[0], at) for at in range(width)] if headed else [""] * width
    body = rows[1:] if headed else rows
    return _Columns(header, body, names).said()


def text_of(content: bytes) -> str:
    """The text in these bytes: UTF-8, UTF-16 by its mark, or a code page of Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def tame(path: str) -> str:
    """A path as a table writes it, without drives, roots and steps upwards."""
    parts = path.strip().replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..") and not part.endswith(":"))


def _cells(text: str) -> list[list[str]]:
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",;\t| ", key=lambda sign: (first.count(sign) > 0 and sign != " ", first.count(sign)))
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True):
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) > MOST_ROWS:
                return []
    except csv.Error:  # a cell without end, a letter no table has
        return []
    return rows


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _name_column(rows: Sequence[Sequence[str]], width: int, is_file: Callable[[str], bool]) -> int | None:
    """The column that names files that are there, most of them; the first of several."""
    shares = [sum(is_file(_cell(row, at)) for row in rows) for at in range(width)]
    best = max(shares)
    return shares.index(best) if best and best * 2 >= len(rows) - 1 else None


class _Columns:
    """What the columns of a table mean, by their heads and by what is in them."""

    def __init__(self, header: Sequence[str], body: Sequence[Sequence[str]], names: int) -> None:
        self._header, self._body, self._names = header, body, names
        plain = [_plain(head) for head in header]
        others = [at for at in range(len(header)) if at != names]
        self._split = next((at for at in others if plain[at] in SPLIT and self._all(at, _is_split)), None)
        self._code = next((at for at in others if plain[at] in CODE), None)
        rest = [at for at in others if at not in (self._split, self._code)]
        self._flags = [at for at in rest if header[at] and self._all(at, _is_flag)]
        self._label = self._label_column(rest, plain)
        self._kinds = [at for at in rest if plain[at] in KIND and at != self._label]

    def said(self) -> Said | None:
        """The rows; ``None`` where no column says anything of a photo."""
        if self._code is not None and self._kinds:
            return Said(rows=tuple(self._defects()), others_ok=True)
        if self._label is None and not self._is_one_hot and self._split is None and not self._kinds:
            return None
        return Said(rows=tuple(self._row(row) for row in self._body if _cell(row, self._names)))

    def _label_column(self, rest: Sequence[int], plain: Sequence[str]) -> int | None:
        words = [at for at in rest if at not in self._flags]
        headed = [at for at in rest if plain[at] in LABEL and (at in words or not self._is_one_hot)]
        known = [at for at in words if self._any(at, lambda cell: class_word(cell) is not None)]
        both = [at for at in known if at in headed]
        if chosen := both or headed or known:
            return chosen[0]
        unheaded = [at for at in words if not self._header[at]]
        return unheaded[0] if len(unheaded) == 1 and len(rest) == 1 else None

    @property
    def _is_one_hot(self) -> bool:
        """Whether there is a column for each class: two of them, or one that is called like a class."""
        flags = self._flags
        return len(flags) > 1 or (len(flags) == 1 and class_word(self._header[flags[0]]) is not None)

    def _row(self, row: Sequence[str]) -> Row:
        label, kinds = "", tuple(_cell(row, at)[:LONGEST] for at in self._kinds if _cell(row, at))
        if self._label is not None:
            label = _cell(row, self._label)[:LONGEST]
        elif self._is_one_hot:
            label, kinds = self._by_flags(row)
        if label and class_word(label) is None and "," in label:  # several kinds of defect in one cell
            kinds, label = tuple(kind.strip() for kind in label.split(",")), Label.DEFECTIVE.word
        split = split_word(_cell(row, self._split)) if self._split is not None else None
        return Row(file=tame(_cell(row, self._names)), label=label, kinds=kinds, split=split)

    def _by_flags(self, row: Sequence[str]) -> tuple[str, tuple[str, ...]]:
        """The class of a row, and its kinds of defect, where each column is a class."""
        raised = [self._header[at].strip()[:LONGEST] for at in self._flags if _is_raised(_cell(row, at))]
        if len(self._flags) == 1:
            meant = class_word(self._header[self._flags[0]])
            assert meant is not None
            cell = _cell(row, self._flags[0])
            return (Label(meant if raised else 1 - meant).word if cell else "", ())
        bad = [name for name in raised if class_word(name) is Label.DEFECTIVE]
        if bad:
            return bad[0], tuple(name for name in raised if class_word(name) is None)
        return (raised[0] if raised else ""), ()

    def _defects(self) -> Iterator[Row]:
        """The rows of a table of defects, each with the pixels that it has; without pixels there is none."""
        for row in self._body:
            file = _cell(row, self._names)
            kinds = tuple(_cell(row, at)[:LONGEST] for at in self._kinds if _cell(row, at))
            found = bool(_cell(row, self._code or 0))
            if file:
                label = Label.DEFECTIVE if found else Label.OK
                yield Row(file=tame(file), label=label.word, kinds=_numbered(kinds) if found else ())

    def _all(self, at: int, holds: Callable[[str], bool]) -> bool:
        cells = [cell for row in self._body[:200] if (cell := _cell(row, at))]
        return bool(cells) and all(map(holds, cells))

    def _any(self, at: int, holds: Callable[[str], bool]) -> bool:
        return any(holds(_cell(row, at)) for row in self._body[:200])


def _numbered(kinds: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"class {kind}" if kind.isdigit() else kind for kind in kinds)


def _is_split(cell: str) -> bool:
    return split_word(cell) is not None


def _is_flag(cell: str) -> bool:
    return fold(cell) in ("0", "1", "0.0", "1.0", "true", "false", "x", "yes", "no")


def _is_raised(cell: str) -> bool:
    return fold(cell) in ("1", "1.0", "true", "x", "yes")
