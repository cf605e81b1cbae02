"""Text from outside, made safe for the page: names of files and labels are shown, never obeyed."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import TypeVar

Value = TypeVar("Value")

SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=\"'])")
# Streamlit also turns finished text into symbols and links, where no backslash helps: arrows and dashes, :icons:,
# www. and mail@ addresses. Each is broken in two, by an element that is empty and takes no room.
JOINTS = re.compile(r"(?<=:)(?=\S)|(?<=[<>~=-])(?=[<>=-])|(?<=www)(?=\.)|(?<=@)(?=\S)", re.IGNORECASE)
NOTHING = ":small[]"
FORMULAS = frozenset("=+-@\t\r")  # what a spreadsheet runs if a cell begins with it
LONGEST = 80  # letters of a name on the page


def plain(name: str, *, longest: int = LONGEST) -> str:
    """A name as Markdown that shows just its letters: no emphasis, link, picture or formula, no marks that turn text.

    In the middle of a name of more than ``longest`` letters, letters are left out.
    """
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)
    if len(shown) > longest:
        shown = f"{shown[: longest // 2]}\N{HORIZONTAL ELLIPSIS}{shown[-longest // 2 :]}"
    return NOTHING.join(SPECIAL.sub(r"\\\1", piece) for piece in JOINTS.split(shown))


def cell(value: Value) -> Value | str:
    """A value for a cell of a table: text that a spreadsheet would run after a download begins with an apostrophe."""
    formula = isinstance(value, str) and unicodedata.normalize("NFKC", value[:1]) in FORMULAS  # wide letters, too
    return f"'{value}" if formula else value


def sentence(error: Exception | str) -> str:
    """What went wrong as a sentence on the page: safe, with a capital and a full stop."""
    text = plain(str(error).strip().rstrip("."), longest=600)
    return f"{text[:1].upper()}{text[1:]}."


def count(number: int, noun: str) -> str:
    """A number and its noun: ``1 photo``, ``2,875 photos``."""
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"


def share(part: float) -> str:
    """A share of one as a percentage with as many digits as it takes to see a single photo: ``99.6 %``."""
    return f"{100 * part:.1f} %"


def moment(seconds: float) -> str:
    """A moment given in seconds since 1970, as date and time of day on this machine."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def duration(seconds: float) -> str:
    """A length of time as people say it: ``45 s``, ``3 min 20 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
