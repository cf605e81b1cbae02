"""What a kind of job is: a name, how it is called for people, and the function that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casting_core.jobs.pulse import Encode, Pulse
from casting_core.records.jobs import Job

Report = Callable[[object], None]
ShouldStop = Callable[[], bool]
Result = dict[str, Any]  # plain values that can be written as JSON


@dataclass(frozen=True, kw_only=True, eq=False)
class Inputs:
    """What a job's function gets: the values that were asked for, and what is its own."""

    values: Mapping[str, Any]
    job: int
    attempt: int  # 2 once it was resumed
    actor: str
    folder: Path  # its own, gone once it has finished; it need not be there yet
    pulse: Pulse  # for work that is resumed: what an earlier attempt told may have to be taken back


Work = Callable[[Inputs, Report, ShouldStop], Result]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of long work. A new one is a new function, and a row in the table of kinds."""

    title: str  # for people, as in "Audit 12"
    work: Work
    encode: Encode | None = None  # how its events are written, where it has any beside progress
    outcome: Callable[[Result], str] = lambda _result: ""  # what it came to, in words for people
    load: Callable[[], None] = lambda: None  # loads what takes seconds, so that it need not when the work begins
    then: Callable[[Job], None] = lambda _job: None  # what is asked for once a process of its own has done it


Kinds = Mapping[str, Kind]
