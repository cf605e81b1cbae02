"""The second person's signature past a gate that is blocked, where people sign in: their own, and no typed name."""

import time

from casting_core import roles
from casting_core.records.chain import Kind
from casting_core.roles import Write
from casting_core.workflows.stores import ledger

COUNTS = 24 * 3600.0  # seconds that a signature waits for whoever puts the version in production


def sign(version: str, *, actor: str, reason: str = "") -> None:
    """Writes down that a second person signs for putting this version in production past its gate."""
    actor = roles.require(Write.PROMOTE, actor)
    ledger().add(Kind.SIGNATURE, about=version, body={}, actor=actor.strip(), reason=reason.strip())


def signed(version: str) -> list[str]:
    """Who has signed for this version in the last day, and since it was put in production last; the latest first."""
    found = []
    for row in ledger().rows(kinds=[Kind.SIGNATURE, Kind.PROMOTION], about=version):
        if row.kind == Kind.PROMOTION or row.at / 1000 < time.time() - COUNTS:
            break
        found.append(row.actor)
    return found


def second(version: str, *, first: str) -> str:
    """Who has signed beside the first person; empty where nobody has."""
    others = [name for name in signed(version) if name.casefold() != first.strip().casefold()]
    return others[0] if others else ""
