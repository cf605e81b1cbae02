"""What other parts of the program have measured of a version, as a report tells it; nothing where they have not."""

from contextlib import suppress

import pandas as pd

from casting_core.data.datasets.scan import Dataset
from casting_core.errors import CastingError, DatasetError
from casting_core.judging.agreement.answers import NONE
from casting_core.judging.agreement.values import Appraiser
from casting_core.records.card import ModelCard
from casting_core.wording import count
from casting_core.workflows.agreement import plan, told
from casting_core.workflows.agreement.appraising import given
from casting_core.workflows.agreement.plan import Plan
from casting_core.workflows.agreement.result import result
from casting_core.workflows.judging.model import Model
from casting_core.workflows.judging.panel.keep import kept, kept_at
from casting_core.workflows.reports.blocks import Block, Listed, Table, Tone, Words

HEAD = ("Appraiser", "Effectiveness", "Missed", "False alarms", "Kappa against the reference", "AIAG: VDA 5")


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


def agreement(model: Model, dataset: Dataset) -> tuple[Block, ...]:
    """How people and the version agree, by the latest study of this dataset in which somebody has judged."""
    study = next(
        (one for one in _studies(dataset) if any((answers != NONE).any() for answers in given(one).values())), None
    )
    if study is None:
        return ()
    found = result(study, [model])
    rows = tuple(_of_appraiser(one) for one in found.study.appraisers)
    pairs = tuple(
        f"{pair.first} with {pair.second}: Cohen's kappa {told.with_band(pair.kappa)}; AC1 {told.coefficient(pair.ac1)}"
        for pair in found.study.pairs
    )
    made = f"Study {study.study}: {count(found.study.parts, 'part')}, {count(study.trials, 'trial')}"
    return (
        Words(text=f"{made}. Fleiss' kappa of all answers {told.with_band(found.study.fleiss)}."),
        Table(columns=HEAD, rows=rows, wide=(1, 2, 3, 4)),
        *([Listed(items=pairs)] if pairs else []),
        *(Words(text=caution, tone=Tone.WARNING) for caution in found.cautions),
        *(Words(text=note, tone=Tone.NOTE) for note in found.notes),
    )


def _of_appraiser(one: Appraiser) -> tuple[str, ...]:
    """A row of the table, under ``HEAD``."""
    return (
        one.name,
        told.in_words(one.effectiveness),
        told.wrong_in_words(one.missed),
        told.wrong_in_words(one.false_alarms),
        told.with_band(one.kappa),
        told.verdict(one),
    )


def _studies(dataset: Dataset) -> list[Plan]:
    """The studies of this dataset, the newest first; damaged ones say so elsewhere."""
    found = []
    for name in plan.studies():
        with suppress(CastingError):
            found.append(plan.find(name))
    ours = [one for one in found if one.dataset == str(dataset.root)]
    return sorted(ours, key=lambda one: one.made, reverse=True)
