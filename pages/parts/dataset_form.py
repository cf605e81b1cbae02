"""Adding a dataset by its folder, reading it again, and saying what its class folders mean."""

from pathlib import Path

import streamlit as st

from casting_core.data.datasets import Dataset
from casting_core.domain import Label
from casting_core.errors import CastingError
from casting_core.records.datasets import NamedDataset
from casting_core.workflows import installation
from pages.parts import resources, session
from pages.parts.text import count, plain, sentence

NEITHER = "neither"


def show() -> None:
    """The form for another dataset, and the button that reads the one in use again."""
    with st.expander("Add your own photos", icon=":material/create_new_folder:"):
        st.markdown(
            "A folder on this machine with `train` and `test` in it, each with a folder per class (`ok_front`, "
            "`def_front`, or names like `good` and `defective`). Class folders alone will do, too. Nothing is changed."
        )
        with st.form("add dataset", border=False):
            folder = st.text_input("Folder", placeholder="photos/casting_data", key="new folder")
            name = st.text_input("Name", placeholder="Impeller, part 4711", key="new name", max_chars=60)
            if st.form_submit_button("Read the folder", type="primary", icon=":material/folder_open:"):
                _add(folder.strip(), name.strip())
    hint = "Reads only files that are new or changed."
    if st.button("Look for new photos", key="read again", icon=":material/refresh:", help=hint):
        resources.read_again()
        st.rerun()


def _add(folder: str, name: str) -> None:
    if not folder:
        st.error("Say which folder the photos are in.")
        return
    try:
        path = Path(folder).expanduser()
    except RuntimeError:  # ~somebody, and there is no such user here
        path = Path(folder)
    name = name or path.name
    if any(known.name == name for known in resources.datasets()):
        st.error(f"There is a dataset named {plain(name)} already. Choose another name.")
        return
    bar = resources.Bar("Reading photos")
    try:
        dataset = installation.open_dataset(path, report=bar)
    except CastingError as error:
        bar.end()
        st.error(sentence(error))
        return
    rule = installation.names_of(dataset.rule)
    installation.dataset_book().put(NamedDataset(name=name, folder=str(path.resolve()), rule=rule))
    session.current().dataset = name
    st.toast(f"{count(len(dataset.usable), 'photo')} read")
    st.rerun()


def rule(named: NamedDataset, dataset: Dataset) -> None:
    """What each class folder means, to be changed; open where a folder means nothing yet."""
    unknown = [folder for folder in dataset.class_folders if dataset.rule.label(folder) is None]
    with st.expander("What the class folders mean", icon=":material/label:", expanded=bool(unknown)):
        if unknown:
            st.markdown(f"{count(len(unknown), 'folder')} could not be told apart by name. Say what they hold.")
        options = [*Label, None]
        changed = dataset.rule
        with st.form("class rule", border=False):
            for folder in dataset.class_folders:
                meaning = st.radio(
                    plain(folder),
                    options,
                    index=options.index(dataset.rule.label(folder)),
                    format_func=lambda label: label.word if label is not None else NEITHER,
                    horizontal=True,
                    key=f"{named.name} means {folder}",
                )
                changed = changed.assign(folder, meaning)
            if st.form_submit_button("Keep", icon=":material/check:"):
                kept = NamedDataset(name=named.name, folder=named.folder, rule=installation.names_of(changed))
                installation.dataset_book().put(kept)
                st.rerun()
