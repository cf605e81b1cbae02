"""How far a run that goes on is, and how it does: the latest figures, and the time that is left."""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from casting_core.jobs.progress import UNEVEN, seconds_for
from casting_core.learning.recipes.events import BatchDone, EpochDone, Event, Further, Note, PaintedDone, Prepared
from casting_core.wording import roughly, share

Told = TypeVar("Told", bound=Event)

OF_EPOCHS = {  # figures that each epoch tells anew
    "Validation loss": "After the latest epoch.",
    "Validation right": "Validation photos judged rightly.",
    "Missed photos": "Defective validation photos that it passes.",
    "False alarms, photos": "Ok validation photos that it rejects.",
    "F1 ok · defective": "Harmonic means of precision and recall on validation photos, 1 is best.",
    "Learning rate": "At the end of the latest epoch.",
    "Photos/s": "It learns from so many in a second.",
}


def progress(events: Sequence[Event], *, may_end_early: bool) -> None:
    """The bar of a run, or what it waits for. No time is told of a run that may end before its last epoch."""
    prepared, note = last(events, Prepared), last(events, Note)
    if prepared is None:
        st.progress(0.0, text=f"{note.text} …" if note else "Waiting for its process …")
        return
    if (further := last(events, Further)) is not None:
        _further(further, note)
        return
    painted, begun = last(events, PaintedDone), last(events, BatchDone)
    if painted is not None and begun is None:
        told = f"Learning to see painted defects on sound parts: step {painted.step} of {painted.steps}"
        st.progress(painted.step / painted.steps, text=told)
        return
    batch = begun or BatchDone(epoch=1, batch=0, loss=0.0, accuracy=0.0)
    steps, done = prepared.batches * prepared.epochs, _done(prepared, batch)
    text = f"epoch {batch.epoch} of {prepared.epochs}, batch {batch.batch} of {prepared.batches}"
    if not may_end_early and done < steps and (left := _seconds_left(prepared, batch, events)) is not None:
        text += f" · {roughly(left)} of learning left"
    st.progress(min(done / steps, 1.0), text=text)
    if done == steps and note:
        st.caption(f"{note.text} …")


def _further(further: Further, note: Note | None) -> None:
    """The bar of networks that are trained after the run's own."""
    done = (further.number - 1 + further.epoch / further.epochs) / further.of
    text = f"{further.task}: network {further.number} of {further.of}, "
    st.progress(min(done, 1.0), text=f"{text}epoch {further.epoch} of {further.epochs}")
    if further.number == further.of and further.epoch == further.epochs and note:
        st.caption(f"{note.text} …")


def figures(events: Sequence[Event]) -> None:
    """The latest figures of a run; those of an epoch come at its end, into places kept for them."""
    batch, epoch = last(events, BatchDone), last(events, EpochDone)
    if batch is None:
        return
    told: dict[str, str] = {}
    if epoch is not None:
        told = {
            "Validation loss": f"{epoch.validation_loss:.3f}",
            "Validation right": share(epoch.validation_accuracy),
            "Photos/s": f"{epoch.photos_per_second:,.0f}",
        }
    if epoch is not None and epoch.counts_known:
        told |= {
            "Missed photos": f"{epoch.missed:.0f}",
            "False alarms, photos": f"{epoch.false_alarms:.0f}",
            "F1 ok · defective": f"{epoch.f1_ok:.3f} · {epoch.f1_defective:.3f}",
            "Learning rate": f"{epoch.learning_rate:.2g}",
        }
    with st.container(horizontal=True, gap="small", key="figures"):  # look.STYLE has places for them
        _figure("Loss", f"{batch.loss:.3f}", "Of the latest batch.")
        for label, meaning in OF_EPOCHS.items():
            _figure(label, told.get(label, "–"), meaning)


def last(events: Sequence[Event], wanted: type[Told]) -> Told | None:
    """The latest event of this kind."""
    return next((event for event in reversed(events) if isinstance(event, wanted)), None)


def _figure(label: str, value: str, told: str) -> None:
    st.metric(label, value, help=told, width="content", border=True)


def _done(prepared: Prepared, batch: BatchDone) -> int:
    return (batch.epoch - 1) * prepared.batches + batch.batch


def _seconds_left(prepared: Prepared, batch: BatchDone, events: Sequence[Event]) -> float | None:
    """By the epochs before this one, but for the first, which also took TensorFlow's warming up.

    ``None`` where they are too few or too different, or where this epoch takes much longer than they did.
    """
    took = [event.seconds for event in events if isinstance(event, EpochDone)][1:]
    left = prepared.epochs - _done(prepared, batch) / prepared.batches
    seconds, epoch = seconds_for(left, took), seconds_for(1.0, took)
    if seconds is None or epoch is None:
        return None
    late = batch.seconds / (epoch * batch.batch / prepared.batches) if batch.batch else 1.0
    return seconds if late < UNEVEN else None
