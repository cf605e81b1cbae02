"""Who may what, on the History page; and the way in, where signing in is asked for."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.roles import Role
from casting_core.settings import settings
from casting_core.workflows.people import links, members
from tests.pages.conftest import Open


def people(open_page: Open) -> AppTest:
    at = open_page("pages/history.py")
    at.session_state["history of"] = "People"
    return at.run()


def test_an_administrator_gives_a_role_and_makes_a_link_and_takes_both_back(open_page: Open) -> None:
    at = people(open_page)
    assert "Nobody signs in here" in at.info[0].value
    at.text_input(key="person").input("Ann@plant.example")
    at.selectbox(key="role").select("inspector")
    next(one for one in at.button if one.label == "Give this role").click().run()
    assert [(one.name, one.role) for one in members.members()] == [("ann@plant.example", Role.INSPECTOR)]
    assert at.dataframe[0].value["role"].tolist() == ["inspector"]
    at.text_input(key="link for").input("=auditor")
    next(one for one in at.button if one.label == "Make a link").click().run()
    token = at.code[-1].value.partition("?link=")[2]
    assert links.acting(token).role is Role.VIEWER
    at.run()
    assert not any("?link=" in code.value for code in at.code), "it is shown once"
    assert at.dataframe[1].value["for"].tolist() == ["'=auditor"]
    at.button(key="take link back").click().run()
    assert links.links() == []
    assert not at.exception


def test_a_name_that_will_not_do_is_said(open_page: Open) -> None:
    at = people(open_page)
    next(one for one in at.button if one.label == "Give this role").click().run()
    assert "the address by which they sign in" in at.error[0].value
    assert not at.exception


def test_where_signing_in_is_asked_for_and_nobody_could_everything_stays_closed(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASTING_SIGN_IN", "1")
    settings.cache_clear()
    at = open_page("pages/models.py")
    assert [title.value for title in at.title] == ["Sign in"]
    assert "Nobody can sign in yet" in at.error[0].value
    assert not at.dataframe


def test_secrets_that_cannot_be_read_open_nothing(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "secrets.toml"
    damaged.write_text("[auth\n")
    monkeypatch.setattr("streamlit.get_option", lambda name: [str(damaged)] if name == "secrets.files" else None)
    at = open_page("pages/models.py")
    assert [title.value for title in at.title] == ["Sign in"]
