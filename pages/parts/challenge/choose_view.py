"""Which castings of the dataset in use would do as challenge parts, and putting those that a person takes in force."""

import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.errors import CastingError
from casting_core.records.card import ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.workflows.challenge import sets, shifts
from casting_core.workflows.challenge.proposing import Candidate, propose
from casting_core.workflows.challenge.values import PREFIX, ChallengeSet
from casting_core.workflows.judging.measuring.measure import measurement, usual_split
from pages.parts.caches import dataset_cache, model_cache
from pages.parts.photos import pictures
from pages.parts.shell import figures, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.look import LABELS, badge
from pages.parts.shell.text import plain, sentence

TILE = 140  # pixels: two beside each other on a telephone


def parts(known: ChallengeSet) -> None:
    """The parts in force, each with the photo it is known by."""
    with st.container(horizontal=True, gap="small", key="challenge parts"):
        for part in known.parts:
            with st.container(width=TILE, gap="xxsmall"):
                if (picture := pictures.if_known(part.photo)) is not None:
                    st.image(picture, width=TILE, alt=f"{part.label.word} casting {part.name}")
                st.markdown(f"**{part.name}** {badge(LABELS[part.label])}")
                st.caption(f"{part.role}, score {part.score:.3f}")


def show() -> None:
    """Proposed castings, those that are taken, and the button that puts them in force."""
    try:
        named = dataset_cache.named_dataset(str(session.current().dataset))
        opened = dataset_cache.dataset(named)
        card = model_cache.model(model_cache.production()).card
        found = _proposed(named, opened, card)
    except CastingError as error:
        st.warning(sentence(error), icon=":material/info:")
        return
    if found:
        _form(named, card, found)


def _proposed(named: NamedDataset, opened: Dataset, card: ModelCard) -> list[Candidate]:
    """Castings to choose from; none where the version was not measured on these photos, which is then offered."""
    castings = dataset_cache.castings(opened)
    kept = None if castings is None else measurement(card, opened, usual_split(opened), castings)
    if kept is None:
        st.markdown(f"To propose castings, {plain(card.name)} has to judge those of {plain(named.name)} once.")
        figures.offer(named, card, where="challenge")
        return []
    return propose(kept.photos, model_cache.model(card.name).point)


def _form(named: NamedDataset, card: ModelCard, found: list[Candidate]) -> None:
    st.markdown(
        f"Castings of **{plain(named.name)}** that {plain(card.name)} judges right today. Take those that lie on the "
        f"shelf; they become {PREFIX}1 and so on. The borderline ones show an ageing lamp first."
    )
    taken = []
    with st.container(horizontal=True, gap="small", key="challenge candidates"):
        for one in found:
            with st.container(width=TILE, gap="xxsmall"):
                alt = f"{one.label.word} casting, {one.role}"
                st.image(pictures.photo(one.photo), width=TILE, alt=alt)
                st.markdown(badge(LABELS[one.label]))
                st.caption(f"{one.role}, score {one.score:.3f}, margin {one.margin:.3f}")
                if st.checkbox("Take it", value=True, key=f"take {one.photo}"):
                    taken.append(one)
    kept = session.current()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        starts = st.text_input("Shifts begin at", " ".join(shifts.usual()), key="shifts", width=200)
        who = st.text_input("Your name", kept.who, key="challenge who", max_chars=60, width=200, disabled=kept.signed)
        why = st.text_input("Why these", key="challenge why", max_chars=300, width=280)
        if st.button("Put them in force", key="choose challenge", type="primary", icon=":material/flag:"):
            with show_errors():
                sets.choose(
                    taken,
                    shifts=shifts.starts_in(starts),
                    dataset=named.name,
                    model=card.name,
                    actor=who,
                    reason=why,
                )
            kept.who = who.strip()
            st.rerun()
    st.caption("From then on every station answers inspect until it has judged them right, once in each shift.")
