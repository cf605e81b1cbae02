"""Which photos of a cell are in the queue: by score, kind, tag, who judged them, and versions that disagree."""

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.wording import count
from casting_core.workflows.datasets.splits import OUT_OF_FOLD, part_of
from casting_core.workflows.judging.model import Model
from casting_core.workflows.review.judgements import differing
from casting_core.workflows.review.queues import Queue
from pages.parts.caches import model_cache, review_cache
from pages.parts.charts.score_line import component, picture
from pages.parts.charts.score_line.picture import Line
from pages.parts.review import confusion
from pages.parts.shell import address, session
from pages.parts.shell.errors import show_errors

KINDS, TAGS, JUDGES, DIFFER, OTHER = "queue kind", "queue tags", "queue judges", "queue differ", "queue other"
BARS = "scores"  # the key of their picture
RANGE = "score range"  # the key of its slider
WHOLE = (0.0, 1.0)


def chart(table: pd.DataFrame, model: Model) -> None:
    """How scores spread; a click on a bar fills the queue with its photos."""
    point = model.point
    data = picture.of_photos(table, Line(low=point.threshold, high=point.upper))
    hint = "A click on a bar shows its photos. Its height grows with the square root of their number."
    told = "How many photos have which score, by label, with the threshold; the filter below takes a range of scores"
    component.mount(data | {"of": "", "hint": hint, "alt": told}, key=BARS, on_bar=lambda: _pressed(model))


def show(photos: pd.DataFrame, dataset: Dataset, model: Model, split: str) -> pd.DataFrame:
    """The photos of a cell that are wanted, in their order."""
    _from_address()
    st.session_state.setdefault(RANGE, WHOLE)
    if photos.empty:
        return photos
    with st.popover(_title(photos), icon=":material/filter_list:"):
        st.slider("Score", *WHOLE, step=picture.BIN, key=RANGE)  # both ends: so its state says
        low, high = st.session_state[RANGE]
        found = photos[in_range(photos["score"], low, high)]
        for title, column, apart in (("Kind of defect", "kind", ", "), ("Tag", "tags", "|")):
            found = _with_any(found, title, column, apart)
        found = _judged_by(found, dataset)
        found = _disagreeing(found, dataset, model, split)
        st.button("Take all filters away", key="no filters", on_click=_clear, disabled=len(found) == len(photos))
    if len(found) < len(photos):
        st.caption(f"{count(len(found), 'photo')} of {len(photos):,} by these filters.")
    return found


def in_address() -> str:
    """The range of scores as the address says it; empty where all are wanted."""
    low, high = st.session_state.get(RANGE, WHOLE)
    return "" if (low, high) == WHOLE else f"{low:g}-{high:g}"


def in_range(scores: "pd.Series[float]", low: float, high: float) -> "pd.Series[bool]":
    """Which scores lie from ``low`` on and below ``high``; those of exactly 1 belong to the uppermost range."""
    return (scores >= low) & ((scores < high) | (high >= 1.0))


def _title(photos: pd.DataFrame) -> str:
    low, high = st.session_state.get(RANGE, WHOLE)
    return f"Filter {count(len(photos), 'photo')}" + ("" if (low, high) == WHOLE else f": score {low:g} to {high:g}")


def _with_any(photos: pd.DataFrame, title: str, column: str, apart: str) -> pd.DataFrame:
    """Those with one of the chosen words in a column; there is nothing to choose where it is empty."""
    if column not in photos or not (photos[column] != "").any():
        return photos
    words = photos[column].map(lambda told: [word for word in str(told).split(apart) if word])
    key, known = {"kind": KINDS, "tags": TAGS}[column], sorted({word for some in words for word in some})
    _only(key, known)
    wanted = st.multiselect(title, known, key=key)
    return photos if not wanted else photos[words.map(lambda some: any(word in wanted for word in some))]


