"""The best settings of a search: what they are worth with other seeds, in words, and the way to Train."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.judging.objectives import Objective
from casting_core.learning.recipes.recipe import value_word, word_of
from casting_core.records.jobs import State
from casting_core.wording import share
from casting_core.workflows.search.spread import Comparison, Spread, best_few, best_recipe, compare, spreads
from casting_core.workflows.search.studies import Study
from casting_core.workflows.search.trials import Trial
from pages.parts.caches import dataset_cache
from pages.parts.charts import canvas, search_charts
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors


def show(study: Study, state: State) -> None:
    """The best settings so far, whether they are really better, and the button that takes them to Train."""
    few, again = best_few(study), [one for one in spreads(study) if one.values]
    best = again[0].trial if again and state is State.FINISHED else few[0].number
    trial = next((one for one in few if one.number == best), few[0])
    st.markdown("##### Best settings" if state.over else "##### Best settings so far")
    with st.container(horizontal=True):
        for name in study.plan.space.ranges:
            shown = getattr(best_recipe(study, best), name)
            st.metric(word_of(name), value_word(name, shown), border=True)
        st.metric(
            search_charts.TITLES[study.plan.objective], figure(study, trial.value or 0.0), border=True, help=_help(best)
        )
    _worth(study, state, few, again)
    if st.button(
        "Use these settings on Train", key=f"carry {study.id}", type="primary", icon=":material/model_training:"
    ):
        carry(study, best)


def carry(study: Study, trial: int) -> None:
    """Fills the form of the Train page with the recipe of a trial, for the dataset it was found on, and goes there."""
    kept = session.current()
    with show_errors():
        recipe = best_recipe(study, trial)
        names = [dataset.name for dataset in dataset_cache.datasets()]
    kept.fill(recipe.model_dump())
    if study.plan.dataset.name in names:
        kept.dataset = study.plan.dataset.name
    st.switch_page("pages/train.py")


def figure(study: Study, value: float) -> str:
    """A value of the objective as people read it."""
    return share(value) if study.plan.objective is Objective.ESCAPES else f"{value:.4f}"


def _help(best: int) -> str:
    return (
        f"Of trial {best} in the search. The best of many trials is partly luck, so this flatters it; "
        "what the settings are worth is shown by other seeds."
    )


def _worth(study: Study, state: State, few: Sequence[Trial], again: Sequence[Spread]) -> None:
    if not again:
        if not study.plan.seeds:
            st.warning(
                "They were tried with one seed only, so nobody knows how much of this is luck. Train with other seeds "
                "before you believe it.",
                icon=":material/casino:",
            )
        else:
            st.caption(
                f":material/casino: The best of many trials is partly luck. At the end the best {len(few)} are "
                f"trained again with {study.plan.seeds} other seeds and other castings held out, to tell luck from "
                "progress."
            )
        return
    compared = compare(study)
    if compared is not None:
        text = in_words(study, compared)
        st.success(text, icon=":material/trending_up:") if compared.clear else st.info(text, icon=":material/casino:")
    rows = [{"settings": f"trial {one.trial}", **_row(study, one)} for one in again]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key=f"seeds of {study.id}")
    points = {f"trial {one.trial}": list(one.values.values()) for one in again}
    canvas.show(
        search_charts.spread(study, points), key=f"spread of {study.id}", alt="The best settings with other seeds"
    )
    if not state.over:
        st.caption("Not all seeds are done yet.")


def in_words(study: Study, compared: Comparison) -> str:
    """Whether the best is really better than the second."""
    first, second = f"trial {compared.best}", f"trial {compared.second}"
    percent = study.plan.objective is Objective.ESCAPES
    scale, digits, unit = (100, 1, " percentage points") if percent else (1, 3, "")
    gain, least, most = (round(scale * value, digits) for value in (compared.gain, compared.least, compared.most))
    if max(abs(least), abs(most)) < 1e-9:
        return (
            f"**No difference:** {first} and {second} came to the same over {compared.seeds} seeds, each with other "
            "castings held out. Take whichever is cheaper."
        )
    span = f"from {least:+g} to {most:+g}{unit}" if abs(most - least) > 1e-9 else "the same each time"
    if compared.clear:
        return (
            f"**The settings of {first} are really better than those of {second}:** by {gain:g}{unit} on average "
            f"over {compared.seeds} seeds ({span}), each with other castings held out."
        )
    return (
        f"**Within the noise:** over {compared.seeds} seeds {first} is ahead of {second} by {gain:g}{unit} on "
        f"average ({span}). That is no progress one could count on; take whichever is cheaper, or try more seeds."
    )


def _row(study: Study, one: Spread) -> dict[str, str | int]:
    return {
        "in the search": figure(study, one.in_search),
        "mean of seeds": figure(study, one.mean),
        "least": figure(study, min(one.values.values())),
        "most": figure(study, max(one.values.values())),
        "seeds": len(one.values),
        **{word_of(name): value_word(name, value) for name, value in one.settings.items()},
    }
