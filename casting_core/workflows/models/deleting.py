"""Deleting a version: not one that judges, that something on record refers to, or that somebody works with."""

import json
from collections.abc import Iterator
from typing import Any

from casting_core.errors import ModelError
from casting_core.jobs import control
from casting_core.records.card import ModelCard
from casting_core.records.chain import Kind, canonical
from casting_core.records.registry import STARTER
from casting_core.records.version_files import GRAPH
from casting_core.roles import Write, require
from casting_core.workflows.judging.shadow.version import in_shadow
from casting_core.workflows.stores import ledger, registry


def objections(name: str) -> list[str]:
    """Why a version cannot be deleted, a sentence each; empty where it can. ``ModelError`` where it is unknown."""
    store = registry()
    store.path(name)
    found = []
    if name == STARTER:
        found.append("it comes with the project")
    if name == _production():
        found.append("it is in production")
    shadow = in_shadow()
    if shadow is not None and shadow.version == name:
        found.append("it is in shadow")
    if job := _needed_by(name):
        found.append(f"{job} needs it; stop it, or wait for its end")
    if (row := _on_record(name)) is not None:
        found.append(f"it is on record: row {row} of the ledger says what it judged, or that it was in production")
    return found


def delete(name: str, *, actor: str, reason: str) -> None:
    """Deletes a version for good; who did it and why stays on record, and no other version ever gets its name.

    Raises ``ModelError`` where nobody says who or why, or something keeps it.
    """
    actor = require(Write.DELETE, actor)
    if not actor.strip() or not reason.strip():
        raise ModelError("say who deletes the version, and why: an auditor will ask")
    if kept := objections(name):
        raise ModelError(f"model {name!r} is not deleted: {'; '.join(kept)}")
    told = _told(name)
    with ledger().adding(Kind.DELETION, about=name, body=told, actor=actor.strip(), reason=reason.strip()):
        if job := _needed_by(name):  # asked for just now; while a row is added no other job is
            raise ModelError(f"model {name!r} is not deleted: {job} needs it")
        registry().remove(name, note=json.dumps(told | {"by": actor.strip(), "why": reason.strip()}, indent=1) + "\n")


def _told(name: str) -> dict[str, Any]:
    """What a row says of a version that is gone."""
    try:
        card: ModelCard = registry().card(name)
    except ModelError:  # a damaged one may go, too
        return {"graph": "", "created": "", "network": "", "data": ""}
    return {
        "graph": card.files.get(GRAPH, ""),
        "created": card.created,
        "network": card.network,
        "data": card.data.name,
    }


def _production() -> str:
    try:
        return registry().production()
    except ModelError:
        return ""


def _needed_by(name: str) -> str:
    """A job that goes on and was given this version; nothing where there is none."""
    for job in control.going_on():
        if name in set(_texts(job.inputs)):
            return f"{job.kind} {job.id}"
    return ""


def _texts(value: Any) -> Iterator[str]:
    """Every text in what a job was given."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _on_record(name: str) -> int | None:
    """The newest row that says what the version judged, or that it was put in production; none where there is none."""
    for row in ledger().rows(kinds=[Kind.PROMOTION]):
        if name in (row.about, row.values.get("before")):
            return row.number
    rows = ledger().rows(naming=f'"model":{canonical(name)}', newest=1)  # as every row names the version that judged
    return rows[0].number if rows else None
