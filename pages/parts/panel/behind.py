"""What stands behind a panel's verdict: castings, calibration, curves, the background, every figure."""

import pandas as pd
import streamlit as st

from casting_core.judging.panel.background import Background
from casting_core.judging.panel.panel import Panel
from casting_core.judging.panel.stress import told
from casting_core.wording import at_most, escapes, false_alarms, percent, proof
from casting_core.workflows.judging.scores import score_of
from pages.parts.charts import canvas, panel_charts
from pages.parts.shell import figures
from pages.parts.shell.text import cell, plain


def castings(made: Panel) -> None:
    """The castings of the split, those that chose nothing where there are any, and what they prove."""
    found = score_of(made.split, made.figures)
    if found.outcomes is None:
        return
    counted = f"**{plain(found.name)}**: {escapes(found.outcomes)}, {false_alarms(found.outcomes)} ({found.meaning})."
    proven = proof(found.outcomes) if found.proves else "That proves nothing: measure it on castings it has not seen."
    st.markdown(f"{counted} {proven}")
    st.caption(figures.photos(found))


def show(made: Panel) -> None:
    """The sections that fold out."""
    with st.expander("Do its scores mean what they say?", icon=":material/speed:"):
        _calibration(made)
    with st.expander("How well does it order castings?", icon=":material/show_chart:"):
        _orders(made)
    with st.expander("What does the background alone score?", icon=":material/wallpaper:"):
        _background(made.background)
    with st.expander("Which kinds of defect does it find?", icon=":material/category:"):
        _kinds(made)
    with st.expander("Every figure under stress", icon=":material/table_rows:"):
        st.dataframe(_table(made), hide_index=True, key="stress figures")
        st.caption(
            "Castings, of which one or two photos each were disturbed; at most: of all such castings, with 95 % "
            "confidence. The gate turns photos away before they are judged: there a person is asked for another photo."
        )


def _calibration(made: Panel) -> None:
    if made.reliability is None:
        st.markdown("That takes castings of both classes.")
        return
    st.markdown(
        f"Its scores are off by {percent(made.reliability.error)} in the mean. On the diagonal a score of 0.8 means "
        "that four in five are defective, were both classes as many; each casting counts once."
    )
    alt = f"Share of defective castings by score, in {len(made.reliability.bins)} bins"
    canvas.show(panel_charts.calibration(made.reliability), key="calibration", alt=alt)


def _orders(made: Panel) -> None:
    if made.curves is None:
        st.markdown("That takes castings of both classes.")
        return
    at = made.curves.at
    st.markdown(
        f"Area under the ROC curve {made.curves.auc:.3f}, average precision {made.curves.average_precision:.3f}. "
        f"At its threshold of {made.threshold:g} it finds {percent(at.recall)} of the defective castings and rejects "
        f"{percent(at.false_alarms)} of the ok ones. Each casting counts by its worst photo, and both classes alike."
    )
    if made.upper is not None:
        st.caption(f"Between {made.threshold:g} and {made.upper:g} a person looks; here that counts as rejected.")
    left, right = st.columns(2)
    with left:
        canvas.show(panel_charts.roc(made.curves), key="roc", alt="Defective castings found by ok castings rejected")
    with right:
        alt = "Precision by defective castings found"
        canvas.show(panel_charts.precision_recall(made.curves), key="precision and recall", alt=alt)


def _background(found: Background | None) -> None:
    if found is None or found.auc is None:
        st.markdown(
            "Nobody can tell: where the part lies in these photos is not known, it fills them, or a class is missing."
        )
        return
    st.markdown(
        f"The part was painted over in {found.photos:,} photos, {percent(found.beside)} of which lie beside it. What "
        f"is left tells the classes apart with an **AUC of {found.auc:.2f}** (a guess: 0.50, by chance up to "
        f"{found.lucky:.2f}), and {percent(found.rejected)} of the castings are rejected."
    )
    if found.kept is not None:
        left = percent(min(max(found.kept, 0.0), 1.0))
        st.markdown(f"Of the distance between the scores of the classes {left} is left.")
    if found.told is None:
        st.caption("Whether the background gives the label away takes at least five castings of either class.")
        return
    spread = f" (give or take {found.told_spread:.2f})" if found.told_spread is not None else ""
    st.caption(
        f"Grey levels of the background by themselves tell the label of castings with an AUC of {found.told:.2f}"
        f"{spread}: that is what there is to be read beside the part, whether this version reads it or not."
    )


def _kinds(made: Panel) -> None:
    new = made.figures.never_seen
    part = new if new is not None and new.photos else made.figures.whole
    if part is None or not part.kinds:
        st.markdown("No photo says which kind of defect it shows. Folders named by kinds, or a table, say so.")
        return
    worst = sorted(part.kinds.items(), key=lambda one: (-one[1].wrong / max(1, one[1].n), one[0]))
    rows = [
        {
            "kind of defect": cell(kind),
            "castings found": figures.of(outcome.n - outcome.wrong, outcome.n),
            "escape, of all such castings": at_most(outcome),
            "photos found": outcome.found,
        }
        for kind, outcome in worst
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="recall by kind")


def _table(made: Panel) -> pd.DataFrame:
    rows = []
    for curve in made.stress:
        for point in (curve.as_taken, *curve.stressed):
            good, bad = point.outcomes.ok, point.outcomes.defective
            as_taken = point.strength == curve.as_taken.strength
            rows.append(
                {
                    "disturbance": curve.disturbance.value,
                    "strength": "as taken" if as_taken else told(curve.disturbance, point.strength),
                    "ok castings rejected": figures.of(good.wrong, good.n),
                    "false alarms": at_most(good),
                    "defective castings escaped": figures.of(bad.wrong, bad.n),
                    "escapes": at_most(bad),
                    "photos turned away": figures.of(point.refused, point.asked),
                }
            )
    return pd.DataFrame(rows)
