"""The confusion matrix as a control: a cell is chosen by a click, or by buttons that a keyboard reaches, too."""

from collections.abc import Sequence

import streamlit as st

from pages.parts.charts import canvas, review_charts
from pages.parts.shell import session

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
    # After each choice both controls are new ones: what was clicked on the old ones must not speak again.
    chart, buttons = f"confusion {kept.choices}", f"cell {kept.choices}"
    canvas.show(
        review_charts.confusion(matrix, chosen),
        key=chart,
        alt="; ".join(f"{title} {matrix[truth][said]}" for (truth, said), title in TITLES.items()),
        on_select=lambda: _clicked(chart),
        selection_mode="points",
    )
    titles = {f"{title} ({matrix[truth][said]})": (truth, said) for (truth, said), title in TITLES.items()}
    first = next(title for title, cell in titles.items() if cell == chosen)
    st.segmented_control(
        SPOKEN,
        list(titles),
        default=first,
        required=True,
        wrap=True,
        key=buttons,
        on_change=lambda: _choose(titles[st.session_state[buttons]]),
    )
    return chosen


def _clicked(chart: str) -> None:
    if points := st.session_state[chart]["selection"]["points"]:
        truth, said = points[0]["customdata"]
        _choose((int(truth), int(said)))


def _choose(cell: Cell) -> None:
    kept = session.current()
    kept.cell = cell
    kept.choices += 1
