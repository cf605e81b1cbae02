"""A study that was done on paper or elsewhere, from a table with a row for each answer."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from casting_core.domain import Label
from casting_core.errors import AgreementError
from casting_core.judging.agreement.answers import NONE, Answers
from casting_core.wording import printable

NEEDED = ("part", "appraiser", "trial", "answer")
WORDS = {
    Label.OK: {"ok", "good", "pass", "io", "i.o.", "accept"},
    Label.DEFECTIVE: {"defective", "bad", "reject", "nok", "nio", "n.i.o.", "fail", "defect"},
}
LARGEST = 10 * 2**20  # bytes
MOST = 100_000  # rows


def read(path: Path) -> Answers:
    """The answers in a CSV file, with commas or semicolons. Raises ``AgreementError`` naming the row that will not do.

    A column ``photo`` may hold the sha256 of the file that was judged: an appraiser that is shown the same file twice
    for a part is refused, for a version repeats itself exactly on one file.
    """
    said: dict[tuple[str, str], dict[int, Label]] = defaultdict(dict)
    references: dict[str, Label] = {}
    photos: set[tuple[str, str, str]] = set()
    for number, row in _rows(path):
        part, appraiser, trial = row["part"], row["appraiser"], _trial(row["trial"], number)
        if not part or not appraiser:
            raise AgreementError(f"row {number} names no part or no appraiser")
        if trial in said[appraiser, part]:
            raise AgreementError(f"row {number}: {_shown(appraiser)} answers trial {trial} of {_shown(part)} twice")
        said[appraiser, part][trial] = _label(row["answer"], number)
        if reference := row.get("reference", ""):
            told = _label(reference, number)
            if references.setdefault(part, told) is not told:
                raise AgreementError(f"row {number} gives part {_shown(part)} another reference than a row before it")
        if photo := row.get("photo", ""):
            if (appraiser, part, photo) in photos:
                raise AgreementError(
                    f"row {number}: {_shown(appraiser)} is shown the same file of {_shown(part)} twice; each trial "
                    "takes a new photograph"
                )
            photos.add((appraiser, part, photo))
    if not said:
        raise AgreementError("the file has no answers")
    return _answers(said, references)


def _answers(said: dict[tuple[str, str], dict[int, Label]], references: dict[str, Label]) -> Answers:
    appraisers = tuple(dict.fromkeys(who for who, _ in said))
    parts = tuple(dict.fromkeys(part for _, part in said))
    trials = sorted({trial for answers in said.values() for trial in answers})
    given = np.full((len(appraisers), len(parts), len(trials)), NONE, dtype=np.int8)
    for (who, part), answers in said.items():
        for trial, label in answers.items():
            given[appraisers.index(who), parts.index(part), trials.index(trial)] = label
    reference = np.array([references.get(part, NONE) for part in parts], dtype=np.int8)
    return Answers(parts=parts, appraisers=appraisers, given=given, reference=reference)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Every row with its number in the file, its cells by the names of the columns."""
    try:
        if path.stat().st_size > LARGEST:
            raise AgreementError(f"{_shown(str(path))} has more than {LARGEST // 2**20} MB")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise AgreementError(f"{_shown(str(path))} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise AgreementError(f"{_shown(str(path))} is not written in UTF-8; save it as CSV UTF-8") from error
    first = text.partition("\n")[0]
    table = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        names = [str(name).strip().casefold() for name in table.fieldnames or ()]
        if missing := [name for name in NEEDED if name not in names]:
            raise AgreementError(
                f"the file has no column {missing[0]!r}; it needs {', '.join(NEEDED)} and may have reference and photo"
            )
        for number, row in enumerate(table, 2):
            if number > MOST:
                raise AgreementError(f"the file has more than {MOST:,} rows")
            yield number, {name: str(value or "").strip() for name, value in zip(names, row.values(), strict=False)}
    except csv.Error as error:
        raise AgreementError(f"{_shown(str(path))} is no table: {error}") from error


def _label(word: str, number: int) -> Label:
    for label, words in WORDS.items():
        if word.casefold() in words:
            return label
    raise AgreementError(f"row {number} says {_shown(word)!r}; an answer is ok or defective")


def _trial(text: str, number: int) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 1000):
        raise AgreementError(f"row {number} says trial {_shown(text)!r}; trials are counted from 1")
    return int(text)


def _shown(text: str) -> str:
    return printable(text[:60])
