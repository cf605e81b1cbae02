"""Signing in and out: a session counts from its beginning to its end, in every tab; what a browser kept does not."""

import shutil
import time
from typing import Any

import pytest

from casting_core.errors import CastingError, RoleError
from casting_core.records.chain import Kind
from casting_core.records.database.access import connect
from casting_core.roles import Acting, Role
from casting_core.settings import settings
from casting_core.workflows.people import links, members, sessions
from casting_core.workflows.people.access import access
from casting_core.workflows.people.sessions import Claims
from casting_core.workflows.review import history
from casting_core.workflows.stores import ledger

ANN = "ann@plant.example"


def told(**other: Any) -> dict[str, Any]:
    """What an ID token says."""
    usual = {"iss": "https://id.example", "sub": "17", "iat": time.time(), "nonce": "n1", "email": "Ann@plant.example"}
    return usual | other


def signed_in(**other: Any) -> Claims:
    claims = Claims.read(told(**other))
    sessions.begin(claims)
    return claims


def test_whoever_signed_in_acts_by_the_role_that_was_given_here() -> None:
    members.set_role("ANN@plant.example ", Role.MANAGER, actor="Root")
    assert sessions.acting(signed_in()) == Acting(name=ANN, role=Role.MANAGER)


def test_a_role_that_is_changed_counts_at_once_in_a_session_that_is_open() -> None:
    members.set_role(ANN, Role.MANAGER, actor="Root")
    claims = signed_in()
    members.set_role(ANN, Role.VIEWER, actor="Root")
    assert sessions.acting(claims).role is Role.VIEWER
    members.set_role(ANN, None, actor="Root")
    with pytest.raises(RoleError, match="no role here yet"):
        sessions.acting(claims)


def test_somebody_without_a_role_may_not_even_look() -> None:
    with pytest.raises(RoleError, match=r"ann@plant\.example has no role"):
        sessions.acting(signed_in())


def test_a_forged_session_is_refused() -> None:
    members.set_role(ANN, Role.ADMINISTRATOR, actor="Root")
    signed_in()
    with pytest.raises(RoleError, match="sign in first"):
        sessions.acting(Claims.read(told(nonce="made up")))
    other = Claims.read(told(email="eve@plant.example", iat=1.0))
    with pytest.raises(RoleError):
        sessions.acting(other)


def test_an_old_tab_is_refused_once_its_session_has_ended() -> None:
    members.set_role(ANN, Role.MANAGER, actor="Root")
    claims = signed_in()
    tab = Claims.read(told(iat=claims.issued))
    sessions.end(claims)
    with pytest.raises(RoleError, match="ended"):
        sessions.acting(tab)


def test_what_a_browser_kept_is_refused_when_it_is_shown_again_after_the_end() -> None:
    members.set_role(ANN, Role.MANAGER, actor="Root")
    claims = signed_in()
    sessions.end(claims)
    with pytest.raises(RoleError, match="ended"):
        sessions.begin(claims)
    again = signed_in(nonce="n2")
    assert sessions.acting(again).name == ANN


def test_a_session_ends_by_itself_after_so_many_hours() -> None:
    members.set_role(ANN, Role.MANAGER, actor="Root")
    hours = settings().session_hours
    assert sessions.acting(signed_in(nonce="n3", iat=time.time() - (hours - 0.1) * 3600)).name == ANN
    with pytest.raises(RoleError, match="ended"):
        signed_in(nonce="n4", iat=time.time() - (hours + 0.1) * 3600)
    with pytest.raises(RoleError, match="ended"):
        signed_in(nonce="n5", iat=time.time() + 3600)


def test_an_administrator_ends_all_sessions_of_a_person() -> None:
    members.set_role(ANN, Role.MANAGER, actor="Root")
    desk, telephone = signed_in(), signed_in(nonce="n2")
    members.end_sessions(ANN, actor="Root")
    for claims in (desk, telephone):
        with pytest.raises(RoleError, match="ended"):
            sessions.acting(claims)
        with pytest.raises(RoleError, match="ended"):
            sessions.begin(claims)
    assert sessions.acting(signed_in(nonce="n3")).name == ANN


@pytest.mark.parametrize("lacks", ["iss", "sub", "iat", "nonce"])
def test_claims_that_lack_what_tells_sessions_apart_are_refused(lacks: str) -> None:
    with pytest.raises(RoleError, match="sign in first"):
        Claims.read({name: value for name, value in told().items() if name != lacks})


