"""Signing in, where it is asked for: who looks at the page, who acts on it, and the way in and out.

What a page shows by role is a courtesy; what counts is asked at each write, by ``actor``, far below the pages.
"""

from pathlib import Path

import streamlit as st

from casting_core import roles
from casting_core.errors import CastingError, RoleError
from casting_core.roles import Acting
from casting_core.settings import settings
from casting_core.workflows.people import links, sessions
from pages.parts.server.link import COOKIE
from pages.parts.shell import session
from pages.parts.shell.text import plain, sentence

TICK = 5.0  # seconds between two looks of an open tab whether its session still is
WITHOUT_PROVIDER = (
    "Nobody can sign in yet: CASTING_SIGN_IN asks for it, but no secrets.toml that can be read has a section [auth]. "
    "docs/sign-in.md says what belongs there."
)


def asked_for() -> bool:
    """Whether nobody may look without signing in. A file of secrets that cannot be read might have asked for it."""
    return settings().sign_in or _provider() or (not st.secrets.load_if_toml_exists() and _any_secrets())


def actor() -> Acting:
    """Who acts on the page that is being drawn; ``RoleError`` where nobody does who may look."""
    if not asked_for():
        return roles.HERE
    if st.user.get("is_logged_in"):
        return sessions.acting(_claims())
    token = st.context.cookies.get(COOKIE)
    if isinstance(token, str) and token:
        return links.acting(token)
    raise RoleError(sessions.SIGN_IN)


def admit() -> None:
    """Ends the page with the way in, unless whoever opens it may look; from here on writes ask who acts."""
    roles.asks(actor)
    kept = session.current()
    kept.signed = asked_for()
    if not kept.signed:
        return
    try:
        if st.user.get("is_logged_in"):
            sessions.begin(_claims())
        kept.who = actor().name
    except CastingError as error:
        _way_in(error)
        st.stop()


def who_is_here() -> None:
    """In the menu: who is signed in and as what, and the way out; nothing where nobody signs in."""
    if not session.current().signed:
        return
    who = actor()
    st.caption(f":material/person: {plain(who.name)} · {who.role.value}")
    if st.user.get("is_logged_in"):
        _way_out()
    st.fragment(_watch, run_every=TICK)()


def _watch() -> None:
    try:
        actor()
    except CastingError:
        st.rerun(scope="app")


def _way_in(error: CastingError) -> None:
    st.title("Sign in")
    if not _provider():
        st.error(WITHOUT_PROVIDER, icon=":material/error:")
        return
    if str(error) == sessions.SIGN_IN:
        st.markdown("This dashboard writes down who does what. Sign in with your usual account.")
    else:
        st.warning(sentence(error), icon=":material/lock:")
    with st.container(horizontal=True):
        if st.button("Sign in", key="sign in", type="primary", icon=":material/login:"):
            st.login()
        if st.user.get("is_logged_in"):
            _way_out()


def _way_out() -> None:
    if st.button("Sign out", key="sign out", icon=":material/logout:", type="tertiary"):
        sessions.end(_claims())
        st.logout()
        st.stop()


def _claims() -> sessions.Claims:
    return sessions.Claims.read(st.user.to_dict())


def _provider() -> bool:
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def _any_secrets() -> bool:
    return any(Path(path).exists() for path in st.get_option("secrets.files"))
