"""Stations and their challenge parts: who may let parts pass, who must judge first, who is blocked; clearing one."""

import pandas as pd
import streamlit as st

from casting_core.errors import CastingError
from casting_core.wording import moment
from casting_core.workflows.challenge import sets
from casting_core.workflows.challenge.standing import Standing, clear, progress
from casting_core.workflows.challenge.values import ChallengeSet, Word
from casting_core.workflows.stations import tokens
from casting_core.workflows.stations.tokens import Scope
from pages.parts.caches import challenge_cache
from pages.parts.challenge import choose_view, margin_view
from pages.parts.shell import frame, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

BADGES = {None: ":green-badge[may pass]", Word.DUE: ":orange-badge[due]", Word.MISSED: ":red-badge[blocked]"}
STATES = {None: "may let parts pass", Word.DUE: "due", Word.MISSED: "blocked"}


def alert() -> None:
    """Says at the head of the page which stations are blocked; nothing where none is."""
    try:
        standings = [challenge_cache.challenges().standing(station) for station in _names()]
    except CastingError as error:  # whoever is here to have a photo judged goes on
        st.error(sentence(error), icon=":material/error:")
        return
    for standing in standings:
        if standing.word is Word.MISSED:
            words = f"{sentence(standing.words)} Until then every part there is to be looked at."
            st.error(words, icon=":material/block:")


def line() -> None:
    """How stations stand, in a line; nothing where there are no challenge parts."""
    try:
        known = challenge_cache.challenges().now()
        standings = [challenge_cache.challenges().standing(station) for station in _names()] if known else []
    except CastingError as error:  # what else stands on the page is still to be seen
        st.error(sentence(error), icon=":material/error:")
        return
    if known is None or not standings:
        return
    told = [f"{plain(one.station)} {BADGES[one.word]}{_how_far(known, one)}" for one in standings]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/flag: Challenge parts: {', '.join(told)}")
        frame.link("Inspection", "Stations and challenge parts")


def _how_far(known: ChallengeSet, standing: Standing) -> str:
    return f" ({progress(known, standing)} judged)" if standing.word is Word.DUE else ""


def show() -> None:
    """All stations, the margins, the parts in force; or how to choose some."""
    with show_errors():
        known, stations = challenge_cache.challenges().now(), _names()
    if known is None:
        with st.expander("Challenge parts for stations", icon=":material/flag:"):
            st.markdown(
                "A station that judges known castings right at the start of each shift shows that lamp, camera and "
                "model are as they were. No challenge parts are in force, so every station may let parts pass."
            )
            if st.toggle("Propose castings", key="propose"):
                choose_view.show()
        return
    st.subheader("Stations and challenge parts")
    if stations:
        _table(known, stations)
        margin_view.show(known, stations)
    else:
        st.info(
            "No station may ask yet: `python -m casting_core stations add S1` makes its token.",
            icon=":material/add_link:",
        )
    with st.expander(f"The parts in force: {len(known.parts)}", icon=":material/flag:"):
        choose_view.parts(known)
        why = f": {plain(known.why, longest=300)}" if known.why else ""
        st.caption(
            f"Chosen {moment(known.at)} by {plain(known.who)} from {plain(known.dataset)}{why}. "
            f"Due when a shift begins: {', '.join(known.shifts)}."
        )
        _give_up(known)
    with st.expander("Choose others", icon=":material/edit:"):
        if st.toggle("Propose castings", key="propose"):
            choose_view.show()


def _names() -> list[str]:
    return [one.name for one in tokens.stations() if Scope.JUDGE in one.scopes]


def _table(known: ChallengeSet, stations: list[str]) -> None:
    with show_errors():
        all_of_them = [challenge_cache.challenges().standing(station) for station in stations]
    shown = pd.DataFrame(
        {
            "station": [one.station for one in all_of_them],
            "state": [STATES[one.word] for one in all_of_them],
            "judged right in this shift": [f"{progress(known, one)} parts" for one in all_of_them],
            "since": [moment(one.since) for one in all_of_them],
        }
    )
    st.dataframe(shown, hide_index=True, key="stations")
    with st.container(horizontal=True, gap="small"):
        for one in all_of_them:
            if one.word is not None:
                _clear(one)


def _clear(standing: Standing) -> None:
    """The control that lets a station go on; who does it and why stays on record."""
    station, kept = standing.station, session.current()
    with st.popover(f"Clear {plain(station)}", icon=":material/lock_open:"):
        st.markdown(f"{sentence(standing.words)} Cleared, it may let parts pass until the next shift begins.")
        if standing.to_fetch_back:
            st.warning(standing.to_fetch_back, icon=":material/assignment_return:")
        # A form: the page is not drawn anew while somebody writes, which would fold in what they write into.
        with st.form(f"clear {station} form", border=False, enter_to_submit=False):
            who = st.text_input("Your name", kept.who, key=f"clear {station} who", max_chars=60, disabled=kept.signed)
            why = st.text_input("Why it may go on", key=f"clear {station} why", max_chars=300)
            pressed = st.form_submit_button(f"Clear {plain(station)} now", key=f"clear {station}", type="primary")
        if pressed:
            with show_errors():
                clear(challenge_cache.challenges(), station, actor=who, reason=why)
            kept.who = who.strip()
            st.toast(f"Station {plain(station)} may go on.")
            st.rerun()


def _give_up(known: ChallengeSet) -> None:
    kept = session.current()
    with st.popover("Give them up", icon=":material/flag_circle:"):
        st.markdown("No station has to judge challenge parts any more. What was judged stays on record.")
        with st.form("give up form", border=False, enter_to_submit=False):
            who = st.text_input("Your name", kept.who, key="give up who", max_chars=60, disabled=kept.signed)
            why = st.text_input("Why", key="give up why", max_chars=300)
            pressed = st.form_submit_button("Give up the challenge parts", key="give up", type="primary")
        if pressed:
            with show_errors():
                sets.end(known.name, actor=who, reason=why)
            kept.who = who.strip()
            st.rerun()
