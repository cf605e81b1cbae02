"""A run on the page: its curves while they grow, how far it is, its end, and earlier runs beside it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.records.run_log import EventRow, Run, State, Wish
from casting_core.workflows import installation, line
from pages.parts import behind, charts, guards, resources, run_actions, session
from pages.parts.text import count, duration, moment, plain, share

TICK = 1.0  # seconds between two looks at a run that is going on
MARKS = {
    State.WAITING: ":gray-badge[:material/hourglass_top: waiting]",
    State.WORKING: ":blue-badge[:material/model_training: working]",
    State.FINISHED: ":green-badge[:material/check: finished]",
    State.STOPPED: ":gray-badge[:material/stop_circle: stopped]",
    State.FAILED: ":red-badge[:material/error: failed]",
    State.LOST: ":red-badge[:material/link_off: lost]",
}
DRAWN = {
    "random": (
        "were drawn photo by photo, so copies of one casting may lie on both sides, and this figure may flatter the "
        "network."
    ),
    "casting": "show castings of which the network has seen no photo.",
}


def show(run: Run) -> None:
    """One run; as long as it goes on, or may be heard of again, the picture is drawn anew every ``TICK``."""
    still = run.state.over and run.state is not State.LOST
    st.fragment(_draw, run_every=None if still else TICK)(run.id, run.state.over)


def beside(going_on: Sequence[Run], shown: Run | None) -> None:
    """A line for every run that goes on and is not the one shown, with a button to watch it instead."""
    others = [run.id for run in going_on if shown is None or run.id != shown.id]
    if others:
        st.fragment(_others, run_every=TICK)(others)


def _others(numbers: Sequence[int]) -> None:
    with guards.said():
        runs = [installation.run_log().find(number) for number in numbers]
    if any(run.state.over for run in runs):
        st.rerun(scope="app")
    for run in runs:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{MARKS[run.state]} Run {run.id} goes on, too: {plain(run.dataset)} · {run.recipe['network']}")
            if st.button(f"Watch run {run.id}", key=f"watch {run.id}", icon=":material/visibility:", type="tertiary"):
                session.current().run = run.id
                st.rerun(scope="app")


def _draw(number: int, was_over: bool) -> None:
    with guards.said():
        run = installation.run_log().find(number)
        events = resources.events(number)
    if run.state.over != was_over:
        st.rerun(scope="app")  # the form, the table and the menu want to know, too
    st.subheader(f"Run {run.id}")
    st.markdown(f"{MARKS[run.state]} {plain(run.dataset)} · {run.recipe['network']} · asked for {moment(run.asked)}")
    if run.in_line:
        run_actions.waiting(run)
    elif not run.state.over:
        _progress(events)
        _stop_buttons(run)
    _end(run)
    _curves(run, events)


def _progress(events: Sequence[EventRow]) -> None:
    prepared = _last(events, "prepared")
    if prepared is None:
        note = _last(events, "note")
        st.progress(0.0, text=f"{note['text']} …" if note else "Waiting for its process …")
        return
    steps, epochs = prepared["batches"] * prepared["epochs"], [body for _, kind, body in events if kind == "epoch"]
    batch = _last(events, "batch") or {"epoch": 1, "batch": 0}
    done = (batch["epoch"] - 1) * prepared["batches"] + batch["batch"]
    text = f"epoch {batch['epoch']} of {prepared['epochs']}, batch {batch['batch']} of {prepared['batches']}"
    if epochs:
        per_epoch = sum(body["seconds"] for body in epochs) / len(epochs)
        left = per_epoch * (prepared["epochs"] - done / prepared["batches"])
        text += f" · about {duration(max(left, 0))} left · {epochs[-1]['photos_per_second']:,.0f} photos/s"
    st.progress(min(done / steps, 1.0), text=text)
    if done == steps and (note := _last(events, "note")):
        st.caption(f"{note['text']} …")


def _stop_buttons(run: Run) -> None:
    if run.wish is not Wish.GO_ON:
        st.info(f"Asked to {run.wish}. It ends within a few seconds.", icon=":material/stop_circle:")
        return
    with st.container(horizontal=True):
        keep = st.button("Stop, keep the best so far", key=f"keep {run.id}", icon=":material/stop_circle:")
        drop = st.button(
            "Stop, keep nothing", key=f"drop {run.id}", icon=":material/delete:", type="tertiary",
            help="No model version is made of it; the run can be resumed later.",
        )  # fmt: skip
    if keep or drop:
        with guards.said():
            installation.run_log().wish(run.id, Wish.KEEP if keep else Wish.DISCARD)
        st.rerun()  # of the whole page: a click may come with one, and a fragment alone could not be drawn then


def _end(run: Run) -> None:
    if run.model and run.model not in installation.registry().names():
        st.info(
            f"Model version {plain(run.model)} came out of it and was removed since.", icon=":material/inventory_2:"
        )
    elif run.model:
        with guards.said():
            card = installation.registry().card(run.model)
        best = card.curves[card.best_epoch - 1]
        st.success(f"Model version **{plain(card.name)}** was registered.", icon=":material/inventory_2:")
        with st.container(horizontal=True):
            st.metric("Validation", share(best["validation_accuracy"]), border=True, help="Photos judged rightly.")
            if "test" in card.metrics:
                test = card.metrics["test"]
                st.metric("Test", share(test["accuracy"]), border=True, help="Photos judged rightly.")
                st.metric("Missed", test["missed"], border=True, help="Defective castings of the test photos.")
                st.metric("False alarms", test["false_alarms"], border=True, help="Sound castings of the test photos.")
        if "test" in card.metrics:
            st.markdown(f"Tested on {behind.words(card.metrics['test'], 'test photo')}.")
        st.markdown(
            f"The weights of epoch {card.best_epoch} were kept: its validation loss was the lowest. "
            f"{count(card.data['validated_on'], 'validation photo')} {DRAWN[run.recipe['validation']]}"
        )
        if st.button("Review its mistakes", key=f"review {run.id}", icon=":material/fact_check:", type="primary"):
            session.current().model = card.name
            st.switch_page("pages/review.py")
    elif run.state is State.FAILED:
        printed = line.log_file(run.id)
        where = f" Its log is in {plain(str(printed), longest=400)}." if printed.is_file() else ""
        st.error(f"The run failed: {plain(run.message, longest=600)}.{where}", icon=":material/error:")
    elif run.state is State.STOPPED:
        st.info(f"Ended early: {plain(run.message, longest=600)}.", icon=":material/stop_circle:")
    run_actions.ended(run)


def _curves(run: Run, events: Sequence[EventRow]) -> None:
    epochs, batches = tables(events)
    if epochs.empty and (run.state.over or batches.empty):
        if run.state.over:
            st.caption("It did not come to the end of its first epoch, so there are no curves.")
        return
    for figure in ("loss", "accuracy"):
        charts.show(
            charts.curves(epochs, batches, figure),
            key=f"{figure} of run {run.id}",
            alt=f"{figure} of run {run.id} by epoch, on training and on validation photos",
        )


def tables(events: Sequence[EventRow]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The epochs and the batches of a run as tables; a batch's epoch is a fraction."""
    prepared = _last(events, "prepared")
    epochs = pd.DataFrame([body for _, kind, body in events if kind == "epoch"])
    batches = pd.DataFrame([body for _, kind, body in events if kind == "batch"])
    if prepared is not None and len(batches):
        batches["epoch"] = batches["epoch"] - 1 + batches["batch"] / prepared["batches"]
        batches = batches.iloc[:: max(1, len(batches) // 2000)]  # more points than pixels only cost time
    return epochs, batches


def _last(events: Sequence[EventRow], wanted: str) -> dict[str, float] | None:
    return next((body for _, kind, body in reversed(events) if kind == wanted), None)
