"""The confusion matrix as a control: a cell is chosen by a click, or by buttons that a keyboard reaches, too."""

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
    titles = {f"{title} ({matrix[truth][said]})": (truth, said) for (truth, said), title in TITLES.items()}
    first = next(title for title, cell in titles.items() if cell == chosen)
    picked = st.segmented_control(SPOKEN, list(titles), default=first, required=True, wrap=True, key=f"cell {chosen}")
    if titles[picked] != chosen:
        _choose(titles[picked])
    return chosen


def _choose(cell: Cell) -> None:
    if session.current().cell != cell:
        session.current().cell = cell
        st.rerun()