def _judged_by(photos: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    with show_errors():
        known = review_cache.judgements(dataset)
    names = sorted({one.who for some in known.values() for one in some})
    _only(JUDGES, names)
    wanted = st.multiselect("Judged by", names, key=JUDGES) if names else []
    if len(names) > 1 and st.toggle("People differ", key=DIFFER, help="Their latest judgements are not alike."):
        photos = photos[photos["photo"].isin(differing(known))]
    if not wanted:
        return photos
    by = {photo for photo, some in known.items() if any(one.who in wanted for one in some)}
    return photos[photos["photo"].isin(by)]


def _disagreeing(photos: pd.DataFrame, dataset: Dataset, model: Model, split: str) -> pd.DataFrame:
    """Those that another version judges otherwise."""
    names = [card.name for card in model_cache.cards() if card.name != model.card.name]
    if not names:
        return photos
    if st.session_state.get(OTHER) not in [None, *names]:
        st.session_state[OTHER] = None
    name = st.selectbox("Judged otherwise by", names, index=None, key=OTHER, placeholder="any version")
    if name is None or photos.empty:
        return photos
    with show_errors():
        other = model_cache.model(name)
        scored = model_cache.scored(*part_of(dataset, "all" if split == OUT_OF_FOLD else split), other)
    score = photos["photo"].map(scored.drop_duplicates("photo").set_index("photo")["score"])
    said = (score >= other.point.threshold).astype(int)
    return photos[score.notna() & (said != photos["predicted"])]


def _pressed(model: Model) -> None:
    told = st.session_state.get(BARS)
    bar = told.get("bar") if isinstance(told, Mapping) else None
    if not isinstance(bar, list) or len(bar) != 3 or bar[0] not in list(Label) or bar[1] not in picture.EDGES[:-1]:
        return
    low = float(bar[1])
    high = round(low + picture.BIN, 6)
    predicted = int((low + high) / 2 >= model.point.threshold)
    confusion.choose((int(Label(bar[0])), predicted))
    session.settle(RANGE, (low, min(high, 1.0)))


def wanted(name: str, *, split: str, cell: str, threshold: float | None) -> Queue:
    """What these filters say now, as a queue under a name; ``DatasetError`` where the name will not do."""
    (low, high), here = st.session_state.get(RANGE, WHOLE), st.session_state
    return Queue(
        name=name, split=split, cell=cell, low=low, high=high, threshold=threshold,
        kinds=tuple(here.get(KINDS) or ()), tags=tuple(here.get(TAGS) or ()), judges=tuple(here.get(JUDGES) or ()),
        differ=bool(here.get(DIFFER)), other=here.get(OTHER) or "",
    )  # fmt: skip


def fill(queue: Queue) -> None:
    """Sets the filters as a queue has them, before they are drawn."""
    st.session_state[RANGE] = (queue.low, queue.high)
    for key, words in ((KINDS, queue.kinds), (TAGS, queue.tags), (JUDGES, queue.judges)):
        st.session_state[key] = list(words)
    st.session_state[DIFFER], st.session_state[OTHER] = queue.differ, queue.other or None


def _only(key: str, known: list[str]) -> None:
    """Of what is chosen only what there is: a queue that was kept may name what has gone."""
    if key in st.session_state:
        st.session_state[key] = [word for word in st.session_state[key] if word in known]


def _clear() -> None:
    fresh: dict[str, object] = {RANGE: WHOLE, KINDS: [], TAGS: [], JUDGES: [], OTHER: None, DIFFER: False}
    for key, value in fresh.items():
        if key in st.session_state:
            st.session_state[key] = value


def _from_address() -> None:
    """The range that the address asks for, where it is one."""
    asked = address.take("scores")
    if asked is None:
        return
    read: Callable[[str], float] = float
    try:
        low, high = map(read, asked.split("-"))
    except ValueError:
        return
    if 0 <= low < high <= 1:
        session.settle(RANGE, (low, high))
