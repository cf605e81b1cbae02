"""One search for photos of one casting: whom each photo is compared with, and what happens to the groups meanwhile.

Photos meet their nearest first and join; then a few photos of each group meet those that stand for other groups. Links
that prove little wait until the end, and must be confirmed by other photos of the two groups.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import cv2
import numpy as np
from threadpoolctl import threadpool_limits

from casting_core.data.castings.candidates import Candidate, Index
from casting_core.data.castings.joining import Groups, confirmed
from casting_core.data.imaging.features import Features, describe
from casting_core.data.imaging.images import Grey
from casting_core.data.imaging.matching import LOWEST, Match, compare, enough
from casting_core.domain import Progress
from casting_core.errors import DatasetError

FIRST = 3  # candidates each photo is compared with
AGAIN = 5  # candidates each group's exemplar is compared with, among the exemplars of other groups
EXEMPLARS = 3  # photos that stand for a group
ROUNDS = 4  # of joining groups, at most; it ends when a round joins none
AT_RANDOM = 256  # photos that tell what look-alikes of this product agree in, each with another one
TOGETHER = 64  # photos or pairs worked on before the next look at the groups

Given = TypeVar("Given")
Made = TypeVar("Made")
Pair = tuple[int, int, bool]  # two photos by their place, the lower first, and whether one is mirrored


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Photos are shared out to one worker a core; threads that libraries start would only be in the way."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        cv2.setNumThreads(before)


class Search:
    """One search: the photos' features, the groups so far, and the pairs looked at."""

    def __init__(
        self,
        names: Sequence[str],
        read: Callable[[int], Grey],
        *,
        report: Progress,
        should_stop: Callable[[], bool],
    ) -> None:
        self.groups = Groups(len(names))
        self.compared: dict[Pair, Match | None] = {}
        self._read, self._report, self._should_stop = read, report, should_stop
        self._steps, self._total = 0, (2 + FIRST) * len(names)  # features, candidates, comparisons
        self._enough = LOWEST
        self._features: list[Features] = []
        self._found: dict[Pair, Match] = {}
        self._doubtful: dict[Pair, Match] = {}

    def run(self) -> dict[Pair, Match]:
        """The links that join the groups."""
        count = self.groups.count
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            self._pool = pool
            self._features = self._each(lambda at: describe(self._read(at)), range(count))
            index = Index(self._features)
            self._enough = self._ask_lookalikes(index)
            near = self._each(lambda at: index.near(at, FIRST), range(count))
            for rank in range(FIRST):
                self._join([_pair(at, found[rank]) for at, found in enumerate(near) if len(found) > rank])
            for _ in range(ROUNDS):
                if not self._meet(index):
                    break
            self._settle()
        self._report(self._total, self._total)
        return self._found

    def _ask_lookalikes(self, index: Index) -> float:
        """The agreement that proves one casting among these photos."""
        rng, count = np.random.default_rng(0), self.groups.count
        asked = rng.choice(count, min(AT_RANDOM, count), replace=False)
        others = np.arange(count)[None] == rng.integers(count, size=len(asked))[:, None]
        near = [index.near(int(at), 1, among=among) for at, among in zip(asked, others, strict=True)]
        pairs = [_pair(int(at), found[0]) for at, found in zip(asked, near, strict=True) if found]
        return enough(self._each(self._compare, pairs))

    def _each(self, work: Callable[[Given], Made], given: Sequence[Given]) -> list[Made]:
        """The work done on each, in order, on every core."""
        made: list[Made] = []
        for start in range(0, len(given), TOGETHER):
            made += self._pool.map(work, given[start : start + TOGETHER])
            self._step(len(made) - start)
        return made

    def _step(self, done: int) -> None:
        if self._should_stop():
            raise DatasetError("the search for photos of one casting was stopped before its end; nothing was kept")
        self._steps += done
        self._report(min(self._steps, self._total), self._total)

    def _join(self, pairs: Sequence[Pair]) -> int:
        """How many groups were joined; pairs that are in one group by then are not looked at."""
        joined = 0
        for start in range(0, len(pairs), TOGETHER):
            apart = dict.fromkeys(
                pair
                for pair in pairs[start : start + TOGETHER]
                if pair not in self.compared and not self.groups.together(*pair[:2])
            )
            for pair, match in zip(apart, self._pool.map(self._compare, apart), strict=True):
                self.compared[pair] = match
                if match and match.beyond_doubt(self._enough):
                    joined += self._note(pair, match)
                elif match and match.holds(self._enough):
                    self._doubtful[pair] = match
            self._step(min(TOGETHER, len(pairs) - start))
        return joined

    def _note(self, pair: Pair, match: Match) -> bool:
        joined = self.groups.join(*pair[:2])
        if joined:
            self._found[pair] = match
        return joined

    def _compare(self, pair: Pair) -> Match | None:
        first, second, mirrored = pair
        grey = (self._read(first), self._read(second))
        return compare(self._features[first], self._features[second], grey, mirrored=mirrored)

    def _meet(self, index: Index) -> int:
        """Compares a few photos of each group with the likest of those that stand for other groups."""
        exemplars = [at for members in self.groups.all() for at in self._best(members)]
        self._total += 2 * len(exemplars)
        stands = np.isin(np.arange(self.groups.count), exemplars)
        owner = np.array([self.groups.of(at) for at in range(self.groups.count)])
        near = self._each(lambda at: index.near(at, AGAIN, among=stands & (owner != owner[at])), exemplars)
        pairs = (_pair(at, candidate) for at, found in zip(exemplars, near, strict=True) for candidate in found)
        return self._join(list(dict.fromkeys(pairs)))

    def _best(self, members: Sequence[int]) -> list[int]:
        return sorted(members, key=lambda at: (-len(self._features[at]), at))[:EXEMPLARS]

    def _settle(self) -> None:
        """Joins groups by doubtful links too, the best first, where other photos of the two confirm them."""
        for pair, match in sorted(self._doubtful.items(), key=_best_first):
            if not self.groups.together(*pair[:2]) and confirmed(self.groups, *pair[:2], self._agrees):
                self._note(pair, match)

    def _agrees(self, one: int, other: int) -> bool:
        for mirrored in (False, True):
            pair = (min(one, other), max(one, other), mirrored)
            if pair not in self.compared:
                self.compared[pair] = self._compare(pair)
            match = self.compared[pair]
            if match and match.holds(self._enough):
                return True
        return False


def _pair(at: int, candidate: Candidate) -> Pair:
    return min(at, candidate.photo), max(at, candidate.photo), candidate.mirrored


def _best_first(doubtful: tuple[Pair, Match]) -> tuple[float, Pair]:
    pair, match = doubtful
    return -match.share * match.agreement, pair
