"""Commands about model versions: which there are, what each is, which one is in use."""

import getpass
import sys
from collections.abc import Callable
from pathlib import Path

import click

from casting_core.commands.terminal import answer, as_json, progress, say, sentences
from casting_core.domain import WRONG_CASTING
from casting_core.errors import CastingError, ModelError
from casting_core.learning.recipes.recipe import in_words
from casting_core.records.card import ModelCard
from casting_core.wording import escapes, false_alarms, moment, printable, proof, share
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.learned import nothing_learned, tried
from casting_core.workflows.judging.measuring.measure import measure, usual_split
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.judging.scores import NOT_COUNTED, Score, scores
from casting_core.workflows.judging.seen import chosen_on_validation
from casting_core.workflows.models import promotion, release_gate, status
from casting_core.workflows.models.comparison import Compared, on_same_castings
from casting_core.workflows.models.importing import import_version
from casting_core.workflows.models.release_gate import Checked
from casting_core.workflows.operating_points import in_force, registered
from casting_core.workflows.stores import registry
from casting_core.workflows.training.learning_curve import words

data_option = click.option(
    "--data", type=click.Path(path_type=Path), help="A dataset whose castings both versions judge, to compare them."
)

second_option = click.option(
    "--second", default="", metavar="NAME", help="A second person who signs, where the gate is blocked."
)


