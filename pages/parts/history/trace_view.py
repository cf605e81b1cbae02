"""Verdicts on record: all judged by a version since a day, all that passed close to the threshold."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

import pandas as pd
import streamlit as st

from casting_core.domain import Verdict
from casting_core.wording import count
from casting_core.workflows.tracing import verdicts
from casting_core.workflows.tracing.verdicts import Question, Traced
from pages.parts.caches import model_cache, record_cache
from pages.parts.history import opinion_view, paged
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import cell, plain

MOST = 5000  # verdicts on the page
CLOSE = 0.1  # of the threshold, where somebody asks for what was close


def show() -> None:
    """The question, and the verdicts that answer it, each with its photo where that was kept."""
    found = _asked()
    if not found:
        st.info("No verdict on record answers to this.", icon=":material/search_off:")
        return
    left, right = st.columns([3, 1], gap="medium")
    with left:
        chosen = _table(found)
    with right:
        if chosen is None:
            st.info("Choose a row: its photo is shown here.", icon=":material/touch_app:")
        else:
            _large(chosen)
    told = count(len(found), "verdict")
    st.caption(
        f"{told}, the newest first." + (f" There may be more: {MOST:,} are shown." if len(found) == MOST else "")
    )
    st.download_button(
        "Download these verdicts for a spreadsheet", lambda: verdicts.as_csv(found), "verdicts.csv", "text/csv",
        icon=":material/table:", on_click="ignore",
    )  # fmt: skip


def _table(found: Sequence[Traced]) -> Traced | None:
    """A page of the verdicts, and the one that was chosen of it."""
    found = paged.rows(found, key="trace page")
    shown = pd.DataFrame(
        {
            "photo": record_cache.kept_thumbnails([one.photo for one in found]),
            "judged, UTC": [verdicts.moment_of(one) for one in found],
            "verdict": [one.verdict or "none" for one in found],
            "score": [one.score for one in found],
            "threshold": [one.threshold for one in found],
            "part": [cell(one.part) for one in found],
            "file": [cell(one.file) for one in found],
            "version": [cell(one.model) for one in found],
            "by": [cell(one.who or "nobody named") for one in found],
            "kind of defect": [cell(one.kind) for one in found],
            "reason": [cell(one.reason) for one in found],
            "sha256": [one.photo[:12] for one in found],
            "row": [one.row for one in found],
        }
    )
    looks = {name: st.column_config.NumberColumn(format="%.3f") for name in ("score", "threshold")}
    event = st.dataframe(
        shown, hide_index=True, key=f"verdicts {found[0].row} {found[-1].row}", row_height=paged.ROW,
        height=paged.height(len(found)), on_select="rerun", selection_mode="single-row", placeholder="–",
        column_config={"photo": st.column_config.ImageColumn(width="small"), **looks},
    )  # fmt: skip
    picked = event["selection"]["rows"]
    return found[picked[0]] if picked and picked[0] < len(found) else None


def _large(one: Traced) -> None:
    """The photo of a verdict, as large as the page has room, and what stands on record of it."""
    picture = record_cache.kept_picture(one.photo)
    unread = b"" if picture else record_cache.unread(one.photo)
    if picture:
        st.image(picture, alt="the photo that was judged")
    elif unread:
        st.warning("No version has read its photo in time, so it is not shown.", icon=":material/broken_image:")
        st.download_button(
            "Download the file", unread, f"{one.photo[:12]}.photo", "application/octet-stream",
            icon=":material/download:", on_click="ignore", key=f"unread {one.photo[:12]}",
        )  # fmt: skip
    else:
        st.info("Its photo was not kept, or has been removed by the rule.", icon=":material/image_not_supported:")
    score = "" if one.score is None else f", score {one.score:.3f}"
    st.markdown(f"**{one.verdict or 'no verdict'}**{score}, by {plain(one.model)}, row {one.row}")
    st.caption(f"sha256 {one.photo}")
    opinion_view.show(one)


def _asked() -> list[Traced]:
    with show_errors():
        names = [card.name for card in model_cache.cards()]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        model = st.selectbox("Version", names, index=None, key="trace version", placeholder="any", width=180)
        verdict = st.selectbox(
            "Verdict", list(Verdict), index=None, key="trace verdict", placeholder="any", width=140,
            format_func=lambda one: one.value,
        )  # fmt: skip
        since = st.date_input("Since, UTC", None, key="trace since", width=150)
        until = st.date_input("Until, UTC", None, key="trace until", width=150)
        text = st.text_input("Part, file, photo or name", key="trace text", width=220)
        close = st.toggle("Close to the threshold", key="trace close", help=f"At most {CLOSE:g} from it.")
    with show_errors():
        wanted = Question(
            model=model or "",
            verdict=verdict,
            since=None if since is None else datetime.combine(since, time.min, UTC).timestamp(),
            until=None if until is None else datetime.combine(until, time.max, UTC).timestamp(),
            within=CLOSE if close else None,
            text=text,
        )
        return record_cache.verdicts_found(wanted, most=MOST)
