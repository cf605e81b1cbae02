"""How often the version in shadow and the one in production said the same, and the photos they differ about."""

import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from casting_core.domain import Verdict
from casting_core.records.chain import Kind
from casting_core.wording import count
from casting_core.workflows.judging.shadow.verdicts import Pair, read
from casting_core.workflows.judging.shadow.version import InShadow
from casting_core.workflows.stores import ledger

SHOWN = 200  # photos they differ about that are kept to be looked at, the newest
ORDER = [*(verdict.value for verdict in Verdict), ""]
NONE = "no verdict"


@dataclass(frozen=True, kw_only=True)
class Count:
    """Photos of which both said this."""

    production: str  # a verdict; empty for none
    shadow: str
    photos: int

    @property
    def words(self) -> str:
        """What both said, as people read it: ``pass → reject``."""
        return f"{self.production or NONE} → {self.shadow or NONE}"


@dataclass(frozen=True, kw_only=True)
class Differences:
    """What came of a shadow so far."""

    counts: Sequence[Count]  # by what both said
    differing: Sequence[Pair]  # the newest first; only so many of them

    @property
    def photos(self) -> int:
        """How many photos both have judged."""
        return sum(one.photos for one in self.counts)

    @property
    def different(self) -> int:
        """Of how many they said something else."""
        return sum(one.photos for one in self.counts if one.production != one.shadow)

    @property
    def words(self) -> str:
        """All of it in a sentence."""
        if not self.photos:
            return "It has judged no photo yet."
        told = f"It has judged {count(self.photos, 'photo')}, and {self.different:,} of them otherwise"
        return f"{told} than the version in production."


class Tally:
    """Counts what was said since a version was put in shadow; each row is read once. Threads may share it."""

    def __init__(self, begun: InShadow) -> None:
        self._begun, self._read, self._lock = begun, begun.row, threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()
        self._differing: deque[Pair] = deque(maxlen=SHOWN)

    def now(self) -> Differences:
        """What came of it so far."""
        with self._lock:
            for row in ledger().walk(kinds=[Kind.SHADOW_VERDICT], after=self._read):
                self._read = row.number
                pair = read(row)
                if (pair.said.model, pair.said.graph) == (self._begun.version, self._begun.graph):
                    self._take(pair)
            counts = [
                Count(production=mine, shadow=theirs, photos=self._counts[mine, theirs])
                for mine in ORDER
                for theirs in ORDER
                if self._counts[mine, theirs]
            ]
            return Differences(counts=counts, differing=list(reversed(self._differing)))

    def _take(self, pair: Pair) -> None:
        known = [one if one in ORDER else "" for one in (pair.answer.verdict, pair.said.verdict)]
        self._counts[known[0], known[1]] += 1
        if pair.differs:
            self._differing.append(pair)
