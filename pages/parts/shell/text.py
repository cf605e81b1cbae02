"""Text from outside, made safe for the page: names of files and labels are shown, never obeyed."""

import re
from typing import TypeVar

from casting_core.wording import spreadsheet_cell

Value = TypeVar("Value")

SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=\"'])")
# Streamlit also turns finished text into symbols and links, where no backslash helps: arrows and dashes, :icons:,
# www. and mail@ addresses. Each is broken in two, by an element that is empty and takes no room.
JOINTS = re.compile(r"(?<=:)(?=\S)|(?<=[<>~=-])(?=[<>=-])|(?<=www)(?=\.)|(?<=@)(?=\S)", re.IGNORECASE)
NOTHING = ":small[]"
LONGEST = 80  # letters of a name on the page
ON_A_TILE = 16  # letters of a name under a small picture


def plain(name: str, *, longest: int = LONGEST) -> str:
    """A name as Markdown that shows just its letters: no emphasis, link, picture or formula, no marks that turn text.

    In the middle of a name of more than ``longest`` letters, letters are left out.
    """
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)
    return NOTHING.join(SPECIAL.sub(r"\\\1", piece) for piece in JOINTS.split(short(shown, longest=longest)))


def short(name: str, *, longest: int = ON_A_TILE) -> str:
    """A name of at most so many letters and a dot for those left out in its middle: beginnings are often the same."""
    if len(name) <= longest:
        return name
    return f"{name[: longest // 2]}\N{HORIZONTAL ELLIPSIS}{name[-(longest // 2) :]}"


def cell(value: Value) -> Value | str:
    """A value for a cell of a table: text that a spreadsheet would run after a download begins with an apostrophe."""
    return spreadsheet_cell(value) if isinstance(value, str) else value


def sentence(error: Exception | str) -> str:
    """What went wrong as a sentence on the page: safe, with a capital and a full stop."""
    text = plain(str(error).strip().rstrip("."), longest=600)
    return f"{text[:1].upper()}{text[1:]}."
