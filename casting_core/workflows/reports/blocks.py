"""What a section of a report is made of; the PDF, the table and the JSON are written from the same blocks.

Every text is plain text: nobody who reads a block runs it or looks for marks in it.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Tone(StrEnum):
    """How a sentence is meant."""

    PLAIN = "plain"
    LEAD = "lead"  # the sentence that the report is about
    WARNING = "warning"  # nobody must overlook it
    NOTE = "note"  # small, beside a table or a chart
    COMMAND = "command"  # to be typed


@dataclass(frozen=True, kw_only=True)
class Words:
    """A sentence or more."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Sentences, each with a mark before it."""

    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Names with values."""

    rows: tuple[tuple[str, str], ...]
    side_by_side: bool = False  # in two columns, where values are short


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of cells under headings."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]  # as many cells each as there are columns
    numbers: tuple[int, ...] = ()  # places of the columns that hold numbers
    wide: tuple[int, ...] = (0,)  # places of the columns that share the room which is left
    codes: tuple[int, ...] = ()  # places of the columns that hold hashes

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row of a table has a cell in each of its columns")


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One figure that is read from across the table."""

    figure: str
    label: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Tiles:
    """Large figures side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """A confusion matrix: rows are the truth, ok and defective; columns the verdicts, passed and rejected."""

    of: str  # what is counted: castings or photos
    ok: tuple[int, int]
    defective: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Matrices:
    """Confusion matrices side by side."""

    matrices: tuple[Matrix, ...]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A drawing."""

    title: str
    svg: str
    alt: str  # what it shows, for who cannot see it


@dataclass(frozen=True, kw_only=True)
class Charts:
    """Drawings side by side."""

    charts: tuple[Chart, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """A casting: its photo, the same with evidence laid over it, and what is known of it."""

    title: str
    photo: bytes = field(repr=False)  # JPEG
    evidence: bytes = field(repr=False)  # JPEG
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Cards:
    """Castings, two beside each other."""

    cards: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True)
class Signatures:
    """Lines for people to sign on: what each of them answers for."""

    roles: tuple[str, ...]


Block = Words | Listed | Facts | Table | Tiles | Matrices | Charts | Cards | Signatures


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]
