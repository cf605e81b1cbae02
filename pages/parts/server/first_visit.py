"""What happens once in the life of the server, and with the first visitor of an installation."""

import gc
import logging

import streamlit as st

from casting_core import roles
from casting_core.errors import CastingError
from casting_core.workflows import backups
from casting_core.workflows.datasets import removing, sample
from casting_core.workflows.tracing import retention_job


@st.cache_resource(show_spinner=False)
def programs_kept(title: str) -> None:
    """Once for each page: what its program needs stays for good, so nobody looks through it for waste again.

    Every such look takes a tenth of a second, and whoever waits for an answer then waits for it, too.
    """
    gc.collect()
    gc.freeze()


def ready() -> None:
    """Has the sample drawn at the very first start, by a job, so that the page stands at once.

    The server does all this, whoever comes first: a visitor's role has no part in it.
    """
    with roles.acting_as(roles.HERE):
        _backed_up()
        _settled()
        _tidied()
        if _sample_known():
            return
        _sample_known.clear()
        if sample.sample_wanted():
            sample.start_sample()


@st.cache_resource(show_spinner=False)
def _sample_known() -> bool:
    return not sample.sample_missing() or sample.sample_removed()


def _backed_up() -> None:
    """Keeps the backup of the day; a damaged database is said by whoever reads it next."""
    try:
        backups.back_up_if_due()
    except CastingError as error:
        logging.getLogger(__name__).warning("%s", error)


def _tidied() -> None:
    """Lets kept photos go whose time has come, once a day, where a person has set a limit."""
    try:
        retention_job.start_if_due()
    except CastingError as error:
        logging.getLogger(__name__).warning("%s", error)


@st.cache_resource(show_spinner=False)
def _settled() -> bool:
    """Deals with the photos of removed datasets and with what dead jobs left, once in the life of the server."""
    removing.settle()
    return True
