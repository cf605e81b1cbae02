"""What came of a run: its scores and what they prove, beside the version in production, and the ways on from here."""

import pandas as pd
import streamlit as st

from casting_core.domain import WRONG_CASTING
from casting_core.errors import ModelError
from casting_core.learning.recipes.choices import RECOMMENDED, Keep, NetworkName, Validation
from casting_core.learning.recipes.presets import recommended
from casting_core.records.card import CROSS_VALIDATION, ModelCard
from casting_core.records.version_files import OUT_OF_FOLD
from casting_core.wording import at_most, count, share
from casting_core.workflows import stores
from casting_core.workflows.datasets.splits import OUT_OF_FOLD as JUDGED_OUT_OF_FOLD
from casting_core.workflows.judging.learned import nothing_learned, tried
from casting_core.workflows.judging.scores import Score, proving, scores
from casting_core.workflows.judging.seen import chosen_on_validation
from casting_core.workflows.models import promotion
from casting_core.workflows.recipes import recipe_on
from casting_core.workflows.retraining import corrected
from casting_core.workflows.training import runs
from casting_core.workflows.training.learning_curve import words
from casting_core.workflows.training.runs import Run
from pages.parts.charts import canvas, training_charts
from pages.parts.shell import figures, frame, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import cell, plain, sentence
from pages.parts.versions import comparison_view

BETTER = "Starts the recommended training on the same photos: some minutes, two networks compared, castings kept apart."
DRAWN = {
    Validation.RANDOM: "drawn photo by photo, so copies of one casting may lie on both sides",
    Validation.CASTING: "show castings of which the network has seen no photo",
}


def show(run: Run) -> None:
    """The version that came of a run; the run has one."""
    if run.model is None or run.model not in stores.registry().names():
        name = plain(run.model or "")
        st.info(f"Model version {name} came out of it and was removed since.", icon=":material/inventory_2:")
        return
    try:
        card = stores.registry().card(run.model)
    except ModelError as error:  # the other runs are still to be seen
        st.error(sentence(error), icon=":material/error:")
        frame.link("Models", "See all versions on the Models page")
        return
    found = scores(card)
    if worthless := nothing_learned(card):
        st.error(sentence(worthless), icon=":material/error:")
    st.success(f"Model version **{plain(card.name)}** was registered.", icon=":material/inventory_2:")
    _figures(card)
    st.dataframe(_table(found), hide_index=True, key=f"scores of run {run.id}")
    st.caption(f"Castings: {WRONG_CASTING} {tried(card)} {_kept(card)} {_validation(card)}")
    _by_fold(card)
    _learning_curve(card, key=f"learning curve, run {run.id}")
    _what_changed(run, card)
    _beside_production(card, key=f"beside production, run {run.id}")
    _ways_on(run, card)


def _drawn(card: ModelCard) -> str:
    """Where the validation photos of a version come from, and what that means, as the end of a sentence."""
    if not card.data.own_validation:
        return DRAWN[recipe_on(card).validation]
    seen = card.validation.seen
    if seen is None:
        return "are those of the validation folder; which of their castings it has learned from is not known."
    if not seen.castings:
        return "are those of the validation folder; they show castings of which the network has seen no photo."
    shown = count(seen.castings, "casting")
    return f"are those of the validation folder; of {shown} among them the network has learned from other photos."


def _kept(card: ModelCard) -> str:
    """Which weights a version has, and why, in a sentence."""
    epochs, kept = len(card.curves), recipe_on(card).keep
    if card.best_epoch == epochs and kept is Keep.MEAN:
        return f"The mean of the weights of its last epochs was kept, of {epochs}: it is calmer than any of them."
    if card.best_epoch == epochs and kept is Keep.LAST:
        return f"The weights of the last epoch, of {epochs}, were kept, as the recipe says."
    return f"The weights of epoch {card.best_epoch} of {epochs} were kept, whose validation loss was the lowest."


def _validation(card: ModelCard) -> str:
    """How its validation photos were drawn and what they chose, in a sentence."""
    chose = chosen_on_validation(card)
    if recipe_on(card).sound_only:
        return (
            f"It learned from sound castings only. Its threshold: {plain(card.threshold_chosen, longest=200)}. "
            "How many defects escape is not known until defective castings are measured; the first ones found belong "
            "into the dataset."
        )
    told = f"{count(card.data.validated_on, 'validation photo')} {DRAWN[recipe_on(card).validation]}"
    if card.data.learned_validation:
        return f"{told}. What they say was said before the network learned from them, too, as it did in the end."
    return f"{told}; they chose {' and '.join(chose)}, so a score on them proves nothing." if chose else f"{told}."


def _figures(card: ModelCard) -> None:
    """The score that counts, as tiles of castings; where there is none it is said."""
    counts = proving(card)
    if counts is None:
        st.warning(
            "No casting proves anything of this version: all were learned from, chose something of it, or are not "
            "known. Keep castings apart for test, or ask for a cross-validation.",
            icon=":material/help:",
        )
    else:
        figures.show(counts)


