"""What the shift's board is made of, read once for all visitors. Nobody may change what is in here."""

import streamlit as st

from casting_core.records.card import ModelCard
from casting_core.records.version_files import GRAPH
from casting_core.workflows.operating_points import in_force
from casting_core.workflows.watching import board, changes, reference, rows, usual
from casting_core.workflows.watching.board import Board, Gathered
from casting_core.workflows.watching.changes import Change, Course, Sign
from casting_core.workflows.watching.reference import Reference
from casting_core.workflows.watching.rows import Rows


def gathered() -> Gathered:
    """What was judged in the last weeks; of it only what is new is read."""
    return _gathered(*board.stand())


@st.cache_resource(show_spinner="Reading verdicts", max_entries=2)
def _gathered(row: int, shift: float) -> Gathered:
    return board.gathered(read=_rows)


@st.cache_resource(show_spinner=False, max_entries=128)
def _rows(after: int, upto: int) -> Rows:
    return rows.read(after, upto)


def shown() -> Board:
    """The board as it stands now."""
    return _shown(*board.stand())


@st.cache_resource(show_spinner=False, max_entries=2)
def _shown(row: int, shift: float) -> Board:
    return board.board(_gathered(row, shift))


def learned(card: ModelCard) -> Reference | None:
    """What the photos of a version are compared with; none where nobody has looked at anything yet."""
    return _learned(_version(card), card)


@st.cache_resource(show_spinner=False, max_entries=4)
def _learned(version: str, _card: ModelCard) -> Reference | None:
    return usual.usual(_card)


def compared(found: Gathered, card: ModelCard) -> list[Change]:
    """The comparisons of a version's parts; worked out anew where so many new ones have come that it is due."""
    return _compared(f"{changes.key_of(found, card.name, learned(card))} {_version(card)}", found, card)


@st.cache_resource(show_spinner="Comparing photos", max_entries=4)
def _compared(key: str, _found: Gathered, _card: ModelCard) -> list[Change]:
    return changes.compared(_found, _card.name, in_force(_card), learned(_card))


def course(found: Gathered, card: ModelCard, sign: Sign) -> Course:
    """How a sign went on day by day."""
    return changes.course(found, card.name, sign, in_force(card), learned(card))


def _version(card: ModelCard) -> str:
    known = usual.accepted(card)
    number = 0 if known is None else known.number
    return f"{card.name} {card.files.get(GRAPH, '')} {in_force(card).limits} {reference.stamp(card)} {number}"
