"""Where people sign in, the second signature past a blocked gate is a second person's own."""

import time

import pytest

from casting_core.errors import ModelError
from casting_core.records.chain import Kind
from casting_core.roles import Acting, Role, acting_as
from casting_core.workflows.models import promotion
from casting_core.workflows.models.release_gate import Checked, Gate
from casting_core.workflows.people import signatures
from casting_core.workflows.stores import ledger

BLOCKED = Checked(gate=Gate.BLOCKED, reasons=("It misses more castings.",))


def person(name: str) -> Acting:
    return Acting(name=name, role=Role.MANAGER)


def test_a_typed_name_is_no_second_signature_where_people_sign_in(version: str) -> None:
    with acting_as(person("ann")), pytest.raises(ModelError, match="second person"):
        promotion.promote(version, checked=BLOCKED, second="ben")


def test_nobody_signs_as_their_own_second_person(version: str) -> None:
    with acting_as(person("ann")):
        signatures.sign(version, actor="ben")
        with pytest.raises(ModelError, match="second person"):
            promotion.promote(version, checked=BLOCKED, second="ben")


def test_a_second_person_who_has_signed_is_written_down_and_signs_for_one_time(version: str) -> None:
    with acting_as(person("ben")):
        signatures.sign(version, actor="", reason="the lamp was new")
    with acting_as(person("ann")):
        promotion.promote(version, checked=BLOCKED)
        (row,) = ledger().rows(kinds=[Kind.PROMOTION])
        assert (row.actor, row.values["second"]) == ("ann", "ben")
        with pytest.raises(ModelError, match="second person"):
            promotion.promote(version, checked=BLOCKED)


def test_a_signature_counts_for_a_day(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting_as(person("ben")):
        signatures.sign(version, actor="")
    assert signatures.second(version, first="ann") == "ben"
    later = time.time() + 1.1 * signatures.COUNTS
    monkeypatch.setattr(time, "time", lambda: later)
    assert signatures.second(version, first="ann") == ""
