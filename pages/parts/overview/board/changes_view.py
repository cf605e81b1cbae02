"""Whether photos are still like those a version learned from: alarms in words, and how they went on day by day."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from casting_core.errors import CastingError
from casting_core.records.card import ModelCard
from casting_core.workflows.watching import told, usual
from casting_core.workflows.watching.board import Gathered
from casting_core.workflows.watching.changes import EARLIER, FRESH, LOOK, Change, Sign
from casting_core.workflows.watching.reference_job import start_look
from pages.parts.caches import watch_cache
from pages.parts.charts import canvas, watch_charts
from pages.parts.shell import jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

UNITS = {Sign.LIGHT: "mean grey level", Sign.SHARPNESS: "sharpness", Sign.SCORE: "score"}
NAMES = {Sign.LIGHT: "Light", Sign.SHARPNESS: "Sharpness", Sign.SCORE: "Score"}
WAIT = (
    f"Photos are compared from {LOOK} parts with one verdict in a week on, and with earlier days from "
    f"{FRESH + EARLIER} days on."
)


def alarms(found: Gathered, card: ModelCard, some: Sequence[Change]) -> None:
    """Every change that raised an alarm, in a sentence, and the way to call it usual; nothing where there is none."""
    raised = told.alarms(some)
    for one in raised:
        st.warning(plain(told.change(one, found.shifts[-1].day), longest=300), icon=":material/change_circle:")
    days = [one.since for one in raised if one.since is not None]
    if days:
        with st.popover("These photos are right as they are", icon=":material/task_alt:"):
            _accept(found, card, max(days))


def _accept(found: Gathered, card: ModelCard, since: date) -> None:
    """The form by which a person signs that photos are usual since a day."""
    kept = session.current()
    st.markdown(
        f"If light or camera were changed on purpose, photos since {since.isoformat()} become what later ones are "
        "compared with. Who says so, and why, stands in the history."
    )
    kept.who = st.text_input(
        "Your name, for the record", kept.who, max_chars=60, key="who calls it usual", disabled=kept.signed
    ).strip()
    why = st.text_input("Why", key="why it is usual", max_chars=200, placeholder="a new lamp since Tuesday")
    if st.button("Compare with these photos from now on", key="call it usual", type="primary"):
        try:
            usual.accept(found, card, since=since, who=kept.who, why=why)
        except CastingError as error:
            st.error(sentence(error))
        else:
            st.rerun()


def show(found: Gathered, card: ModelCard, some: Sequence[Change]) -> None:
    """How photos went on day by day, what was compared, and how often such an alarm is false."""
    st.markdown("**Are photos as usual?**", help=told.BUDGET)
    sign = st.segmented_control(
        "Of passed parts", list(NAMES), default=Sign.LIGHT, required=True, key="watched sign",
        format_func=NAMES.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    course = watch_cache.course(found, card, sign)
    if course.days:
        known = watch_cache.learned(card)
        others = "the parts called usual" if known is not None and known.accepted else "the castings it learned from"
        grey = f" Grey: {others}." if course.usual is not None else ""
        alt = f"{UNITS[sign]} of {len(course.days)} days"
        canvas.show(watch_charts.days(course, unit=UNITS[sign]), key="days", alt=alt)
        verdict = {1: "passed", 3: "rejected"}[int(course.outcome)]
        st.caption(f"Of {verdict} parts the median and the middle 80 %.{grey} {told.calm(some) or WAIT}")
    else:
        st.caption(f"Nothing was measured of the photos of {plain(card.name)} yet. {WAIT}")
    _learned(card)


def _learned(card: ModelCard) -> None:
    """The button that looks at what the version learned from, as long as nobody has."""
    place = f"look at what {card.name} learned from"
    if jobs.watch(place):
        return
    job = jobs.ended(place)
    if job is not None and job.result is None:
        st.error(f"It came to nothing. {sentence(job.message or str(job.state))}", icon=":material/error:")
    if watch_cache.learned(card) is not None:
        return
    kept = session.current()
    words = "Compare with what it learned from"
    if st.button(words, key=place, icon=":material/compare:", help="Looks at one photo of each casting; some seconds."):
        with show_errors():
            kept.jobs[place] = start_look(card.name, actor=kept.who).id
        st.rerun()