def signed(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say who decides and why; both are kept in the ledger."""
    command = click.option("--why", default="", metavar="REASON", help="Why; it is kept in the ledger.")(command)
    name = click.option("--who", default=_user, show_default="who is signed in", metavar="NAME", help="Who decides.")
    return name(command)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # nobody is signed in, as in a container
        return ""


@click.group()
def models() -> None:
    """Model versions: list, show, promote, undo, export, import."""


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
    lines += [f"! {name:<10}{printable(reason)}" for name, reason in damaged.items()]
    answer({"models": rows, "damaged": damaged}, "\n".join(lines), as_json=as_json)


@models.command()
@click.argument("name")
@as_json
@sentences
def show(*, name: str, as_json: bool) -> None:
    """The card of one version."""
    card = registry().card(name)
    stated = status.status_of(card)
    by = f", said {moment(stated.at)} by {printable(stated.who)}" if stated.who else ""
    told = f"{summary(card)}\nevaluation    {stated.status.value}{by}"
    answer(card.model_dump(mode="json") | {"evaluation": stated.status.value}, told, as_json=as_json)


@models.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask; nobody is asked where no person is at the terminal either.")
@data_option
@second_option
@signed
@as_json
@sentences
def promote(*, name: str, yes: bool, data: Path | None, second: str, who: str, why: str, as_json: bool) -> None:
    """Put a version in production, after a look at its figures beside those of the one that is."""
    _put_in_production(name, ask=not (yes or as_json), data=data, second=second, who=who, why=why, as_json=as_json)


@models.command()
@click.option("--yes", is_flag=True, help="Do not ask; nobody is asked where no person is at the terminal either.")
@data_option
@second_option
@signed
@as_json
@sentences
def undo(*, yes: bool, data: Path | None, second: str, who: str, why: str, as_json: bool) -> None:
    """Put back in production the version that was there before."""
    former = registry().former()
    if former is None:
        raise ModelError(promotion.NO_FORMER)
    _put_in_production(former, ask=not (yes or as_json), data=data, second=second, who=who, why=why, as_json=as_json)


def _put_in_production(
    name: str, *, ask: bool, data: Path | None, second: str, who: str, why: str, as_json: bool
) -> None:
    card, now = registry().card(name), promotion.in_production()
    compared = _compared(card, now, data) if now is not None and now.name != card.name else None
    checked = None if data is None else _gate(card, compared, data)
    if ask:
        say(_side_by_side(card, now, compared, checked), err=True)
        if sys.stdin.isatty() and not click.confirm(f"Put {name} in production?", err=True):
            raise ModelError(f"nothing was changed: {now.name if now else 'no version'} is in production")
    promotion.promote(name, actor=who, reason=why, checked=checked, second=second)
    before = f" Before it was {now.name}; 'models undo' puts it back." if now and now.name != name else ""
    values = {"production": name, "gate": None if checked is None else checked.gate.value}
    answer(values, f"Model {name} is in production.{before}", as_json=as_json)


def _side_by_side(card: ModelCard, now: ModelCard | None, compared: Compared | None, checked: Checked | None) -> str:
    rows = {"": (f"{now.name} (now)" if now else "", card.name)} | promotion.side_by_side(card, now)
    lines = [f"{row:<25}{printable(old):<40}{printable(new)}".rstrip() for row, (old, new) in rows.items()]
    lines += [printable(compared.words)] if compared is not None else []
    lines += (
        [printable(f"The gate is {checked.gate.value}. {' '.join(checked.reasons)}")] if checked is not None else []
    )
    return "\n".join(lines)


def _compared(card: ModelCard, now: ModelCard, data: Path | None) -> Compared:
    """Both on the same castings, where a dataset is named to do it on."""
    if data is None:
        return Compared(why_not="no dataset is named; --data FOLDER judges its castings with both")
    dataset = open_dataset(data, report=progress("read"))
    for one in (now, card):
        loaded = load_model(one.name)
        measure(dataset, usual_split(dataset), loaded, read=progress("scored"), compared=progress("compared"))
    return on_same_castings(card, now, dataset, casting_of(dataset), name=str(data))


def _gate(card: ModelCard, compared: Compared | None, data: Path) -> Checked:
    golden = release_gate.golden_wrong(load_model(card.name), open_dataset(data))
    return release_gate.check(card, compared, golden)


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
        raise CastingError(f"{printable(str(target))} cannot be written: {error.strerror}") from error
    answer({"model": name, "file": str(target)}, f"Model {name} is in {printable(str(target))}.", as_json=as_json)


@models.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "name", default="", metavar="NAME", help="What to call it here; the next vN otherwise.")
@as_json
@sentences
def import_(*, file: Path, name: str, as_json: bool) -> None:
    """Take in the version in FILE, a zip file that 'models export' has written.

    It is tried on known photos first; what cannot judge, or answers otherwise than where it was made, is refused.
    """
    card = import_version(file, name=name)
    told = f"Model {card.name} is here; it was {card.brought_from} where it was made."
    answer({"model": card.name, "brought_from": card.brought_from}, told, as_json=as_json)


def summary(card: ModelCard) -> str:
    """What a person wants to know of a version, one line each."""
    lines = [
        f"name          {card.name}",
        f"created       {card.created}" + (f" by run {card.run}" if card.run else "") + _origin(card),
        f"network       {card.network}, {card.parameters:,} weights",
        f"recipe        {printable('; '.join(f'{title}: {value}' for title, value in in_words(card.recipe).items()))}",
        f"data          {printable(card.data.name)}, {card.data.trained_on} photos trained on"
        f"{card.data.learned_often}, "
        f"{card.data.validated_on} validated on{card.data.learned_then}",
        f"best epoch    {card.best_epoch} of {len(card.curves)}" + (", stopped by a person" if card.stopped else ""),
        f"threshold     {card.threshold:g} ({card.threshold_chosen})",
    ]
    lines += [f"judges at     {now.limits} ({now.chosen})" for now in (in_force(card),) if now != registered(card)]
    lines += [line for score in scores(card) for line in _of_score(score)]
    lines.append(WRONG_CASTING)
    for split, figures in card.metrics.items():
        if figures.right_by_fold:
            lines.append(f"{split}: photos right by fold {', '.join(share(one) for one in figures.right_by_fold)}")
    if card.learning_curve:
        lines.append(f"more castings {words(card.learning_curve, chose=chosen_on_validation(card))}")
    lines += [said for said in (tried(card),) if said]
    return "\n".join([said for said in (nothing_learned(card),) if said] + lines)


def _origin(card: ModelCard) -> str:
    return f", brought here from {printable(card.brought_from)}" if card.brought_from else ""


def _of_score(score: Score) -> list[str]:
    """Castings first, then photos."""
    castings = NOT_COUNTED
    if score.outcomes is not None:
        castings = f"{escapes(score.outcomes)}, {false_alarms(score.outcomes)}"
        castings += f". {proof(score.outcomes)}" if score.proves else ", which proves nothing"
    return [
        f"{score.name}: {castings}",
        f"    {score.meaning}",
        f"    photos: {share(score.right)} of {score.photos:,} right, missed {score.missed}, "
        f"false alarms {score.false_alarms}",
    ]