def _by_fold(card: ModelCard) -> None:
    """How far the folds of a cross-validation lie apart."""
    told = card.metrics.get(CROSS_VALIDATION)
    if told and told.right_by_fold:
        right = told.right_by_fold
        st.caption(
            f"Cross-validation: {len(right)} networks, each judging castings of which it has seen no photo; photos "
            f"right by fold {', '.join(share(one) for one in right)}. Review shows these scores as split “out of fold”."
        )


def _learning_curve(card: ModelCard, *, key: str) -> None:
    curve = card.learning_curve
    if curve is None:
        return
    with st.expander("Is more data worth it?", icon=":material/trending_up:", expanded=True):
        st.markdown(words(curve, chose=chosen_on_validation(card)))
        alt = "Photos right and area under the ROC curve by the number of castings learned from"
        canvas.show(training_charts.learning_curve(curve.points), key=key, alt=alt)


def _table(found: list[Score]) -> pd.DataFrame:
    castings = [figures.cells(score) for score in found]
    proven = [score.outcomes if score.proves else None for score in found]
    return pd.DataFrame(
        {
            "counted on": [score.name for score in found],
            "castings escaped": [escaped for escaped, _ in castings],
            "escapes, proven": ["" if one is None else at_most(one.defective) for one in proven],
            "castings rejected": [rejected for _, rejected in castings],
            "false alarms, proven": ["" if one is None else at_most(one.ok) for one in proven],
            "which castings": [score.meaning for score in found],
            "photos": [score.photos for score in found],
            "photos right": [share(score.right) for score in found],
            "photos missed": [score.missed for score in found],
            "photos rejected falsely": [score.false_alarms for score in found],
        }
    )


def _beside_production(card: ModelCard, *, key: str) -> None:
    now = promotion.in_production()
    if now is None:
        return
    if now.name == card.name:
        st.markdown(f"**{plain(card.name)}** is in production.")
        return
    with st.expander(f"Beside {plain(now.name)}, which is in production", icon=":material/compare_arrows:"):
        rows = promotion.side_by_side(card, now)
        table = {"": list(rows), f"{now.name} (now)": [cell(old) for old, _ in rows.values()]}
        table[card.name] = [cell(new) for _, new in rows.values()]
        st.dataframe(pd.DataFrame(table), hide_index=True, key=key)
        comparison_view.compared(card, now, where=key)


def _what_changed(run: Run, card: ModelCard) -> None:
    """Beside the version whose mistakes asked for this training: castings now found, castings newly missed."""
    if not run.parent or run.parent == card.name or run.parent not in stores.registry().names():
        return
    with st.expander(f"What changed since {plain(run.parent)}", icon=":material/published_with_changes:"):
        try:
            parent = stores.registry().card(run.parent)
        except ModelError as error:
            st.error(sentence(error), icon=":material/error:")
            return
        found = comparison_view.compared(card, parent, where=f"since {run.id}")
        if found is not None and found.classes:
            comparison_view.differing(found, new=card.name, now=parent.name)


def _ways_on(run: Run, card: ModelCard) -> None:
    """To its mistakes on Review, or once more on the labels as they are now."""
    with st.container(horizontal=True):
        if st.button("Review its mistakes", key=f"review {run.id}", icon=":material/fact_check:", type="primary"):
            _review(card, None)
        missed, alarms = (card.test.missed, card.test.false_alarms) if card.test else (0, 0)
        if missed and st.button(f"See the {count(missed, 'missed photo')}", key=f"missed of {run.id}"):
            _review(card, (1, 0))
        if alarms and st.button(f"See the {count(alarms, 'falsely rejected photo')}", key=f"alarms of {run.id}"):
            _review(card, (0, 1))
        _make_better(run, card)
        _again(run, card)


def _make_better(run: Run, card: ModelCard) -> None:
    """After a quick model: the recommended training of the same photos, at one click."""
    if recipe_on(card).validation is not Validation.RANDOM or card.network != NetworkName.BACKBONE:
        return
    if st.button("Make it better", key=f"better than {run.id}", icon=":material/thumb_up:", help=BETTER):
        kept = session.current()
        recipe = recommended(RECOMMENDED).model_copy(update={"split": card.data.split})
        parent = runs.Parent(name=card.name)
        with show_errors():
            kept.run = runs.start_run(runs.dataset_of(run), recipe, actor=kept.who, parent=parent).id
        kept.laid_over = [run.id]
        st.rerun()


def _review(card: ModelCard, cell_wanted: tuple[int, int] | None) -> None:
    kept = session.current()
    kept.model = card.name
    if OUT_OF_FOLD in card.files:  # its errors on all castings, none of which the judging network had seen
        kept.split = JUDGED_OUT_OF_FOLD
    if cell_wanted is not None:
        kept.split, kept.cell = "test", cell_wanted
        kept.choices += 1
    st.switch_page("pages/review.py")


def _again(run: Run, card: ModelCard) -> None:
    """Offers the same training once more where people have decided about photos since; the old run is laid over it."""
    changed = corrected(card.data.folder or run.folder, since=run.asked)
    if not changed or not st.button(
        f"Train again with {count(changed, 'corrected label')}", key=f"again {run.id}", icon=":material/refresh:"
    ):
        return
    kept = session.current()
    with show_errors():
        kept.run = runs.start_again(run, actor=kept.who).id
    kept.laid_over = [run.id]
    st.rerun()
