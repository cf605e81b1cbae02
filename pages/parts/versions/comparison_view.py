"""Two versions beside each other on the same castings: numbers class by class, and the castings they differ about."""

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import WRONG_CASTING, Label
from casting_core.errors import CastingError
from casting_core.records.card import ModelCard
from casting_core.wording import count, percent
from casting_core.workflows.judging.measuring.measure import measurement, usual_split
from casting_core.workflows.models import release_gate
from casting_core.workflows.models.comparison import GOES_WRONG, Compared, on_same_castings
from casting_core.workflows.models.release_gate import Checked, Gate
from pages.parts.caches import dataset_cache, model_cache
from pages.parts.photos import pictures
from pages.parts.shell import figures, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

BESIDE = "beside"  # where two versions are compared that may both not be in production
SHOWN = 12  # castings of each kind shown as pictures
TILE = 132  # pixels
GATES = {
    Gate.OPEN: (st.success, ":material/verified:", "Shown to be no worse."),
    Gate.UNDECIDED: (
        st.warning,
        ":material/balance:",
        "Not shown to be no worse. Shadow mode shows where both differ; whoever signs without takes it upon them.",
    ),
    Gate.BLOCKED: (st.error, ":material/block:", "Blocked. It takes a second person's name."),
}


def compared(new: ModelCard, now: ModelCard, *, where: str) -> Compared | None:
    """Both on the castings of the dataset in use, told in words; what would make it possible where they cannot be.

    ``where`` tells several comparisons on one page apart.
    """
    try:
        named = dataset_cache.named_dataset(str(session.current().dataset))
        opened = dataset_cache.dataset(named)
    except CastingError:
        st.warning("They cannot be compared: there is no dataset to do it on.", icon=":material/compare_arrows:")
        return None
    known = dataset_cache.castings(opened)
    found = on_same_castings(new, now, opened, known, name=named.name)
    if found.classes:
        if where != BESIDE:  # a table says it there
            st.info(plain(found.words, longest=900), icon=":material/compare_arrows:")
        return found
    st.warning(plain(found.words, longest=900), icon=":material/compare_arrows:")
    for card in (now, new):
        if known is None or measurement(card, opened, usual_split(opened), known) is None:
            figures.offer(named, card, where=where)
    return found


def gate(card: ModelCard, found: Compared | None) -> Checked:
    """What the gate says of a version, in its own colour."""
    with show_errors():
        checked = release_gate.check(card, found, _golden_wrong(card))
    box, icon, words = GATES[checked.gate]
    reasons = [] if found is not None and not found.classes else list(checked.reasons)
    box(" ".join([words, *(sentence(reason) for reason in reasons)]), icon=icon)
    return checked


def beside_another(card: ModelCard, cards: list[ModelCard]) -> None:
    """Any other version beside this one, with the castings that one of both alone judges rightly."""
    others = [other.name for other in cards if other.name != card.name]
    if not others:
        return
    with st.expander("Beside another version", icon=":material/compare_arrows:"):
        name = st.selectbox("The other version", others, key="other version", width=280)
        other = next(one for one in cards if one.name == name)
        found = compared(card, other, where=BESIDE)
        if found is None or not found.classes:
            return
        st.caption(f"Castings that neither has learned from, and that chose nothing of either. {WRONG_CASTING}")
        rows = [
            {
                "castings": f"{one.n:,} {label.word}, {GOES_WRONG[label]}",
                f"by {card.name}": one.new,
                f"by {other.name}": one.now,
                f"by {card.name} alone": one.only_new,
                f"by {other.name} alone": one.only_now,
                "p (McNemar)": f"{one.p_value:.2g}",
                f"{card.name} more often, 95 %": f"{_signed(one.difference[0])} to {_signed(one.difference[1])}",
            }
            for label, one in found.classes
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="versions compared")
        differing(found, new=card.name, now=other.name)


def differing(found: Compared, *, new: str, now: str) -> None:
    """The castings that only one of both judges rightly, as pictures: what is lost first, then what is won."""
    if found.differing is None or found.differing.empty:
        st.caption("There is no casting that only one of both judges rightly.")
        return
    titles = {
        (Label.DEFECTIVE, False): f"Found by {plain(now)}, missed by {plain(new)}",
        (Label.OK, False): f"Passed by {plain(now)}, falsely rejected by {plain(new)}",
        (Label.DEFECTIVE, True): f"Missed by {plain(now)}, found by {plain(new)}",
        (Label.OK, True): f"Falsely rejected by {plain(now)}, passed by {plain(new)}",
    }
    for (label, better), title in titles.items():
        some = found.differing[(found.differing["label"] == label) & (found.differing["better"] == better)]
        if some.empty:
            continue
        st.markdown(f"**{title}: {count(len(some), 'casting')}**")
        with st.container(horizontal=True, gap="small"):
            for one in some.head(SHOWN).to_dict("records"):
                with st.container(width=TILE, gap="xxsmall"):
                    st.image(pictures.photo(one["photo"]), width=TILE, alt=f"{label.word} casting: {title}")
                    st.caption(f"{one['score_now']:.3f} → {one['score_new']:.3f}")
        if len(some) > SHOWN:
            st.caption(f"and {len(some) - SHOWN:,} more")


def _golden_wrong(card: ModelCard) -> tuple[str, ...] | None:
    opened: Dataset
    try:
        opened = dataset_cache.dataset(dataset_cache.named_dataset(str(session.current().dataset)))
    except CastingError:
        return None
    return model_cache.golden_wrong(opened, model_cache.model(card.name))


def _signed(share: float) -> str:
    return f"{'+' if share > 0 else '−' if share < 0 else ''}{percent(abs(share))}"
