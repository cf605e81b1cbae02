"""Where new photos come from: a zip file, photos or a folder that a browser sends, or a folder of the server."""

import io
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import streamlit as st

from casting_core.data.importing import archives
from casting_core.data.importing.sources import Dropped, Folder, Source
from casting_core.data.importing.staging import stage
from casting_core.errors import written
from casting_core.workflows.datasets.import_job import Form, Found, new_upload
from casting_core.workflows.datasets.importing import LONGEST_NAME
from pages.parts.shell import session

ZIP, PHOTOS, FOLDER, SERVER = "A zip file", "Photos", "A folder", "A folder on the server"


@dataclass(frozen=True, kw_only=True)
class Picked:
    """What a visitor picked: ``open`` is for a look at it, ``put_down`` for the import, which outlives this page."""

    identity: tuple[str, ...]  # the same for the same files
    open: Callable[[], AbstractContextManager[Source]]
    put_down: Callable[[], Found]  # ``CastingError`` where the disk is full
    name: str = ""  # what its dataset might be called


def choose() -> Picked | None:
    """The files that a visitor picked; ``None`` as long as there are none."""
    way = st.segmented_control("They come as", [ZIP, PHOTOS, FOLDER, SERVER], default=ZIP, key="way of import")
    if way == SERVER:
        return _server()
    if way == ZIP:
        return _zip()
    return _dropped(folder=way == FOLDER) if way else None


def _zip() -> Picked | None:
    file = st.file_uploader("Drop a zip file here", key=f"zip {session.current().imports}")
    if file is None:
        return None
    content = file.getvalue()
    return Picked(
        identity=(ZIP, file.file_id),
        open=lambda: archives.opened(io.BytesIO(content)),
        put_down=lambda: _zip_put_down(content),
        name=_suggested(file.name),
    )


def _dropped(*, folder: bool) -> Picked | None:
    imports = session.current().imports
    if folder:
        files = st.file_uploader(
            "Drop a folder here", accept_multiple_files="directory", key=f"dropped folder {imports}"
        )
    else:
        files = st.file_uploader("Drop photos here", accept_multiple_files=True, key=f"dropped photos {imports}")
    if not files:
        return None
    pairs = [(file.name, file.getvalue) for file in files]
    return Picked(
        identity=(FOLDER if folder else PHOTOS, *sorted(file.file_id for file in files)),
        open=lambda: nullcontext(Dropped(pairs)),
        put_down=lambda: _files_put_down(pairs),
        name=_suggested(files[0].name.split("/")[0]) if "/" in files[0].name else "",
    )


def _server() -> Picked | None:
    with st.form("folder on the server", border=False):
        typed = st.text_input("Folder", placeholder="photos/casting_data", key="new folder").strip()
        st.caption("On the machine where this program runs. It stays there, and nothing in it is changed.")
        if st.form_submit_button("Read the folder", icon=":material/folder_open:"):
            session.current().looked = None  # it may have changed since
    if not typed:
        return None
    try:
        folder = Path(typed).expanduser()
    except RuntimeError:  # ~somebody, and there is no such user here
        folder = Path(typed)
    return Picked(
        identity=(SERVER, typed),
        open=lambda: nullcontext(Folder(folder)),
        put_down=lambda: Found(form=Form.FOLDER, path=folder),
        name=_suggested(typed),
    )


def _zip_put_down(content: bytes) -> Found:
    place = new_upload().with_suffix(".zip")
    with written(place.parent):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return Found(form=Form.ZIP, path=place, ours=True)


def _files_put_down(pairs: Sequence[tuple[str, Callable[[], bytes]]]) -> Found:
    place = new_upload()
    stage(pairs, place)
    return Found(form=Form.FILES, path=place, ours=True)


def _suggested(name: str) -> str:
    """A name for the dataset out of the name of a file or folder."""
    stem = PurePosixPath(name.replace("\\", "/")).name
    stem = stem[: -len(".zip")] if stem.lower().endswith(".zip") else stem
    return "".join(letter for letter in stem if letter.isprintable()).strip()[:LONGEST_NAME]
