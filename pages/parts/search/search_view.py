"""A search on the page: how far it is, who is at work, its history while it grows, and ways to stop and to go on."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.errors import RunError
from casting_core.jobs.progress import seconds_for
from casting_core.judging.objectives import Objective
from casting_core.learning.recipes.recipe import value_word, word_of
from casting_core.records.jobs import State
from casting_core.wording import count, roughly, share
from casting_core.workflows.search import search
from casting_core.workflows.search import trials as trying
from casting_core.workflows.search.search import Standing
from casting_core.workflows.search.spread import waiting_seeds
from casting_core.workflows.search.studies import Study, Worker, find_study
from casting_core.workflows.search.trials import Trial
from pages.parts.charts import canvas, search_charts
from pages.parts.search import search_best, search_findings
from pages.parts.search.search_form import OBJECTIVES
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import cell, plain, sentence

TICK = 2.0  # seconds between two looks at a search that goes on
MARKS = {
    State.WAITING: ":gray-badge[:material/hourglass_top: waiting]",
    State.WORKING: ":blue-badge[:material/tune: working]",
    State.FINISHED: ":green-badge[:material/check: finished]",
    State.STOPPED: ":gray-badge[:material/stop_circle: stopped]",
    State.FAILED: ":red-badge[:material/error: failed]",
    State.LOST: ":red-badge[:material/link_off: lost]",
}


def choose(known: Sequence[Study]) -> Study | None:
    """The search to look at: the one chosen, or the newest; a choice is drawn where there are several."""
    kept = session.current()
    if not known:
        return None
    ids = [study.id for study in known]
    if kept.study not in ids:
        kept.study = ids[0]
    if len(known) > 1:
        names = {study.id: f"{study.plan.name} · {study.plan.dataset.name}" for study in known}
        kept.study = st.selectbox(
            "Search", ids, ids.index(kept.study), format_func=names.__getitem__, key=f"study, {kept.study}, {len(ids)}"
        )
    return known[ids.index(kept.study)]


def show(study: Study) -> None:
    """One search; as long as it goes on, it is drawn anew every ``TICK``."""
    st.subheader(plain(study.plan.name))
    try:
        now = search.standing(study)
    except RunError as error:
        st.error(sentence(error), icon=":material/error:")
        _remove_button(study)
        return
    st.fragment(_draw, run_every=None if now.state.over else TICK)(study.id, now.state)


def _draw(number: str, before: State) -> None:
    with show_errors():
        study = find_study(number)
        now, trials = search.standing(study), trying.trials(study)
    if now.state is not before:
        st.rerun(scope="app")  # or the page would go on asking, or never ask again
    limit = f" ({share(study.plan.false_alarms)} false alarms)" if study.plan.objective is Objective.ESCAPES else ""
    st.markdown(f"{MARKS[now.state]} {plain(study.plan.dataset.name)} · {OBJECTIVES[study.plan.objective]}{limit}")
    _progress(study, now, trials)
    _buttons(study, now)
    done = [trial for trial in trials if trial.value is not None]
    if done:
        search_best.show(study, now.state)
        st.markdown("##### Trials")
        canvas.show(search_charts.history(study, done), key=f"history of {number}", alt=_in_words(study, done))
    elif now.state.over:
        st.caption("No trial has come to its end, so there is nothing to show.")
    if trials:
        _counts(trials)
        _table(study, trials)
    if len(done) > 1:
        search_findings.show(study, done)
    if now.state.over:
        _remove_button(study)


def _progress(study: Study, now: Standing, trials: Sequence[Trial]) -> None:
    part = trying.spent(study)
    counted = sum(trial.state in ("done", "pruned", "failed") for trial in trials)
    if study.plan.trials is not None:
        text = f"{counted} of {count(study.plan.trials, 'trial')}"
    else:
        text = f"{part:.0%} of {study.plan.minutes:g} minutes · {count(counted, 'trial')}"
    if now.state is State.WORKING and part < 1 and (left := seconds_left(study, trials, len(now.at_work))) is not None:
        text += f" · {roughly(left)} of trials left"
    again, all_again = waiting_seeds(study)
    if all_again:
        text += f" · {again} of {all_again} trainings with other seeds"
    if now.state is not State.FINISHED:
        st.progress(part if not all_again else again / all_again, text=text)
    else:
        st.caption(text)
    if now.at_work:
        st.caption(" · ".join(f"Worker {worker.number}: {_doing(worker)} …" for worker in now.at_work))
    if now.at_work and len(now.at_work) < study.plan.workers:
        st.caption(f"{len(now.at_work)} of {study.plan.workers} workers are at work; the others have ended.")


def _doing(worker: Worker) -> str:
    if worker.job.in_line:
        return "waits for its turn"
    return plain(worker.job.doing or "starting")


def seconds_left(study: Study, trials: Sequence[Trial], workers: int) -> float | None:
    """About how many seconds the trials still take, told from those before; ``None`` where those differ too much."""
    took = [trial.seconds or 0.0 for trial in trials if trial.state in ("done", "pruned")]
    going_on = sum(trial.seconds or 0.0 for trial in trials if trial.state == "working")
    to_come = (study.plan.trials or 0) - sum(trial.state in ("done", "pruned", "failed") for trial in trials)
    if to_come <= 0 or not workers or (left := seconds_for(to_come, took)) is None:
        return None
    return max(0.0, left - going_on) / workers


def _buttons(study: Study, now: Standing) -> None:
    if now.state is State.FAILED:
        st.error(sentence(f"The search failed: {now.message}"), icon=":material/error:")
    elif now.state is State.LOST:
        st.error(
            "Its workers have gone: they were killed, or the machine was switched off. Nothing that came to its end is "
            "lost; go on, and what they had begun is tried again.",
            icon=":material/link_off:",
        )
    elif now.stopping:
        st.info("Asked to stop. The workers end within a few seconds.", icon=":material/stop_circle:")
        return
    with st.container(horizontal=True):
        if now.at_work:
            if st.button("Stop the search", key=f"stop {study.id}", icon=":material/stop_circle:"):
                with show_errors():
                    search.stop(study)
                st.rerun()
            if len(now.at_work) < study.plan.workers and not trying.over(study):
                _resume_button(study, "Start the missing workers again")
        elif now.state is not State.FINISHED:
            _resume_button(study, "Go on with the search")


def _resume_button(study: Study, label: str) -> None:
    if st.button(label, key=f"resume {study.id}", icon=":material/play_arrow:"):
        with show_errors():
            search.resume(study, actor=session.current().who)
        st.rerun()


def _remove_button(study: Study) -> None:
    with st.popover("Remove this search", icon=":material/delete:", type="tertiary"):
        st.markdown("The trials of this search are forgotten. Models and runs stay.")
        if st.button("Yes, remove it", key=f"remove {study.id}", type="primary"):
            with show_errors():
                search.remove(study)
            session.current().study = None
            st.rerun()


def _counts(trials: Sequence[Trial]) -> None:
    words = {"pruned": "given up early, as they fell behind", "failed": "failed", "lost": "broken off and tried again"}
    said = [f"{number} {word}" for state, word in words.items() if (number := sum(t.state == state for t in trials))]
    if said:
        st.caption(f"{' · '.join(said)}. Only trials that came to their end are points here.")


def _table(study: Study, trials: Sequence[Trial]) -> None:
    rows = []
    for trial in reversed(trials):
        rows.append(
            {
                "trial": trial.number,
                "state": trial.state,
                search_charts.TITLES[study.plan.objective]: trial.value,
                **{word_of(name): value_word(name, trial.settings.get(name, "")) for name in study.plan.space.ranges},
                "epochs": trial.epochs,
                "seconds": None if trial.seconds is None else round(trial.seconds, 1),
                "worker": trial.worker,
                "note": cell(trial.why),
            }
        )
    with st.expander(f"All {count(len(trials), 'trial')}", icon=":material/table_rows:"):
        st.dataframe(pd.DataFrame(rows), hide_index=True, key=f"trials of {study.id}")


def _in_words(study: Study, done: Sequence[Trial]) -> str:
    best = (max if study.plan.objective.more_is_better else min)(trial.value or 0.0 for trial in done)
    return f"The {search_charts.TITLES[study.plan.objective]} of {count(len(done), 'trial')}; the best is {best:.4f}"
