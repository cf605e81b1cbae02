"""The confusion matrix as a control: the cell a person chose, by a click or by the buttons that say the same to a keyboard."""

from collections.abc import Sequence

import streamlit as st

from pages.parts import charts, session

Cell = tuple[int, int]  # truth and prediction, 0 ok and 1 defective

TITLES: dict[Cell, str] = {
    (1, 0): "Missed defects",
    (0, 1): "False alarms",
    (1, 1): "Defects found",
    (0, 0): "Sound castings passed",
}
SPOKEN = "Show the castings of"


def show(matrix: Sequence[Sequence[int]]) -> Cell:
    """Draws the matrix and returns the chosen cell; missed defects as long as none was chosen."""
    kept = session.current()
    chosen = kept.cell or (1, 0)
    event = charts.show(
        charts.confusion(matrix, chosen),
        key="confusion",
        alt="; ".join(f"{title} {matrix[truth][said]}" for (truth, said), title in TITLES.items()),
        on_select="rerun",
        selection_mode="points",
    )
    if points := event["selection"]["points"]:
        truth, said = points[0]["customdata"]
        clicked = (int(truth), int(said))
        if clicked != st.session_state.get("confusion seen"):  # an old click must not overrule a newer button
            st.session_state["confusion seen"] = clicked
            _choose(clicked)
    cells = list(TITLES)
    picked = st.segmented_control(
        SPOKEN, cells, default=chosen, key=f"cell {chosen}", format_func=lambda cell: f"{TITLES[cell]} ({matrix[cell[0]][cell[1]]})"
    )
    if picked is not None and picked != chosen:
        _choose(picked)
    return chosen


def _choose(cell: Cell) -> None:
    if session.current().cell != cell:
        session.current().cell = cell
        st.rerun()
