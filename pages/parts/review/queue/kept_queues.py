"""Queues under a name, for everybody who works with a dataset: opened, kept, taken away and brought back."""

import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.errors import CastingError
from casting_core.workflows.review import queues
from casting_core.workflows.review.queues import Queue
from pages.parts.review import confusion, queue_filter
from pages.parts.review.confusion import Cell
from pages.parts.review.review_choice import SPLIT
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

CHOICE, NAME = "kept queue", "name of queue"


def show(dataset: Dataset, *, split: str, cell: Cell) -> None:
    """The queues that are kept, and the way to keep the one that is looked at."""
    kept = session.current()
    with show_errors():
        known = queues.queues(dataset)
    title = f"Kept queues ({len(known)})" if known else "Keep this queue"
    with st.popover(title, icon=":material/bookmarks:"):
        if known:
            if st.session_state.get(CHOICE) not in known:
                st.session_state[CHOICE] = next(iter(known))
            name = st.selectbox("Queue", list(known), key=CHOICE)
            st.caption(plain(_words(known[name])))
            with st.container(horizontal=True):
                st.button("Open", key="open queue", type="primary", on_click=_open, args=(known[name],))
                if st.button("Take away", key="take queue away", icon=":material/delete:"):
                    _do(lambda: _take_away(dataset, name))
            st.divider()
        st.markdown("Keep what is shown now, with its filters, for everybody")
        name = st.text_input("Name", key=NAME, max_chars=queues.LONGEST, placeholder="Doubtful cracks at the hub")
        who = st.text_input("Kept by", value=kept.who, key="who keeps a queue", max_chars=60, disabled=kept.signed)
        if st.button("Keep", key="keep queue", icon=":material/bookmark_add:", disabled=not name.strip()):
            _do(lambda: _keep(dataset, name.strip(), split=split, cell=cell, who=who))
    if kept.queue_gone is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/delete: Taken away: {plain(kept.queue_gone.name)}")
            if st.button("Undo", key="bring queue back", icon=":material/undo:", type="tertiary"):
                _do(lambda: _bring_back(dataset))


def _do(step: object) -> None:
    try:
        step()  # type: ignore[operator]
    except CastingError as error:
        st.error(sentence(error))
        return
    st.rerun()


def _keep(dataset: Dataset, name: str, *, split: str, cell: Cell, who: str) -> None:
    kept = session.current()
    word = confusion.in_address(cell)
    queues.keep(dataset, queue_filter.wanted(name, split=split, cell=word, threshold=kept.as_if), who=who)
    kept.who = who.strip()


def _take_away(dataset: Dataset, name: str) -> None:
    kept = session.current()
    kept.queue_gone = queues.take_away(dataset, name, who=kept.who)


def _bring_back(dataset: Dataset) -> None:
    kept = session.current()
    queues.bring_back(dataset, kept.queue_gone, who=kept.who)
    kept.queue_gone = None


def _open(queue: Queue) -> None:
    kept = session.current()
    kept.split = queue.split
    session.settle(SPLIT, queue.split)
    kept.as_if, kept.as_if_of = queue.threshold, f"{kept.dataset} {kept.model} {queue.split}"
    confusion.choose(confusion.IN_ADDRESS.get(queue.cell))
    queue_filter.fill(queue)


def _words(queue: Queue) -> str:
    """What is in a queue, in a line."""
    told = [confusion.TITLES[confusion.IN_ADDRESS[queue.cell]] if queue.cell in confusion.IN_ADDRESS else queue.cell]
    told.append(f"of {queue.split}")
    if (queue.low, queue.high) != queue_filter.WHOLE:
        told.append(f"score {queue.low:g} to {queue.high:g}")
    told += [", ".join(words) for words in (queue.kinds, queue.tags) if words]
    told += [f"judged by {', '.join(queue.judges)}"] * bool(queue.judges) + ["people differ"] * queue.differ
    told += [f"judged otherwise by {queue.other}"] * bool(queue.other)
    told += [f"as if the threshold were {queue.threshold:g}"] if queue.threshold is not None else []
    return " · ".join(told)
