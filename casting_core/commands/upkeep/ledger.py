"""Commands about the ledger: whether it is as it was written, and what stands in it."""

import click

from casting_core.commands.terminal import answer, as_json, say, sentences
from casting_core.records.chain import Entry, Head, Kind
from casting_core.wording import count, printable
from casting_core.workflows import stores
from casting_core.workflows.review import history


@click.group()
def ledger() -> None:
    """Who did what, when and why: verify, list."""


@ledger.command()
@click.option("--head", "told", metavar="N:HASH", help="A head that was kept elsewhere; finds rows cut off at the end.")
@as_json
@sentences
def verify(*, told: str | None, as_json: bool) -> None:
    """Read every row; the first that was altered, taken out, put in or swapped is named. Prints the head."""
    head = stores.ledger().verify(Head.of(told) if told is not None else None)
    rows = count(head.number, "row")
    answer(
        {"rows": head.number, "head": str(head)},
        f"The ledger is as it was written: {rows}. Head: {head}",
        as_json=as_json,
    )


@ledger.command("list")
@click.option(
    "--kind", "kinds", type=click.Choice([kind.value for kind in Kind]), multiple=True, help="May be repeated."
)
@click.option("--newest", type=click.IntRange(min=1), help="So many rows, the newest ones.")
@click.option("--csv", "as_csv", is_flag=True, help="For a spreadsheet; no cell of it is run there.")
@as_json
@sentences
def list_rows(*, kinds: tuple[str, ...], newest: int | None, as_csv: bool, as_json: bool) -> None:
    """Show the rows, the newest first."""
    rows = stores.ledger().rows(kinds=[Kind(kind) for kind in kinds], newest=newest)
    if as_csv:
        say(history.as_csv(rows).rstrip("\n"))
        return
    told = "\n".join(_line(row) for row in rows) or "Nothing has been written down yet."
    answer({"rows": history.as_values(rows)}, told, as_json=as_json)


def _line(row: Entry) -> str:
    reason = f": {row.reason}" if row.reason else ""
    who = row.actor or "nobody named"
    return printable(f"{row.number:>6}  {history.moment_of(row)}  {who}  {row.kind}  {row.about}{reason}")
