"""What a page shows is in its address, so that a link that was mailed shows the same to whoever opens it."""

import streamlit as st

from pages.parts.shell import session


def read() -> None:
    """Hears what the address asks for; once for each opening of a page, before anything is chosen on it.

    What this session has put there itself asks for nothing, nor does an address without a question.
    """
    kept, asked = session.current(), st.query_params.to_dict()
    kept.asked = {} if asked == kept.address else dict(asked)
    kept.address = asked


def take(name: str) -> str | None:
    """What the address asks for under this name; handed out once."""
    return session.current().asked.pop(name, None)


def say(**shown: str) -> None:
    """Puts into the address what the page shows now; to be called once a page knows it."""
    session.current().address = shown
    if st.query_params.to_dict() != shown:
        st.query_params.from_dict(shown)
