"""Commands about model versions: which there are, what each is, which one is in use."""

from pathlib import Path

import click

from casting_core.commands.terminal import answer, as_json, plain, sentences
from casting_core.errors import CastingError, ModelError
from casting_core.records.registry import ModelCard
from casting_core.workflows import judge as judging
from casting_core.workflows.installation import registry


@click.group()
def models() -> None:
    """Model versions: list, show, promote, export."""


@models.command("list")
@as_json
@sentences
def list_models(*, as_json: bool) -> None:
    """All versions, the newest first; the one in production has a star."""
    store = registry()
    cards, damaged = store.cards(), store.damaged()
    try:
        production = store.production()
    except ModelError as error:
        if not cards:
            raise
        production, damaged = "", damaged | {"production": str(error)}
    rows = [
        {"name": card.name, "network": card.network, "created": card.created, "production": card.name == production}
        for card in cards
    ]
    lines = [
        f"{'*' if row['production'] else ' '} {row['name']:<10}{row['network']:<12}{row['created']}" for row in rows
    ]
    lines += [f"! {name:<10}{plain(reason)}" for name, reason in damaged.items()]
    answer({"models": rows, "damaged": damaged}, "\n".join(lines), as_json=as_json)


@models.command()
@click.argument("name")
@as_json
@sentences
def show(*, name: str, as_json: bool) -> None:
    """The card of one version."""
    card = registry().card(name)
    answer(card.model_dump(mode="json"), summary(card), as_json=as_json)


@models.command()
@click.argument("name")
@as_json
@sentences
def promote(*, name: str, as_json: bool) -> None:
    """Put a version in production."""
    judging.load_model(name)  # what cannot judge must not be put where it has to
    registry().promote(name)
    answer({"production": name}, f"Model {name} is in production.", as_json=as_json)


@models.command()
@click.argument("name")
@click.argument("out", type=click.Path(path_type=Path))
@as_json
@sentences
def export(*, name: str, out: Path, as_json: bool) -> None:
    """Write everything of one version into the zip file OUT (or into the folder OUT as NAME.zip)."""
    target = out / f"{name}.zip" if out.is_dir() else out
    try:
        target.write_bytes(registry().archive(name))
    except OSError as error:
        raise CastingError(f"{target} cannot be written: {error.strerror}") from error
    answer({"model": name, "file": str(target)}, f"Model {name} is in {target}.", as_json=as_json)


def summary(card: ModelCard) -> str:
    """What a person wants to know of a version, one line each."""
    lines = [
        f"name          {card.name}",
        f"created       {card.created}" + (f" by run {card.run}" if card.run else ""),
        f"network       {card.network}, {card.parameters:,} weights",
        f"recipe        {', '.join(f'{name} {value}' for name, value in card.recipe.items())}",
        f"data          {plain(card.data['name'])}, {card.data['trained_on']} photos trained on, "
        f"{card.data['validated_on']} validated on",
        f"best epoch    {card.best_epoch} of {len(card.curves)}" + (", stopped by a person" if card.stopped else ""),
        f"threshold     {card.threshold:g} ({card.threshold_chosen})",
    ]
    for split, figures in card.metrics.items():
        lines.append(
            f"{split:<14}accuracy {figures['accuracy']:.4f}, missed {figures['missed']}, "
            f"false alarms {figures['false_alarms']} of {figures['photos']} photos"
        )
    return "\n".join(lines)
