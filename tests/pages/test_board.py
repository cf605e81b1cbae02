"""Overview as the shift's board: there when parts were judged, with the parts that a person is to look at."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.domain import Label
from casting_core.jobs import control, process
from casting_core.records.chain import Kind
from casting_core.workflows.review import opinions
from casting_core.workflows.stores import ledger, registry
from casting_core.workflows.watching import outgoing, reference_job, usual
from casting_core.workflows.watching.board import shifts_until
from tests.judged import Part, a_line, judge_parts
from tests.pages.conftest import Open

HOSTILE = "![x](http://evil.example/x.png)"


@pytest.fixture
def judged() -> list[Part]:
    """Six parts of the shift that goes on, one of them rejected."""
    start = shifts_until(time.time())[-1].start
    parts = [Part(at=start + at, name=f"{HOSTILE} {at}", verdict="pass" if at else "reject") for at in range(6)]
    judge_parts(parts, registry().card("starter"))
    return parts


def texts(page: AppTest) -> str:
    return "\n".join(one.value for one in [*page.markdown, *page.caption, *page.warning])


def test_without_verdicts_overview_says_how_the_board_fills(open_page: Open) -> None:
    page = open_page("dashboard.py")
    assert not page.exception
    assert "this page begins with the shift's board" in texts(page)
    assert "The shift's board" not in texts(page).replace("the shift's board", "")


def test_the_board_stands_first_and_counts_what_was_judged(open_page: Open, judged: list[Part]) -> None:
    page = open_page("dashboard.py")
    assert not page.exception
    tiles = {one.label: one.value for one in page.metric}
    assert tiles["Judged today"] == str(len(judged))
    assert tiles["Rejected today"] == "1"
    assert page.markdown[1].value.endswith("The shift's board")
    assert "Model in use: **starter**" in texts(page)


def test_where_the_gate_refused_every_photo_no_empty_chart_stands(open_page: Open) -> None:
    start = shifts_until(time.time())[-1].start
    judge_parts(
        [Part(at=start + 1, name="P", verdict="", reason="Retake: the photo is blurred", score=None)],
        registry().card("starter"),
    )
    page = open_page("dashboard.py")
    assert not page.exception
    assert {one.label: one.value for one in page.metric}["Refused today"] == "1"
    assert "No part was judged in these weeks" in texts(page)
    assert not page.get("plotly_chart")


def test_a_person_says_of_a_drawn_part_that_it_is_ok_and_the_bound_counts_it(
    open_page: Open,
    judged: list[Part],  # noqa: ARG001 - they are on record by then
) -> None:
    page = open_page("dashboard.py")
    assert "nothing is proven of escapes" in texts(page)
    page.button(key="outgoing It is ok").click().run()
    assert "Say who looked at this part" in page.error[0].value
    page.text_input(key="outgoing who").set_value("Ada").run()
    page.button(key="outgoing It is ok").click().run()
    assert not page.exception
    assert "0 of 1 passed part looked at" in texts(page)
    (row,) = ledger().rows(kinds=[Kind.OUTGOING])
    assert (row.actor, row.values["says"]) == ("Ada", "ok")
    assert outgoing.escapes(registry().card("starter")).looked == 1


def test_part_numbers_from_outside_are_shown_as_their_letters(open_page: Open, judged: list[Part]) -> None:  # noqa: ARG001
    page = open_page("dashboard.py")
    chosen = next(one for one in page.selectbox if one.label == "Part")
    assert len(chosen.options) == 5
    assert all(HOSTILE[:12] in option for option in chosen.options)  # a list of choices obeys no Markdown
    assert HOSTILE not in texts(page)


def test_a_damaged_version_in_production_leaves_the_counts(open_page: Open, judged: list[Part], version: str) -> None:
    registry().promote(version)
    (registry().path(version) / "card.json").write_text("{", "utf-8")
    page = open_page("dashboard.py")
    assert not page.exception
    assert {one.label: one.value for one in page.metric}["Judged today"] == str(len(judged))
    assert "The model in production cannot be read" in texts(page)


def test_photos_that_grow_dark_are_told_until_a_person_signs_that_they_are_right(open_page: Open) -> None:
    card = registry().card("starter")
    judge_parts(a_line(time.time(), 18, 25, dark=3), card)
    page = open_page("dashboard.py")
    assert any("darker than on earlier days" in one.value for one in page.warning)
    page.text_input(key="who calls it usual").set_value("Ada").run()
    page.button(key="call it usual").click().run()
    assert "and why" in page.error[0].value
    page.text_input(key="why it is usual").set_value("a new lamp").run()
    page.button(key="call it usual").click().run()
    assert not page.exception
    assert not page.warning
    known = usual.accepted(card)
    assert known is not None
    assert (known.who, known.why) == ("Ada", "a new lamp")


def test_what_a_version_learned_from_is_looked_at_when_somebody_asks(
    open_page: Open,
    judged: list[Part],  # noqa: ARG001 - they are on record by then
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "start", lambda job, **_: job.id)  # it is tested elsewhere
    page = open_page("dashboard.py")
    page.button(key="look at what starter learned from").click().run()
    assert not page.exception
    assert [one.subject for one in control.known(kind=reference_job.KIND)] == ["starter"]


def test_an_open_review_is_closed_by_what_a_person_says_of_the_part(open_page: Open) -> None:
    start = shifts_until(time.time())[-1].start
    parts = [Part(at=start + at, name=f"P{at}", verdict="inspect") for at in range(2)]
    judge_parts(parts, registry().card("starter"))
    page = open_page("dashboard.py")
    assert {one.label: one.value for one in page.metric}["Open reviews"] == "2"
    page.text_input(key="review who").set_value("Ada").run()
    page.button(key="review It is defective").click().run()
    assert not page.exception
    assert {one.label: one.value for one in page.metric}["Open reviews"] == "1"
    (said,) = opinions.opinions(parts[1].photo)
    assert (said.who, said.label, said.data.part, said.verdict) == ("Ada", Label.DEFECTIVE, "P1", "inspect")
