"""Queues of Review that are kept under a name, for everybody who works with a dataset.

A queue is which castings somebody wants to look at, not which those were: it is filled anew whenever it is opened. Each
change is a row of the ledger, so that whoever takes one away can bring it back.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from casting_core import roles
from casting_core.data.datasets.scan import Dataset
from casting_core.errors import DatasetError
from casting_core.records.chain import Entry, Kind, as_number
from casting_core.roles import Write
from casting_core.workflows.moved import names_of_folder
from casting_core.workflows.stores import ledger

LONGEST = 60  # letters of a name
WORDS = 40  # of one filter


class Step(StrEnum):
    """What happened to a queue."""

    KEPT = "kept"
    TAKEN_AWAY = "taken away"
    BROUGHT_BACK = "brought back"


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Which castings of a split are wanted."""

    name: str
    split: str
    cell: str  # of the confusion matrix, as the address calls it
    low: float = 0.0  # scores from here on
    high: float = 1.0  # and below
    kinds: tuple[str, ...] = ()  # of defect; any where none is named, as with the next two
    tags: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()  # people who have judged them
    differ: bool = False  # only those of which people say different things
    other: str = ""  # only those that this version judges otherwise
    threshold: float | None = None  # as if this were the operating point; none: the one in force

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > LONGEST or not self.name.isprintable():
            raise DatasetError(f"a name has 1 to {LONGEST} letters that can be printed")
        if not 0 <= self.low < self.high <= 1:
            raise DatasetError("scores lie between 0 and 1")


def keep(dataset: Dataset, queue: Queue, *, who: str) -> None:
    """Keeps it under its name, in the place of one that had it; ``DatasetError`` where nobody is named."""
    _write(dataset, Step.KEPT, queue, who)


def take_away(dataset: Dataset, name: str, *, who: str) -> Queue:
    """Takes it away, so that ``bring_back`` can undo it; ``DatasetError`` where there is none of this name."""
    found = queues(dataset)
    if name not in found:
        raise DatasetError(f"there is no queue {name!r} (known: {', '.join(found) or 'none'})")
    _write(dataset, Step.TAKEN_AWAY, found[name], who)
    return found[name]


def bring_back(dataset: Dataset, queue: Queue, *, who: str) -> None:
    """Undoes that it was taken away."""
    _write(dataset, Step.BROUGHT_BACK, queue, who)


def queues(dataset: Dataset) -> dict[str, Queue]:
    """Those that are kept, by name in order."""
    found: dict[str, Queue] = {}
    names = names_of_folder(dataset.root)
    for row in reversed([row for row in ledger().rows(kinds=[Kind.QUEUE]) if row.about in names]):
        queue = _read(row)
        if queue is not None and row.values.get("step") == Step.TAKEN_AWAY:
            found.pop(queue.name, None)
        elif queue is not None:
            found[queue.name] = queue
    return dict(sorted(found.items()))


def _write(dataset: Dataset, step: Step, queue: Queue, who: str) -> None:
    who = roles.require(Write.JUDGE, who).strip()
    if not who:
        raise DatasetError("say who you are: everybody sees who has kept a queue")
    body = {"step": step.value, **asdict(queue)}
    ledger().add(Kind.QUEUE, about=str(dataset.root), body=body, actor=who)


def _read(row: Entry) -> Queue | None:
    """The queue that a row tells of; none where somebody has altered it."""
    said = row.values
    told: dict[str, Any] = {name: str(said.get(name, "")) for name in ("name", "split", "cell", "other")}
    told |= {name: _words(said.get(name)) for name in ("kinds", "tags", "judges")}
    told |= {name: as_number(said.get(name), otherwise=usual) for name, usual in (("low", 0.0), ("high", 1.0))}
    threshold = as_number(said.get("threshold"), otherwise=None)
    try:
        return Queue(**told, differ=said.get("differ") is True, threshold=threshold)
    except DatasetError:
        return None


def _words(told: object) -> tuple[str, ...]:
    return tuple(str(word) for word in told[:WORDS]) if isinstance(told, list) else ()
