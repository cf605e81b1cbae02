"""A model version ready to judge with."""

from dataclasses import dataclass

from casting_core.domain import OperatingPoint
from casting_core.judging import gate
from casting_core.judging.explanation import Grid
from casting_core.judging.scoring import Scorer
from casting_core.records.card import ModelCard
from casting_core.records.registry import GATE
from casting_core.workflows.recipes import alignment_on
from casting_core.workflows.stores import registry


@dataclass(frozen=True, kw_only=True)
class Model:
    """A version ready to judge with."""

    card: ModelCard
    scorer: Scorer
    gate: gate.Reference

    @property
    def point(self) -> OperatingPoint:
        """The threshold the version was registered with."""
        return OperatingPoint(threshold=self.card.threshold, chosen=self.card.threshold_chosen)

    @property
    def grid(self) -> Grid:
        """Where the version's evidence lies in the photo."""
        return Grid(first=self.card.evidence_first, step=self.card.evidence_step)


def load_model(name: str | None = None) -> Model:
    """A version by its name, or the one in production; ``ModelError`` where it is unknown, damaged or foreign."""
    store = registry()
    card = store.card(name or store.production())
    return Model(
        card=card,
        scorer=Scorer(store.graph(card.name), alignment_on(card)),
        gate=gate.Reference.from_bytes(store.file(card.name, GATE)),
    )
