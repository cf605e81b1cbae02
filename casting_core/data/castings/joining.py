"""Joining photos to castings, link by link, and what a doubtful link must show before it may join two groups."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

WITNESSES = 3  # other pairs of photos asked to confirm a doubtful link


@dataclass
class Groups:
    """Photos 0 to ``count`` in groups that only ever grow (union-find)."""

    count: int
    _parents: list[int] = field(init=False)
    _members: dict[int, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self._parents = list(range(self.count))
        self._members = {photo: [photo] for photo in range(self.count)}

    def of(self, photo: int) -> int:
        """The group of a photo: the number of one of its members."""
        while self._parents[photo] != photo:
            self._parents[photo] = self._parents[self._parents[photo]]
            photo = self._parents[photo]
        return photo

    def together(self, one: int, other: int) -> bool:
        """Whether two photos are in one group."""
        return self.of(one) == self.of(other)

    def members(self, photo: int) -> Sequence[int]:
        """Every photo in the group of this one."""
        return self._members[self.of(photo)]

    def all(self) -> list[list[int]]:
        """The groups, each in order, the one with the earliest photo first."""
        return sorted(sorted(members) for members in self._members.values())

    def join(self, one: int, other: int) -> bool:
        """Makes one group of two; false where they were one already."""
        small, large = sorted((self.of(one), self.of(other)), key=lambda at: (len(self._members[at]), -at))
        if small == large:
            return False
        self._parents[small] = large
        self._members[large] += self._members.pop(small)
        return True


def witnesses(groups: Groups, one: int, other: int) -> Iterable[tuple[int, int]]:
    """Other pairs of photos of the two groups, those that share neither photo with the link in question first."""
    pairs = (
        (left, right)
        for left, right in product(_few(groups.members(one), one), _few(groups.members(other), other))
        if (left, right) != (one, other)
    )
    ordered = sorted(pairs, key=lambda pair: (pair[0] == one) + (pair[1] == other))
    return islice(ordered, WITNESSES)


def confirmed(groups: Groups, one: int, other: int, agrees: Callable[[int, int], bool]) -> bool:
    """Whether a doubtful link may join the groups: most other pairs agree, or there is no other pair to ask."""
    asked = [agrees(left, right) for left, right in witnesses(groups, one, other)]
    return 2 * sum(asked) >= len(asked)


def _few(members: Sequence[int], first: int) -> list[int]:
    return [*islice((member for member in sorted(members) if member != first), WITNESSES), first]
