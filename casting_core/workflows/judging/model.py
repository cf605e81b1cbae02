"""A model version ready to judge with."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from casting_core.domain import OperatingPoint
from casting_core.errors import ModelError
from casting_core.judging.explanation import Grid
from casting_core.judging.gating.reference import Reference
from casting_core.judging.graphs import look_through, quickened
from casting_core.judging.kinds import Kinds
from casting_core.judging.scoring import Scorer
from casting_core.records.card import ModelCard
from casting_core.records.version_files import GATE, GRAPH, KINDS, LARGEST
from casting_core.records.version_folder import file_in, read_in
from casting_core.workflows.operating_points import in_force, registered
from casting_core.workflows.recipes import alignment_on, check_card
from casting_core.workflows.stores import registry


@dataclass(frozen=True, kw_only=True)
class Model:
    """A version ready to judge with."""

    card: ModelCard
    point: OperatingPoint  # in force when it was loaded
    scorer: Scorer
    gate: Reference
    kinds: Kinds | None = None  # of defect that it knows; none where nobody named any when it was trained

    @property
    def grid(self) -> Grid:
        """Where the version's evidence lies in the photo."""
        return Grid(first=self.card.evidence_first, step=self.card.evidence_step)


def load_model(name: str | None = None, *, threads: int | None = None) -> Model:
    """A version by its name, or the one in production; ``ModelError`` where it is unknown, damaged or foreign.

    ``threads``: with so many it scores a photo; with as many as there are cores if not given.
    """
    store = registry()
    card = store.card(name or store.production())
    return _loaded(card, in_force(card), lambda file: store.file(card.name, file), threads)


def load_from(folder: Path) -> Model:
    """The version in a folder that is not one of the registry yet; ``ModelError`` as ``load_model``."""
    card = read_in(folder, check_card)
    return _loaded(card, registered(card), partial(file_in, folder, card))


def _loaded(card: ModelCard, point: OperatingPoint, file: Callable[[str], bytes], threads: int | None = None) -> Model:
    graph, looks = file(GRAPH), file(GATE)
    named = file(KINDS) if KINDS in card.files else None
    look_through(graph)
    _look_into(looks, GATE, "gate")
    _look_into(named or b"", KINDS, "kinds of defect")
    return Model(
        card=card,
        point=point,
        scorer=Scorer(quickened(graph), alignment_on(card), threads=threads),
        gate=Reference.from_bytes(looks),
        kinds=None if named is None else Kinds.from_bytes(named),
    )


def _look_into(packed: bytes, name: str, what: str) -> None:
    """Refuses an archive that would unpack to gigabytes; what is none at all its reader says."""
    with suppress(zipfile.BadZipFile, OSError, ValueError), zipfile.ZipFile(io.BytesIO(packed)) as archive:
        if sum(one.file_size for one in archive.infolist()) > LARGEST[name]:
            raise ModelError(f"the model's {what} cannot be read: it would unpack to too many bytes")
