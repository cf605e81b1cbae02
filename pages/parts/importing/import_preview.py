"""What is in the photos that a visitor picked: examples of each class, its counts, and what a person says of it."""

from dataclasses import dataclass

import streamlit as st

from casting_core.data.imaging.images import Grey, decode, fit
from casting_core.data.importing.preview import ClassFound, Preview
from casting_core.data.importing.sources import Source
from casting_core.domain import Label
from casting_core.errors import PhotoError
from casting_core.wording import count
from casting_core.workflows.datasets import importing
from pages.parts.importing.import_source import Picked
from pages.parts.shell import session
from pages.parts.shell.text import plain

LEFT_OUT = "leave out"
NOWHERE = "in no class folder"
THUMBNAIL = 96  # pixels
PICTURED = 8  # classes that get thumbnails


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was found in the files that a visitor picked, kept from one drawing of the page to the next."""

    identity: tuple[str, ...]
    preview: Preview
    examples: dict[str, list[Grey]]  # by class


def look(picked: Picked, into: str | None) -> Looked:
    """What is in the files; looked at once for the same files."""
    chosen = st.session_state.get(_set_key(picked), "")
    kept, identity = session.current(), (*picked.identity, into or "", chosen)
    if isinstance(kept.looked, Looked) and kept.looked.identity == identity:
        return kept.looked
    with st.spinner("Looking into it"), picked.open() as source:
        found = importing.look_into(source, into=into, chosen=chosen)
        examples = {one.key: _examples(source, one) for one in found.classes[:PICTURED]}
    looked = Looked(identity=identity, preview=found, examples=examples)
    kept.looked, kept.import_failed = looked, None
    return looked


def ask_for_set(picked: Picked, found: Preview) -> None:
    """Which of several sets is meant that lie side by side; the page is drawn again with what is chosen."""
    names = [name for name in found.sets if name]
    if len(names) > 1:
        st.selectbox(
            "Which set",
            names,
            names.index(found.chosen),
            format_func=lambda name: f"{plain(name)} · {count(found.sets[name], 'photo')}",
            key=_set_key(picked),
            help="They lie side by side, and each has classes of its own. The others are left out.",
        )


def _set_key(picked: Picked) -> str:
    return f"import set {hash(picked.identity)}"


def _examples(source: Source, found: ClassFound) -> list[Grey]:
    """A few photos of a class, small; those that cannot be read are for the import to report."""
    pictures = []
    for entry in found.examples:
        try:
            pictures.append(fit(decode(source.read(entry)).grey, THUMBNAIL))
        except PhotoError:
            continue
    return pictures


def ask(number: int, found: ClassFound, looked: Looked) -> Label | None:
    """One class with its photos, and what a person says of it."""
    names = " = ".join(plain(name) for name in found.names if name) or NOWHERE
    parts = " · ".join(f"{photos:,} {split}" for split, photos in found.counts.items())
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for picture in looked.examples.get(found.key, []):
            st.image(picture, width=THUMBNAIL // 2, alt="an example")
        options = [*Label, None]
        meaning: Label | None = st.radio(
            f"**{names}** · {parts}",
            options,
            index=options.index(found.guess),
            format_func=lambda label: LEFT_OUT if label is None else label.word,
            horizontal=True,
            key=f"import class {number} {hash(looked.identity)}",
        )
    return meaning
