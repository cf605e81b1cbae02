"""Who may what: people with their roles, links to look, and giving and taking back both; for an administrator."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from casting_core import roles
from casting_core.errors import CastingError
from casting_core.roles import Role
from casting_core.wording import moment
from casting_core.workflows.people import links, members
from casting_core.workflows.people.access import Link, Member
from casting_core.workflows.people.address import PARAMETER
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import cell, plain, sentence

NONE = "no role"
MEANING = {
    Role.VIEWER: "sees every page and changes nothing",
    Role.INSPECTOR: "judges photos and parts",
    Role.MANAGER: "also decides on labels, trains, and puts versions in production",
    Role.ADMINISTRATOR: "also says who may what, removes what is to go, and takes in what comes from elsewhere",
}
OPEN = (
    "Nobody signs in here: whoever reaches this dashboard is an administrator. Roles count once signing in is set up; "
    "docs/sign-in.md tells how."
)


def show() -> None:
    """The people, the links, and the forms that change them."""
    with show_errors():
        who = roles.acting()
    if not session.current().signed:
        st.info(OPEN, icon=":material/lock_open:")
    st.markdown("##### Roles")
    st.caption(" · ".join(f"**{role.value}** {meaning}" for role, meaning in MEANING.items()))
    may = who.role.covers(roles.NEEDS[roles.Write.PEOPLE])
    with show_errors():
        known, open_links = members.members(), links.links()
    _people(known)
    if may:
        _give(known)
    st.markdown("##### Links to look")
    st.caption("For an auditor without an account: opens every page for some days, and changes nothing.")
    _links(open_links)
    if may:
        _link(open_links)
    else:
        st.caption("An administrator gives and takes back both.")


def _people(known: list[Member]) -> None:
    if not known:
        st.info("Nobody was given a role yet.", icon=":material/group:")
        return
    rows = {
        "person": [cell(one.name) for one in known],
        "role": [one.role.value if one.role else NONE for one in known],
        "since": [moment(one.at) for one in known],
        "given by": [cell(one.by or "nobody named") for one in known],
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="people")


def _give(known: list[Member]) -> None:
    with st.form("give role", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Person", key="person", max_chars=members.LONGEST, placeholder="ann@plant.example")
        role = st.selectbox("Role", [*(role.value for role in Role), NONE], key="role", width=170)
        why = st.text_input("Why", key="role why", max_chars=200, width=220)
        pressed = st.form_submit_button("Give this role", type="primary", icon=":material/how_to_reg:")
    if pressed:
        given = None if role == NONE else Role(role)
        _do(lambda: members.set_role(name, given, actor=session.current().who, reason=why))
    if known and session.current().signed:
        with st.popover("Sign a person out everywhere", icon=":material/logout:"):
            gone = st.selectbox("Person", [one.name for one in known], key="person to sign out")
            if st.button("Sign out", key="sign out everywhere", type="primary"):
                _do(lambda: members.end_sessions(gone, actor=session.current().who))


def _links(known: list[Link]) -> None:
    if not known:
        st.info("No link is open.", icon=":material/link:")
        return
    rows = {
        "for": [cell(one.name) for one in known],
        "until": [moment(one.expires) for one in known],
        "made by": [cell(one.by or "nobody named") for one in known],
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="links")


def _link(known: list[Link]) -> None:
    with st.form("make link", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("For", key="link for", max_chars=members.LONGEST, placeholder="auditor, IATF 16949")
        days = st.number_input("Days", 1, int(links.MOST_DAYS), 14, key="link days", width=120)
        pressed = st.form_submit_button("Make a link", icon=":material/add_link:")
    if pressed:
        with show_errors():
            token = links.make(name, days=float(days), actor=session.current().who)
        st.success(f"The link for {plain(name)}. It is shown this once; send it to nobody else.")
        st.code(_address(token), language=None, wrap_lines=True)
    if known:
        with st.popover("Take a link back", icon=":material/link_off:"):
            gone = st.selectbox("Link for", [one.name for one in known], key="link to take back")
            if st.button("Take it back", key="take link back", type="primary"):
                _do(lambda: links.take_back(gone, actor=session.current().who))


def _address(token: str) -> str:
    """The first page with the link in its address, by the name that this visitor calls the server by."""
    here = (st.context.url or "").partition("?")[0]
    return f"{here.removesuffix('/').removesuffix('history').removesuffix('/')}/?{PARAMETER}={token}"


def _do(what: Callable[[], None]) -> None:
    try:
        what()
    except CastingError as error:
        st.error(sentence(error), icon=":material/error:")
    else:
        st.rerun()
