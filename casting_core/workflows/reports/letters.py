"""Letters that a report can print: those that its fonts have, and that neither turn nor hide the text around them.

Any other letter is written by its number, so that none vanishes: a reader must be able to tell two names apart.
"""

import re
import unicodedata

ALLOWED = (  # first and last of each range; a test prints all of them with the fonts that come with typst
    (0x20, 0x7E),
    (0xA1, 0xAC),
    (0xAE, 0x24F),  # Latin of all European languages
    (0x37A, 0x37F),
    (0x384, 0x38A),
    (0x38C, 0x38C),
    (0x38E, 0x3A1),
    (0x3A3, 0x482),  # Greek, Cyrillic
    (0x48A, 0x4FF),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),  # dashes, quotation marks
    (0x2030, 0x2040),
    (0x20A0, 0x20BF),  # currencies
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2126, 0x2126),
    (0x2153, 0x215E),  # fractions
    (0x2190, 0x2199),  # arrows
    (0x2200, 0x22FF),  # signs of arithmetic
)
LONGEST = 120  # letters of a name; the sha256 beside it tells two of them apart
OTHERS = re.compile("[^" + "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in ALLOWED) + "]+")


def shown(text: str) -> str:
    """The text as a report prints it: ``铸件.jpg`` becomes ``<U+94F8 U+4EF6>.jpg``; other names stay as they are.

    A letter and its accent that were written apart are put together first, as some disks part them.
    """
    return OTHERS.sub(_numbers, unicodedata.normalize("NFC", text))


def short(name: str) -> str:
    """A name of at most ``LONGEST`` letters: in the middle of a longer one, letters are left out."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST // 2]} … {name[-LONGEST // 2 :]}"


def _numbers(found: "re.Match[str]") -> str:
    return f"<{' '.join(f'U+{ord(letter):04X}' for letter in found.group())}>"
