"""Shadow mode: a version judges each photo after the one in production, unseen by stations; where both differ."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.domain import Verdict
from casting_core.records.card import ModelCard
from casting_core.wording import moment
from casting_core.workflows.judging.shadow import version as shadow
from casting_core.workflows.judging.shadow.differences import Differences
from casting_core.workflows.judging.shadow.verdicts import Pair
from casting_core.workflows.judging.shadow.version import InShadow
from pages.parts.caches import batch_cache, shadow_cache
from pages.parts.photos import pictures
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import cell, plain

SHOWN = 12  # photos shown as pictures
LOOKED_FOR = 48  # photos whose pictures are looked for
TILE = 132  # pixels
WORDS = {one.value: one.value for one in Verdict} | {"": "no verdict"}


def in_shadow() -> InShadow | None:
    """The version in shadow; none where none is."""
    with show_errors():
        return shadow.in_shadow()


def offer(card: ModelCard) -> None:
    """The control that puts this version in shadow."""
    kept = session.current()
    with st.popover("Shadow mode", icon=":material/visibility_off:"):
        st.markdown(
            f"**{plain(card.name)}** judges each photo after the version in production has answered. No station sees "
            "what it says, and no answer waits for it. Differences are listed here."
        )
        who = st.text_input("Your name", kept.who, key=f"shadow {card.name} who", max_chars=60, disabled=kept.signed)
        why = st.text_input("Why", key=f"shadow {card.name} why", max_chars=300, placeholder="What is to be seen")
        if st.button(f"Put {plain(card.name)} in shadow", key=f"shadow {card.name}", type="primary"):
            with show_errors():
                shadow.begin(card.name, actor=who, reason=why)
            kept.who = who.strip()
            st.rerun()


def show(found: InShadow) -> None:
    """What came of the shadow so far, and the button that ends it."""
    with show_errors():
        came = shadow_cache.differences(found)
    with st.container(border=True, key="shadow"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"##### :material/visibility_off: {plain(found.version)} judges in shadow")
            _end(found)
        st.markdown(came.words)
        st.caption(f"Since {moment(found.at)}, by {plain(found.who)}: {plain(found.why, longest=300)}")
        if came.photos:
            _counts(came)
        if came.differing:
            with st.expander("The photos they differ about", icon=":material/difference:"):
                _differing(came.differing, found)


def _end(found: InShadow) -> None:
    """Ends it by one click where the name is known; else it is asked for."""
    kept = session.current()
    if not kept.who:
        with st.popover("End shadow mode", icon=":material/stop_circle:"):
            who = st.text_input("Your name", key="end shadow who", max_chars=60)
            if st.button("End it", key="end shadow", type="primary"):
                kept.who = who.strip()
                _ended(found, who)
    elif st.button("End shadow mode", key="end shadow", icon=":material/stop_circle:"):
        _ended(found, kept.who)


def _ended(found: InShadow, who: str) -> None:
    with show_errors():
        shadow.end(found.version, actor=who, reason="ended on the Models page")
    st.rerun()


def _counts(came: Differences) -> None:
    rows = pd.DataFrame(
        {
            "in production": [WORDS[one.production] for one in came.counts],
            "in shadow": [WORDS[one.shadow] for one in came.counts],
            "photos": [one.photos for one in came.counts],
            "": ["" if one.production == one.shadow else "differs" for one in came.counts],
        }
    )
    st.dataframe(rows, hide_index=True, key="shadow counts")


def _differing(pairs: Sequence[Pair], found: InShadow) -> None:
    """The photos that both differ about: pictures of those that are kept, and all in a table."""
    kept = [(one, picture) for one in pairs[:LOOKED_FOR] if (picture := _picture(one))]
    if kept:
        with st.container(horizontal=True, gap="small", key="shadow photos"):
            for one, picture in kept[:SHOWN]:
                with st.container(width=TILE, gap="xxsmall"):
                    words = f"{WORDS.get(one.answer.verdict, '')} → {WORDS.get(one.said.verdict, '')}"
                    st.image(picture, width=TILE, alt=f"part {plain(one.answer.part)}: {words}")
                    st.caption(f"{words}, {_score(one.answer.score)} → {_score(one.said.score)}")
    rows = pd.DataFrame(
        {
            "judged": [moment(one.at) for one in pairs],
            "in production": [WORDS.get(one.answer.verdict, "") for one in pairs],
            "in shadow": [WORDS.get(one.said.verdict, "") for one in pairs],
            "score": [one.answer.score for one in pairs],
            f"score of {found.version}": [one.said.score for one in pairs],
            "part or file": [cell(one.answer.part or one.answer.file) for one in pairs],
            "station": [cell(one.answer.station) for one in pairs],
            "photo": [one.said.photo[:12] for one in pairs],
        }
    )
    digits = {name: st.column_config.NumberColumn(format="%.3f") for name in ("score", f"score of {found.version}")}
    st.dataframe(rows, hide_index=True, key="shadow differences", column_config=digits, placeholder="–")
    st.caption(f"The last {len(pairs)}. Pictures are shown of photos that are kept; every verdict is on record.")


def _picture(one: Pair) -> bytes | str | None:
    """A photo of a dataset or of a batch; nothing where it was not kept."""
    known = pictures.if_known(one.said.photo)
    batch = one.answer.batch
    return known if known is not None or batch is None else batch_cache.thumbnail(batch.mark, batch.number)


def _score(score: float | None) -> str:
    return "none" if score is None else f"{score:.3f}"
