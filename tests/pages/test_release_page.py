"""Models and Inspection: how far a version has come, deleting one, and challenge parts chosen on the page."""

from pathlib import Path

import pytest

from casting_core.records.chain import Kind
from casting_core.records.registry import STARTER
from casting_core.workflows import stores
from casting_core.workflows.challenge.standing import Challenges
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.measuring.measure import measure, usual_split
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.stations import tokens
from tests.core.workflows.judging.test_shadow import versions
from tests.pages.conftest import Open
from tests.pages.test_pages import press, said, unescaped

__all__ = ["versions"]


@pytest.mark.usefixtures("versions")
def test_a_version_is_reviewed_on_the_page_and_then_deleted(open_page: Open) -> None:
    app = open_page("pages/models.py")
    app.selectbox(key="version").set_value("v2").run()
    app.text_input(key="status of v2 who").input("Ana")
    app.text_input(key="status of v2 why").input("went through <b>12</b> photos")
    press(app, "Say so of v2")
    assert not app.exception
    assert "Reviewed" in said(app)
    table = next(one.value for one in app.dataframe if "evaluation" in one.value)
    assert list(table["evaluation"]) == ["reviewed", "draft", "draft"]

    press(app, "Delete")
    app.text_input(key="delete v2 who").input("Ana")
    app.text_input(key="delete v2 why").input("a trial")
    app.checkbox(key="delete v2 sure").check().run()
    press(app, "Delete v2")
    assert not app.exception
    assert stores.registry().names() == ["v1", STARTER]
    (row,) = stores.ledger().rows(kinds=[Kind.DELETION])
    assert (row.about, row.actor, row.reason) == ("v2", "Ana", "a trial")
    stores.ledger().verify()


def test_a_version_that_is_needed_says_why_it_stays(open_page: Open) -> None:
    app = open_page("pages/models.py")
    press(app, "Delete")
    assert "It comes with the project" in unescaped(app)
    assert "It is in production" in unescaped(app)
    assert not any(button.label.startswith("Delete ") for button in app.button)


@pytest.mark.usefixtures("castings_known")
def test_challenge_parts_are_proposed_and_put_in_force(open_page: Open, own_installation: Path) -> None:
    app = open_page("pages/inspection.py")
    app.toggle(key="propose").set_value(True).run()
    assert "has to judge those of" in unescaped(app)
    tokens.add("S1", scopes=(tokens.Scope.JUDGE,), actor="Ana")
    dataset = open_dataset(own_installation / "data" / "sample")
    measure(dataset, usual_split(dataset), load_model())
    app.run()
    assert not app.exception
    taken = [box for box in app.checkbox if box.label == "Take it"]
    assert len(taken) == 8
    app.text_input(key="shifts").input("six").run()
    press(app, "Put them in force")
    assert "'six' is no time of day" in unescaped(app)
    app.toggle(key="propose").set_value(True).run()
    app.text_input(key="shifts").input("06:00")
    app.text_input(key="challenge who").input("Ana")
    press(app, "Put them in force")
    assert not app.exception
    known = Challenges().now()
    assert known is not None
    assert (len(known.parts), known.who, known.shifts) == (8, "Ana", ("06:00",))
    table = next(one.value for one in app.dataframe if "judged right in this shift" in one.value)
    assert list(table["state"]) == ["due"]
    assert "S1 :orange-badge[due] (0 of 8 judged)" in unescaped(open_page("dashboard.py"))
    app = open_page("pages/inspection.py")
    app.text_input(key="give up who").input("Ana")
    app.text_input(key="give up why").input("the line is taken down")
    press(app, "Give up the challenge parts")
    assert not app.exception
    assert Challenges().now() is None
    last = stores.ledger().rows(kinds=[Kind.CHALLENGE])[0]
    assert (last.actor, last.reason) == ("Ana", "the line is taken down")
