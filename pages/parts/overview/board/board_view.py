"""The shift's board: what was judged today and this week, whether rejects are as usual, and which model judges."""

from typing import Any

import streamlit as st

from casting_core.errors import CastingError
from casting_core.judging.watch.counts import Counts
from casting_core.records.card import ModelCard
from casting_core.wording import count, moment, percent
from casting_core.workflows.models.promotion import in_production
from casting_core.workflows.operating_points import in_force
from casting_core.workflows.watching import told
from casting_core.workflows.watching.board import DAYS, Board
from pages.parts.caches import watch_cache
from pages.parts.charts import canvas, watch_charts
from pages.parts.overview.board import changes_view, outgoing_view, reviews_view
from pages.parts.shell import frame
from pages.parts.shell.text import plain, sentence

FILLS = (
    "As soon as parts are judged, on Inspection, in a batch or by a station, this page begins with the shift's board: "
    "what was judged, the share of rejects, whether photos change, and what is proven of escapes."
)
BESIDE: dict[str, Any] = {"border": True, "delta_color": "off", "delta_arrow": "off"}  # how the week stands in a tile
LIMITS = (
    "A shift outside of its limits (Laney p' chart) is not chance: look at the castings, the light and the model. The "
    "limits allow for shifts that vary more than chance alone, so they are wider with few parts."
)


def show() -> None:
    """The board, where anything was judged in the last weeks; one sentence how it fills where nothing was."""
    try:
        board = watch_cache.shown()
        if not board.any:
            st.caption(FILLS)
            return
        with st.container(border=True, key="board"):
            _board(board)
    except CastingError as error:  # what stands below it is still to be seen
        st.error(f"The shift's board cannot be shown. {sentence(error)}", icon=":material/error:")


def _board(board: Board) -> None:
    card = in_production()
    st.markdown("##### :material/monitoring: The shift's board")
    _judges(card, board)
    found = watch_cache.gathered()
    some = watch_cache.compared(found, card) if card is not None else []
    if card is not None:
        changes_view.alarms(found, card, some)
    _tiles(board)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _rejects(board)
    if card is not None:
        with right:
            changes_view.show(found, card, some)
        outgoing_view.show(found, card)
    reviews_view.show(board.waiting)
    with st.container(horizontal=True):
        frame.link("Models", "All versions")
        frame.link("History", "Every verdict")


def _judges(card: ModelCard | None, board: Board) -> None:
    """Which version judges, and since when."""
    if card is None:
        st.markdown("The model in production cannot be read.")
        return
    since = [at for at, name in board.promotions if name == card.name]
    told_since = f", in production since {moment(since[-1])}" if since else ""
    st.markdown(f"Model in use: **{plain(card.name)}**{told_since}, threshold {in_force(card).limits}")


def _tiles(board: Board) -> None:
    today, week = board.today, board.week
    with st.container(key="grid-board"), st.container(key="tiles-board"):  # look.STYLE lays them in equal columns
        _tile("Judged today", today.judged, week.judged, told.counts(today))
        _tile("Rejected today", today.rejected, week.rejected, _share(today))
        _tile("To inspect", today.inspect, week.inspect, "A person must look at these parts.")
        _tile("Refused today", today.gated, week.gated, "Photos that the gate refused: they must be taken again.")
        st.metric(
            "Overruled", f"{board.overruled:,}", delta=f"of {board.said:,} in {DAYS} days", **BESIDE,
            help="Verdicts that were wrong by what people said, of those that people spoke about.",
        )  # fmt: skip
        st.metric(
            "Open reviews", f"{len(board.waiting):,}", delta=f"of {week.inspect:,} in {DAYS} days", **BESIDE,
            help="Parts that a person must look at, and that nobody has said anything about yet.",
        )  # fmt: skip


def _tile(label: str, today: int, week: int, words: str) -> None:
    st.metric(label, f"{today:,}", delta=f"{week:,} in {DAYS} days", help=words, **BESIDE)


def _share(some: Counts) -> str:
    return f"{percent(some.rejected / some.judged)} of the parts judged today." if some.judged else "Of no part yet."


def _rejects(board: Board) -> None:
    st.markdown("**Share of rejects, shift by shift**", help=LIMITS)
    if not any(one.judged for one in board.counts):
        st.caption("No part was judged in these weeks: photos that the gate refused count for nothing here.")
        return
    chart = watch_charts.rejects(board.shifts, board.counts, board.chart, board.promotions)
    canvas.show(chart, key="share of rejects", alt=watch_charts.words(board.chart, board.counts))
    promoted = f" Dotted: {count(len(board.promotions), 'promotion')}." if board.promotions else ""
    st.caption(f"{told.chart(board)}{promoted}")
