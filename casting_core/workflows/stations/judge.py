"""What a process that judges does: for each photo that it is given, it says what the version in production says.

One that is called with the word ``shadow`` says what the version in shadow says, and gives way to all others.

It is a process of its own, because a photo from outside may break a decoder or keep it for ever. It looks before each
photo which version is in production and which operating point is in force, and takes up what has changed.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from casting_core.domain import Verdict
from casting_core.errors import CastingError, JobError, ModelError
from casting_core.jobs import bounded
from casting_core.jobs.standing import Standing, answer_all
from casting_core.settings import settings
from casting_core.workflows.judging.answers import drawn_photos
from casting_core.workflows.judging.inspect import judge
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.judging.recorded import Said
from casting_core.workflows.judging.shadow.version import in_shadow
from casting_core.workflows.operating_points import in_force
from casting_core.workflows.stores import registry

MODULE = "casting_core.workflows.stations.judge"
SHADOW = "shadow"  # the word on its command line
GIVES_WAY = 10  # how much lower its priority is then, as ``nice`` counts
MEMORY = 2 * 2**30  # bytes; the largest photos that may be decoded take a third of it
THREADS = 1  # for one photo: there are as many processes as photos that are judged at once
PATIENCE = 20.0  # seconds until a process that does not answer is ended; whoever asked has gone on long before
BETWEEN = "its score lies where a person looks: {}"
NO_MODEL = "there is no model that could judge: {}"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a process said. Without a photo it says only which version would judge."""

    said: Said
    model: str  # the version in production; empty where none can judge
    problem: str  # why none can


def ask(process: Standing, photo: bytes) -> Judged:
    """What the process says of a photo, or without one of its model; ``JobError`` where it gives no answer."""
    told = json.loads(process.ask(photo, seconds=PATIENCE))
    try:
        place, looks = told["said"].pop("place"), tuple(told["said"].pop("looks"))
        said = Said(**told["said"], place=None if place is None else (place[0], place[1]), looks=looks)
        return Judged(said=said, model=told["model"], problem=told["problem"])
    except (KeyError, TypeError, IndexError) as error:
        raise JobError("the process that judges gave no answer that could be read") from error


def produced() -> str:
    """The name of the version in production."""
    return registry().production()


def shadowed() -> str:
    """The name of the version in shadow; ``ModelError`` where none is."""
    found = in_shadow()
    if found is None:
        raise ModelError("no version is in shadow")
    return found.version


class Judge:
    """The version that is ``wanted``, loaded; in the process that judges."""

    def __init__(self, wanted: Callable[[], str] = produced) -> None:
        self._wanted = wanted
        self._model: Model | None = None

    def answer(self, photo: bytes) -> bytes:
        """What the version says of these bytes, as JSON; it never raises."""
        problem = self._take_up()
        said = self._say(photo, problem) if photo else Said(photo="")
        model = self._model.card.name if self._model is not None else ""
        return json.dumps({"said": asdict(said), "model": model, "problem": problem}).encode()

    def _say(self, photo: bytes, problem: str) -> Said:
        if self._model is None:
            return _inspect(NO_MODEL.format(problem))
        try:
            said = Said.of(judge(photo, self._model), self._model)
        except MemoryError:
            return _inspect("the photo cannot be judged: it takes too much memory")
        except Exception as error:  # a graph fed with what nobody thought of has many words for it
            return _inspect(f"the photo cannot be judged: {str(error).strip().partition(chr(10))[0][:200]}")
        if not said.verdict:
            return replace(said, verdict=Verdict.INSPECT.value)
        between = said.verdict == Verdict.INSPECT and not said.reason
        return replace(said, reason=BETWEEN.format(self._model.point.limits)) if between else said

    def _take_up(self) -> str:
        """Sees to it that the version is loaded; why it cannot be, or nothing."""
        try:
            card = registry().card(self._wanted())
            if self._model is None or self._model.card != card:
                self._model = None
                model = load_model(card.name, threads=THREADS)
                model.scorer.score(drawn_photos(card.image_size)[:1])  # the first photo takes longest
                self._model = model
            if (point := in_force(card)) != self._model.point:
                self._model = replace(self._model, point=point)
        except CastingError as error:
            self._model = None
            return str(error)
        except Exception as error:  # of a graph that was never tried out
            self._model = None
            return f"the model cannot be loaded: {str(error).strip().partition(chr(10))[0][:200]}"
        return ""


def _inspect(reason: str) -> Said:
    return Said(photo="", verdict=Verdict.INSPECT.value, reason=reason)


def main(*words: str) -> None:
    """Answers until nobody asks any more."""
    beside = SHADOW in words
    if beside and hasattr(os, "nice"):
        os.nice(GIVES_WAY)
    bounded.limit(memory=MEMORY)
    answer_all(Judge(shadowed if beside else produced).answer, longest=settings().max_photo_bytes)


if __name__ == "__main__":
    main(*sys.argv[1:])
