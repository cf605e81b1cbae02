"""Passed parts to fetch back: between two moments or rows of the ledger, or like a part that came back."""

import pandas as pd
import streamlit as st

from casting_core.errors import CastingError
from casting_core.wording import count, moment, printable
from casting_core.workflows.judging.lookalikes.looks_job import start_looking
from casting_core.workflows.judging.model import Model
from casting_core.workflows.tracing import fetch_back, verdicts
from casting_core.workflows.tracing.fetch_back import Found, Miss, Wanted
from pages.parts.caches import challenge_cache, record_cache
from pages.parts.history import paged
from pages.parts.shell import guards, jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import cell, plain, sentence

MISSES = 20  # of challenge parts, the last ones
MOST = 50  # parts that look like a returned one
FORMATS = ["jpg", "jpeg", "png", "bmp", "tif", "tiff", "webp"]


def show() -> None:
    """What is asked, the parts that answer it, and the way to put it on record."""
    st.markdown(
        "A customer returns a part, or a challenge part was missed: these are the parts that **passed** and may have "
        "to come back."
    )
    wanted, content = _asked()
    if not (wanted.start.strip() or wanted.end.strip() or wanted.station.strip() or content):
        st.info(
            "Say between which two moments or rows, for example the last challenge that was judged right and the first "
            "that was not; or drop the photo of a returned part.", icon=":material/assignment_return:",
        )  # fmt: skip
        return
    try:
        found, returned = _like(content, wanted) if content else (record_cache.passed_parts(wanted), "")
    except CastingError as error:
        st.error(sentence(error), icon=":material/error:")
        return
    if not found:
        st.info("No passed part answers to this.", icon=":material/search_off:")
        return
    st.markdown(
        f"**{count(len(found), 'passed part')}** {'like it, the nearest first' if content else 'to fetch back'}"
    )
    _table(found)
    st.download_button(
        "Download these parts for a spreadsheet", lambda: fetch_back.as_csv(found), "fetch-back.csv", "text/csv",
        icon=":material/table:", on_click="ignore",
    )  # fmt: skip
    _record(wanted, found, returned)


def _after_a_miss() -> None:
    """Fills in the rows around a challenge part that was missed, where there is one."""
    with show_errors():
        missed = fetch_back.misses(challenge_cache.challenges().seen())[:MISSES]
    if not missed:
        return
    named = {
        f"{moment(one.seen.at)} · station {one.seen.station} · {one.seen.part}, row {one.seen.row}": one
        for one in missed
    }

    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "After a challenge part was missed", list(named), index=None, key="fetch miss", width=480,
            placeholder="the rows around it can be filled in", format_func=printable,
        )  # fmt: skip
        if chosen is not None:
            st.button("Fill in", key="fetch fill", icon=":material/input:", on_click=_fill, args=(named[chosen],))


def _fill(miss: Miss) -> None:
    for name, value in (("from", miss.wanted.start), ("to", miss.wanted.end), ("station", miss.wanted.station)):
        session.settle(f"fetch {name}", value)


def _asked() -> tuple[Wanted, bytes]:
    _after_a_miss()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = st.text_input("From", key="fetch from", placeholder="2026-11-29 06:00, or row 412", width=240)
        end = st.text_input("To", key="fetch to", placeholder="2026-11-29 14:00, or row 977", width=240)
        station = st.text_input("Station or person", key="fetch station", placeholder="station S1", width=180)
    st.caption("Moments are UTC. A row is the number that stands before it under Everything.")
    photo = st.file_uploader("Photo of the returned part, if there is one", FORMATS, key="fetch photo")
    return Wanted(start=start, end=end, station=station), photo.getvalue() if photo is not None else b""


def _like(content: bytes, wanted: Wanted) -> tuple[list[Found], str]:
    model = guards.model()
    returned = fetch_back.like(content, model, wanted, most=MOST)
    if returned.not_looked_at:
        _look(model, returned.not_looked_at)
    return list(returned.found), returned.photo


def _look(model: Model, left: int) -> None:
    """The button that has a version look at kept photos, without which they cannot be compared."""
    place = f"look at kept photos with {model.card.name}"
    if jobs.watch(place):
        return
    jobs.ended(place)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(
            f"{count(left, 'kept photo')} cannot be compared yet: {plain(model.card.name)} has not looked at them.",
            icon=":material/visibility_off:",
        )
        if st.button("Look at them now", key=place, icon=":material/visibility:"):
            with show_errors():
                session.current().jobs[place] = start_looking(model.card.name, actor=session.current().who).id
            st.rerun()


def _table(found: list[Found]) -> None:
    shown = paged.rows(found, key="fetch page")
    table = pd.DataFrame(
        {
            "photo": record_cache.kept_thumbnails([one.verdict.photo for one in shown]),
            "likeness": [one.likeness for one in shown],
            "judged, UTC": [verdicts.moment_of(one.verdict) for one in shown],
            "part": [cell(one.verdict.part) for one in shown],
            "score": [one.verdict.score for one in shown],
            "file": [cell(one.verdict.file) for one in shown],
            "version": [cell(one.verdict.model) for one in shown],
            "by": [cell(one.verdict.who or "nobody named") for one in shown],
            "row": [one.verdict.row for one in shown],
        }
    )
    if all(one.likeness is None for one in shown):
        table = table.drop(columns="likeness")
    looks = {name: st.column_config.NumberColumn(format="%.3f") for name in ("score", "likeness")}
    st.dataframe(
        table, hide_index=True, key="fetched", row_height=paged.ROW, height=paged.height(len(shown)),
        column_config={"photo": st.column_config.ImageColumn(width="small"), **looks}, placeholder="–",
    )  # fmt: skip


def _record(wanted: Wanted, found: list[Found], returned: str) -> None:
    kept = session.current()
    with st.form("fetch record", border=True):
        st.markdown("**Put it on record**, so that it can be shown later which parts were fetched back, and why.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            who = st.text_input(
                "Your name", value=kept.who, key="fetch who", max_chars=60, width=220, disabled=kept.signed
            )
            why = st.text_input("Why", key="fetch why", max_chars=300, placeholder="complaint 4711")
        if not st.form_submit_button("Put on record", icon=":material/history_edu:"):
            return
    kept.who = who.strip()
    try:
        row = fetch_back.put_on_record(wanted, found, returned=returned, actor=who, reason=why)
    except CastingError as error:
        st.error(sentence(error), icon=":material/error:")
    else:
        st.success(f"On record as row {row.number} of the ledger.", icon=":material/verified:")
