"""What it costs to bring a photo into the form that a network sees: the part is found, and its view is taken."""

from dataclasses import dataclass
from functools import partial

from casting_core.data.drawing.drawn import draw_casting
from casting_core.data.drawing.parts import Part
from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.data.imaging.alignment.choice import learn
from casting_core.data.imaging.images import Grey
from casting_core.domain import Label
from tests.bench.figures import Bar, Figure, figure, timed

MOST = 2.0  # milliseconds a photo


@dataclass(frozen=True, kw_only=True)
class Aligned:
    """Photos of one kind of part, one by one."""

    part: str
    kind: str  # of the alignment that was chosen
    photos: int
    each: Figure  # milliseconds

    @property
    def bar(self) -> Bar:
        """A photo may cost so much."""
        return Bar(name=f"aligning a drawn {self.part}", value=self.each.median, limit=MOST, upper=True)


def measure(*, photos: int) -> list[Aligned]:
    """The figures of each drawn part, on photos that its alignment was not learned from."""
    return [_of(part, photos) for part in Part]


def _of(part: Part, photos: int) -> Aligned:
    alignment = learn(_drawn(part, range(24)))
    others = _drawn(part, range(1000, 1000 + photos))
    seconds = [timed(partial(_view, alignment, grey)).seconds for grey in others * 3]
    once_warm = figure([1000 * one for one in seconds[photos:]])
    return Aligned(part=part.value, kind=alignment.kind.value, photos=photos, each=once_warm)


def _view(alignment: Alignment, grey: Grey) -> Grey:
    return alignment.view(grey, alignment.place(grey))


def _drawn(part: Part, seeds: range) -> list[Grey]:
    return [draw_casting(seed, label=Label(seed % 2), part=part).pixels for seed in seeds]
