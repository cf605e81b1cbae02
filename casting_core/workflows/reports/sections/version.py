"""The version: what it is, how it was trained, and what its curves say."""

from casting_core.learning.recipes.recipe import in_words
from casting_core.records.card import ModelCard
from casting_core.records.version_files import GRAPH
from casting_core.wording import count, listed
from casting_core.workflows.judging.learned import tried
from casting_core.workflows.judging.seen import chosen_on_validation
from casting_core.workflows.reports import charts
from casting_core.workflows.reports.blocks import Block, Chart, Charts, Facts, Section, Table, Tone, Words
from casting_core.workflows.reports.values import Report
from casting_core.workflows.training.learning_curve import words as more_castings


def identity(report: Report) -> Section:
    """Which version this report is about, to the bit."""
    card = report.card
    rows = [
        ("version", card.name + (", in production" if report.in_production else ", not in production")),
        ("created", _created(card)),
        ("network", f"{card.network}, {card.parameters:,} weights, photos of {card.image_size} x {card.image_size}"),
        ("graph that judges, sha256", card.files.get(GRAPH, "not on its card")),
        ("made by program", card.program or "an older one that did not say"),
        ("reported by program", report.program),
        ("libraries", listed([f"{name} {version}" for name, version in card.versions.items()])),
    ]
    files = tuple(sorted(card.files.items()))
    return Section(
        title="Version",
        blocks=(
            Facts(rows=tuple(rows)),
            Words(text="Each file of the version is checked against this sha256 before it is used.", tone=Tone.NOTE),
            Table(columns=("file", "sha256"), rows=files, wide=(1,), codes=(1,)),
        ),
    )


def _created(card: ModelCard) -> str:
    told = card.created.replace("T", " ")[:16] + (" UTC" if card.created.endswith(("+00:00", "Z")) else "")
    told += f", by run {card.run}" if card.run is not None else ""
    return told + (f", brought here from {card.brought_from}" if card.brought_from else "")


def recipe(report: Report) -> Section:
    """How it was trained, in words."""
    card = report.card
    settings = tuple((title, value) for title, value in in_words(card.recipe).items() if value != "")
    blocks: list[Block] = [Facts(rows=settings, side_by_side=True)]
    blocks += [Words(text=tried(card))] if tried(card) else []
    return Section(title="Recipe", blocks=tuple(blocks))


def curves(report: Report) -> Section:
    """How the training went on, epoch by epoch."""
    card = report.card
    ended = ", and then stopped by a person" if card.stopped else ""
    told = f"{count(len(card.curves), 'epoch')}{ended}; the weights that judge were taken at epoch {card.best_epoch}."
    loss = charts.curves(
        [("train", [one.loss for one in card.curves]), ("validation", [one.validation_loss for one in card.curves])],
        best=card.best_epoch,
    )
    right = charts.curves(
        [
            ("train", [one.accuracy for one in card.curves]),
            ("validation", [one.validation_accuracy for one in card.curves]),
        ],
        best=card.best_epoch,
        from_zero=False,
    )
    drawn = (
        Chart(title="Loss", svg=loss, alt=f"Loss by epoch, train and validation, {len(card.curves)} epochs"),
        Chart(title="Share of photos right", svg=right, alt="Share of photos right by epoch, train and validation"),
    )
    blocks: list[Block] = [Words(text=told), Charts(charts=drawn)]
    if card.learning_curve is not None:
        blocks.append(Words(text=more_castings(card.learning_curve, chose=chosen_on_validation(card))))
    return Section(title="Training curves", blocks=tuple(blocks))
