"""Verdicts on record: each is written down once, and the last of them stand below."""

from collections.abc import Sequence
from contextlib import suppress

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from casting_core.errors import CastingError
from casting_core.wording import moment
from casting_core.workflows.judging import recorded
from casting_core.workflows.judging.inspect import Finding
from casting_core.workflows.judging.model import Model
from casting_core.workflows.judging.recorded import Said
from casting_core.workflows.judging.shadow import verdicts
from casting_core.workflows.judging.shadow import version as shadow
from casting_core.workflows.judging.shadow.verdicts import Answer
from pages.parts.caches import model_cache
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import cell, sentence

SHOWN = 20  # verdicts


def sign() -> None:
    """Asks once for the name that verdicts are written down with."""
    kept = session.current()
    kept.who = st.text_input(
        "Your name, for the record", value=kept.who, max_chars=60, key="inspector", width=280, disabled=kept.signed,
        help="Every verdict is kept with time, version and threshold. Without a name it is kept as nobody's.",
    ).strip()  # fmt: skip


def keep(photo: UploadedFile, finding: Finding, model: Model) -> None:
    """Writes down what the version said of a photo that was dropped; once, however often the page is drawn."""
    kept, once = session.current(), f"{photo.file_id} {model.card.name}"
    if once in kept.recorded:
        return
    try:
        recorded.record(finding, model, content=photo.getvalue(), file=photo.name, actor=kept.who)
    except CastingError as error:  # the verdict is shown all the same
        st.error(f"This verdict is not on record. {sentence(error)}", icon=":material/error:")
        return
    kept.recorded.add(once)


def beside(photos: Sequence[UploadedFile], findings: Sequence[Finding], model: Model) -> None:
    """Lets the version in shadow judge the same photos, when all is drawn; the verdicts above are not touched by it."""
    kept = session.current()
    with suppress(CastingError):  # best effort: the verdict that counts is on record
        challenger = shadow.in_shadow()
        if challenger is None:
            return
        for photo, finding in zip(photos, findings, strict=True):
            once = f"{photo.file_id} {challenger.version} in shadow"
            if once in kept.recorded:
                continue
            used = model_cache.model(challenger.version)
            said = Said.of(model_cache.finding(photo.getvalue(), used), used)
            mine = Said.of(finding, model)
            answer = Answer(model=mine.model, verdict=mine.verdict, score=mine.score, file=photo.name)
            verdicts.record(said, answer, actor=kept.who)
            kept.recorded.add(once)


def lately() -> None:
    """The verdicts written down last, by whoever judged."""
    with show_errors():
        rows = recorded.recent(newest=SHOWN)
    if not rows:
        return
    st.subheader("On record")
    table = pd.DataFrame(
        {
            "judged": [moment(one.at) for one in rows],
            "verdict": [one.verdict or "none" for one in rows],
            "score": [one.score for one in rows],
            "file": [cell(one.file or one.part) for one in rows],
            "version": [cell(one.model) for one in rows],
            "by": [cell(one.who or "nobody named") for one in rows],
            "kind of defect": [cell(one.kind) for one in rows],
            "why none, or what to do": [cell(one.reason) for one in rows],
            "photo": [one.photo[:12] for one in rows],
        }
    )
    looks = {"score": st.column_config.NumberColumn(format="%.3f")}
    st.dataframe(table, hide_index=True, key="on record", column_config=looks, placeholder="–")
    last = "verdict" if len(rows) == 1 else f"{len(rows)} verdicts"
    st.caption(
        f"The last {last} of this installation. None can be changed unseen: each stands in the ledger, row after row. "
        "`python -m casting_core ledger verify` reads it through."
    )
