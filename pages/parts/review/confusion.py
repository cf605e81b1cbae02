"""The confusion matrix as a control: a cell is chosen by a click, or by buttons that a keyboard reaches, too."""

from collections.abc import Sequence

import streamlit as st

from pages.parts.charts import canvas, review_charts
from pages.parts.shell import address, session

Cell = tuple[int, int]  # truth and prediction, 0 ok and 1 defective

TITLES: dict[Cell, str] = {  # the worst first
    (1, 0): "Missed defects",
    (0, 1): "False alarms",
    (1, 1): "Defects found",
    (0, 0): "Sound castings passed",
}
IN_ADDRESS: dict[str, Cell] = {"missed": (1, 0), "false-alarms": (0, 1), "found": (1, 1), "passed": (0, 0)}
SPOKEN = "Show the castings of"


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
    kept = session.current()
    # After each choice both controls are new ones: what was clicked on the old ones must not speak again. So are the
    # buttons after a decision, for they say how many photos there are.
    chart, buttons = f"confusion {kept.choices}", f"cell {kept.choices} {shown} {matrix}"
    canvas.show(
        review_charts.confusion(matrix, shown),
        key=chart,
        alt="; ".join(f"{title} {_photos(matrix, cell)}" for cell, title in TITLES.items()),
        on_select=lambda: _clicked(chart),
        selection_mode="points",
    )
    titles = {f"{title} ({_photos(matrix, cell)})": cell for cell, title in TITLES.items()}
    first = next(title for title, cell in titles.items() if cell == shown)
    st.segmented_control(
        SPOKEN,
        list(titles),
        default=first,
        required=True,
        wrap=True,
        key=buttons,
        on_change=lambda: choose(titles[st.session_state[buttons]]),
    )


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


def _clicked(chart: str) -> None:
    if points := st.session_state[chart]["selection"]["points"]:
        truth, said = points[0]["customdata"]
        choose((int(truth), int(said)))


def choose(cell: Cell | None) -> None:
    """Chooses a cell; with none the worst one is shown."""
    kept = session.current()
    kept.cell = cell
    kept.choices += 1
