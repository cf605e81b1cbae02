"""Photos that are many, and the button that has them judged: dropped ones, a zip file, a folder of the server."""

from collections.abc import Callable, Sequence
from pathlib import PurePath, PurePosixPath

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from casting_core.errors import CastingError
from casting_core.wording import count
from casting_core.workflows.datasets.import_job import Found
from casting_core.workflows.judging.batch import batch_job
from casting_core.workflows.judging.batch.batch_job import Asked
from casting_core.workflows.judging.model import Model
from pages.parts.shell import session
from pages.parts.shell.text import sentence

MANY = 6  # photos; a page with more of them, one below the other, is read by nobody
MEGA = 10**6

PutDown = Callable[[], tuple[str, Found]]


def dropped(photos: Sequence[UploadedFile], model: Model) -> None:
    """Photos that were dropped and are many: judged together when a person says so."""
    size = sum(photo.size for photo in photos)
    _offer(
        f"**{count(len(photos), 'photo')}** are judged together, in the background: a table with the rejects first, "
        f"and one row on record. They are kept on this machine for that ({size / MEGA:.1f} MB) until you remove them.",
        count(len(photos), "dropped photo"),
        f"Judge {count(len(photos), 'photo')}",
        lambda: batch_job.put_down_files([(photo.name, photo.getvalue) for photo in photos]),
        model,
    )


def zipped(model: Model) -> None:
    """A zip file with photos, which stays packed."""
    file = st.file_uploader("A zip file with photos", "zip", key="zip of photos")
    if file is None:
        st.info("No zip file yet. Drop one above; it is never unpacked, and nothing leaves this machine.",
                icon=":material/folder_zip:")  # fmt: skip
        return
    _offer(
        f"The zip file is kept on this machine ({file.size / MEGA:.1f} MB) until you remove it.",
        PurePosixPath(file.name.replace("\\", "/")).name,
        "Judge the zip file",
        lambda: batch_job.put_down_zip(file.getvalue()),
        model,
    )


def folder(model: Model) -> None:
    """A folder of the machine that this program runs on; its photos stay there."""
    with st.form("folder to judge", border=False):
        typed = st.text_input("Folder", placeholder="photos/monday", key="folder to judge, typed").strip()
        st.caption("On the machine where this program runs. Its photos stay there, and nothing in it is changed.")
        pressed = st.form_submit_button("Judge the folder", type="primary", icon=":material/play_arrow:")
    if pressed and typed:
        _start(PurePath(typed).name or typed, lambda: ("", batch_job.folder_named(typed)), model)


def _offer(words: str, name: str, label: str, put_down: PutDown, model: Model) -> None:
    with st.container(border=True):
        st.markdown(words)
        if st.button(label, key="judge many", type="primary", icon=":material/play_arrow:"):
            _start(name, put_down, model)


def _start(name: str, put_down: PutDown, model: Model) -> None:
    kept = session.current()
    try:
        with st.spinner("Putting the photos down"):
            mark, found = put_down()
        asked = Asked(found=found, name=name, model=model.card.name, mark=mark, actor=kept.who)
        kept.batch = batch_job.mark_of(batch_job.start_batch(asked))
    except CastingError as error:
        st.error(sentence(error), icon=":material/error:")
        return
    st.rerun()
