"""What other parts of the program have measured of a version, as a report tells it; nothing where they have not."""

import pandas as pd

from casting_core.data.datasets.scan import Dataset
from casting_core.errors import DatasetError
from casting_core.records.card import ModelCard
from casting_core.wording import count
from casting_core.workflows.judging.panel.keep import kept, kept_at
from casting_core.workflows.reports.blocks import Block, Listed, Tone, Words


def stress(card: ModelCard, dataset: Dataset, castings: "pd.Series[int]") -> tuple[Block, ...]:
    """What the panel says that is kept of these very photos, at the operating point in force."""
    from casting_core.judging.panel.verdict import verdict  # OpenCV, which the dashboard's start must not pay for

    try:
        made = kept(kept_at(card, dataset, castings))
    except DatasetError as error:
        return (Words(text=f"Not told: {error}.", tone=Tone.WARNING),)
    if made is None:
        return ()
    said = verdict(made)
    looked = f"{count(made.photos, 'photo')} of {count(made.castings, 'casting')} were put under stress"
    worth = "castings that prove" if made.proves else "castings that prove nothing"
    return (
        Words(text=said.first),
        *([Listed(items=said.others)] if said.others else []),
        Words(text=f"{looked}, of {worth}; the command panel gives the curves.", tone=Tone.NOTE),
    )
