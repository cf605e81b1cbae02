"""The dataset in use: adding photos, reading it again, managing it, and saying what its class folders mean."""

from dataclasses import replace

import streamlit as st

from casting_core.data.datasets.class_rule import ClassRule, clashes, folder_key
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.records.datasets import NamedDataset
from casting_core.wording import count
from casting_core.workflows import stores
from casting_core.workflows.datasets import opening
from pages.parts.caches import dataset_cache
from pages.parts.dataset import dataset_manage
from pages.parts.importing import import_form
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain

NEITHER = "neither"


def show() -> None:
    """The form for more photos, what was removed, and what can be done with the dataset in use, where there is one."""
    dataset_manage.show_removed()
    import_form.show()
    if not dataset_cache.datasets():
        return
    with st.container(horizontal=True):
        hint = "Reads only files that are new or changed."
        if st.button("Look for new photos", key="read again", icon=":material/refresh:", help=hint):
            dataset_cache.read_again()
            st.rerun()
        dataset_manage.show()


def rule(named: NamedDataset, dataset: Dataset) -> None:
    """What each class folder means, to be changed; open where a folder means nothing yet and nobody has been asked."""
    asked = named.rule.get(NEITHER, [])
    keys = {folder_key(folder): folder for folder in dataset.class_folders}  # each that counts as one asked once
    unknown = [key for key in keys if dataset.rule.label(key) is None and key not in asked]
    for names in clashes(dataset.class_folders):
        shown = ", ".join(plain(name) for name in names)
        st.warning(
            f"The class folders {shown} differ only in case or in the form of their letters, and count as one.",
            icon=":material/text_fields:",
        )
    with st.expander("What the class folders mean", icon=":material/label:", expanded=bool(unknown)):
        if unknown:
            st.markdown(f"{count(len(unknown), 'folder')} could not be told apart by name. Say what they hold.")
        options = [*Label, None]
        with st.form("class rule", border=False):
            chosen: dict[str, Label | None] = {
                key: st.radio(
                    plain(folder),
                    options,
                    index=options.index(dataset.rule.label(key)),
                    format_func=lambda label: label.word if label is not None else NEITHER,
                    horizontal=True,
                    key=f"{named.name} means {number}",
                )
                for number, (key, folder) in enumerate(keys.items())
            }
            if st.form_submit_button("Keep", icon=":material/check:"):
                _keep(named.name, dataset.rule, chosen)


def _keep(name: str, known: ClassRule, chosen: dict[str, Label | None]) -> None:
    """Writes down what a person said of each class folder."""
    for key, label in chosen.items():
        known = known.assign(key, label)
    written = opening.names_of(known) | {NEITHER: sorted(key for key, label in chosen.items() if label is None)}
    with show_errors():
        stores.dataset_book().change(name, lambda now: replace(now, rule=written))
    st.rerun()
