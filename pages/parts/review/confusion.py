"""The confusion matrix as a control: each cell is a button, for the mouse, the keyboard and a screen reader alike."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from casting_core.domain import Label
from pages.parts.review.matrix import component
from pages.parts.shell import address, session
from pages.parts.shell.look import LABELS

Cell = tuple[int, int]  # truth and prediction, 0 ok and 1 defective

TITLES: dict[Cell, str] = {  # the worst first
    (1, 0): "Missed defects",
    (0, 1): "False alarms",
    (1, 1): "Defects found",
    (0, 0): "Sound castings passed",
}
IN_ADDRESS: dict[str, Cell] = {"missed": (1, 0), "false-alarms": (0, 1), "found": (1, 1), "passed": (0, 0)}
SHADES: dict[Cell, str] = {(1, 0): "missed", (0, 1): "alarm"}
HOW = "Press a number to see its castings."
KEY = "confusion matrix"


def chosen(matrix: Sequence[Sequence[int]], *, of: str) -> Cell:
    """The chosen cell; as long as none was chosen, the worst that is not empty.

    ``of`` names the photos and the model: a cell that is empty for others than it was chosen for is let go.
    """
    kept = session.current()
    asked = IN_ADDRESS.get(address.take("cell") or "")
    if asked is not None:
        choose(asked)
        kept.drawn_choice = kept.choices  # a link, and no click on what is drawn here
    elif kept.cell_of != of and kept.cell is not None and not _photos(matrix, kept.cell):
        choose(None)
    kept.cell_of = of
    return kept.cell or worst(matrix)


def just_chosen() -> bool:
    """Whether this run of the page was asked for by a choice: then its castings are what somebody waits for."""
    kept = session.current()
    fresh, kept.drawn_choice = kept.choices != kept.drawn_choice, kept.choices
    return fresh


def show(matrix: Sequence[Sequence[int]], shown: Cell) -> None:
    """Draws the matrix with this cell chosen."""
    words = [LABELS[label].word for label in Label]
    cells = [
        {
            "place": f"cell-{truth}-{said}",
            "word": in_address((truth, said)),
            "photos": (photos := _photos(matrix, (truth, said))),
            "title": TITLES[truth, said],
            "shade": SHADES.get((truth, said), "") if photos else "",  # one missed defect stands out like a hundred
        }
        for truth in (0, 1)
        for said in (0, 1)
    ]
    heads = {f"judged-{label}": f"judged {words[label]}" for label in (0, 1)}
    heads |= {f"is-{label}": f"is {words[label]}" for label in (0, 1)}
    data = {"cells": cells, "heads": heads, "chosen": in_address(shown), "caption": HOW, "presses": _presses()}
    component.mount(data, key=KEY, on_press=_pressed)


def worst(matrix: Sequence[Sequence[int]]) -> Cell:
    """The worst cell that is not empty; missed defects where there is no photo at all."""
    return next((cell for cell in TITLES if _photos(matrix, cell)), next(iter(TITLES)))


def in_address(cell: Cell) -> str:
    """The word for a cell in the address of the page."""
    return next(word for word, here in IN_ADDRESS.items() if here == cell)


def nothing_here(matrix: Sequence[Sequence[int]]) -> None:
    """Says that the chosen cell is empty, and offers the worst that is not."""
    st.success("None. No photo of this split is in this cell.", icon=":material/check_circle:")
    other = worst(matrix)
    if _photos(matrix, other):
        words = f"Show {TITLES[other].lower()} ({_photos(matrix, other)})"
        st.button(words, key="cell instead", icon=":material/arrow_forward:", on_click=choose, args=(other,))


def _photos(matrix: Sequence[Sequence[int]], cell: Cell) -> int:
    truth, said = cell
    return matrix[truth][said]


def _pressed() -> None:
    pressed = _state()
    word = pressed[0] if pressed else None
    if isinstance(word, str) and word in IN_ADDRESS:
        choose(IN_ADDRESS[word])


def _presses() -> int:
    """How often a cell was pressed, as the browser has told: after a reload it counts on."""
    pressed = _state()
    return pressed[1] if len(pressed) > 1 and isinstance(pressed[1], int) else 0


def _state() -> list[Any]:
    told = st.session_state.get(KEY)
    pressed = told.get("pressed") if isinstance(told, Mapping) else None
    return pressed if isinstance(pressed, list) else []


def choose(cell: Cell | None) -> None:
    """Chooses a cell; with none the worst one is shown."""
    kept = session.current()
    kept.cell = cell
    kept.choices += 1
