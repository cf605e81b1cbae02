"""The command that tells how the line goes on."""

import click

from casting_core.commands.terminal import answer, as_json, progress, sentences
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.operating_points import in_force
from casting_core.workflows.stores import registry
from casting_core.workflows.watching import told
from casting_core.workflows.watching.board import board as board_of
from casting_core.workflows.watching.board import gathered
from casting_core.workflows.watching.changes import compared
from casting_core.workflows.watching.outgoing import drawn, escapes
from casting_core.workflows.watching.reference import look
from casting_core.workflows.watching.usual import usual


@click.command()
@click.option("--look", "looking", is_flag=True, help="First look at the castings that the version learned from.")
@as_json
@sentences
def board(*, looking: bool, as_json: bool) -> None:
    """Tell how the line goes on: verdicts of today and this week, changes of the photos, what is proven of escapes."""
    card = registry().card(registry().production())
    if looking:
        look(load_model(card.name), report=progress("looked at"))
    found = gathered()
    shown, to_look, proven = board_of(found), drawn(found, card), escapes(card)
    changes = compared(found, card.name, in_force(card), usual(card))
    text = told.text(shown, changes, proven, to_look, card.name)
    answer(told.values(shown, changes, proven, to_look, card.name), text, as_json=as_json)