def test_an_address_that_is_not_verified_is_nobody_s() -> None:
    assert Claims.read(told(email_verified=False)).person == "17 of https://id.example"
    assert Claims.read(told(email_verified=True)).person == ANN
    assert Claims.read(told(email="")).person == "17 of https://id.example"


def test_a_claim_gives_a_role_unless_one_was_given_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASTING_ROLE_CLAIM", "groups")
    monkeypatch.setenv("CASTING_ROLE_NAMES", "qa-staff=inspector, qa-lead=manager")
    settings.cache_clear()
    groups = ["canteen", "qa-staff", "qa-lead"]
    claims = signed_in(groups=groups)
    assert sessions.acting(claims).role is Role.MANAGER
    assert sessions.acting(signed_in(nonce="n2", groups="viewer")).role is Role.VIEWER
    with pytest.raises(RoleError, match="no role"):
        sessions.acting(signed_in(nonce="n3", groups=["canteen", 7]))
    members.set_role(ANN, Role.VIEWER, actor="Root")
    assert sessions.acting(claims).role is Role.VIEWER


def test_role_names_that_make_no_sense_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASTING_ROLE_NAMES", "qa-staff=boss")
    settings.cache_clear()
    with pytest.raises(CastingError, match=r"CASTING_ROLE_NAMES.*viewer, inspector, manager, administrator"):
        settings()


def test_signing_in_and_out_and_roles_stand_in_the_ledger_with_who_did_it() -> None:
    members.set_role(ANN, Role.MANAGER, actor="Root", reason="new here")
    claims = signed_in()
    sessions.begin(claims)  # each page does
    sessions.end(claims)
    sessions.end(claims)
    rows = list(reversed(ledger().rows(kinds=[Kind.ROLE, Kind.SESSION])))
    assert [(row.actor, history.what(row)) for row in rows] == [
        ("Root", f"{ANN} is manager here"),
        (ANN, f"{ANN} signed in"),
        (ANN, f"{ANN} signed out"),
    ]


def test_a_link_opens_pages_to_a_viewer_until_it_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    token = links.make("auditor", days=2, actor="Root")
    assert links.acting(token) == Acting(name="auditor (by a link)", role=Role.VIEWER)
    for wrong in (token[:-1], "", "\udcff"):
        with pytest.raises(RoleError, match="expired or was taken back"):
            links.acting(wrong)
    later = time.time() + 2.1 * links.DAY
    monkeypatch.setattr(time, "time", lambda: later)
    assert links.links() == []
    with pytest.raises(RoleError, match="expired"):
        links.acting(token)


def test_a_link_that_was_taken_back_or_replaced_counts_no_more() -> None:
    first = links.make("auditor", days=2, actor="Root")
    second = links.make("Auditor", days=2, actor="Root")
    with pytest.raises(RoleError):
        links.acting(first)
    links.take_back("auditor", actor="Root")
    with pytest.raises(RoleError):
        links.acting(second)
    with pytest.raises(CastingError, match="known: none"):
        links.take_back("auditor", actor="Root")


@pytest.mark.parametrize("days", [0, -1, float("nan"), 93, float("inf")])
def test_a_link_lasts_for_a_sensible_time(days: float) -> None:
    with pytest.raises(CastingError, match="cannot last"):
        links.make("auditor", days=days, actor="Root")


def test_the_token_of_a_link_is_kept_nowhere() -> None:
    token = links.make("auditor", days=2, actor="Root")
    kept = [path.read_bytes() for path in settings().data_dir.rglob("*") if path.is_file()]
    assert kept
    assert not any(token.encode() in content for content in kept)


def test_after_a_backup_was_put_back_roles_are_those_of_the_backup() -> None:
    members.set_role(ANN, Role.VIEWER, actor="Root")
    connect(settings().database_url).dispose()
    database = settings().data_dir / "casting.sqlite"
    shutil.copy(database, database.with_name("kept"))
    members.set_role(ANN, Role.ADMINISTRATOR, actor="Root")
    assert access().members[ANN].role is Role.ADMINISTRATOR
    connect(settings().database_url).dispose()
    for beside in database.parent.glob("casting.sqlite-*"):
        beside.unlink()
    database.with_name("kept").replace(database)
    assert access().members[ANN].role is Role.VIEWER
