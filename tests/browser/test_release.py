"""Blocked station, shadow mode and rollback in a real browser, each with its row in a ledger that verifies."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from casting_core.domain import Label
from casting_core.records.chain import Entry, Kind
from casting_core.records.registry import STARTER
from casting_core.records.version_files import CARD
from casting_core.records.version_folder import finish
from casting_core.settings import settings
from casting_core.workflows.challenge import sets
from casting_core.workflows.challenge.proposing import Candidate
from casting_core.workflows.challenge.standing import Challenges
from casting_core.workflows.challenge.values import Challenged, Word
from casting_core.workflows.judging.recorded import Said
from casting_core.workflows.stations import tokens
from casting_core.workflows.stations.asked import Answered, Asked
from casting_core.workflows.stations.book import Book
from casting_core.workflows.stores import ledger, registry
from tests.browser import walk
from tests.browser.conftest import serving
from tests.browser.served import Server
from tests.conftest import installation

MISSED = "CHALLENGE-2"


@pytest.fixture(scope="module")
def server(browser: Browser, drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:  # noqa: ARG001 - no browser, no server
    """A dashboard with a second version, the starter by another name, and a station that missed a challenge part."""
    folder = tmp_path_factory.mktemp("release")
    for kept in ("sample", "cache"):
        shutil.copytree(drawn / kept, folder / "data" / kept)
    with installation(folder):
        version = settings().model_dir / "v1"
        shutil.copytree(settings().starter_dir, version)
        (version / CARD).unlink()
        finish(version, registry().card(STARTER).model_copy(update={"name": "v1"}))
        _miss()
    with serving(folder) as started:
        yield started


def _miss() -> None:
    """Station S1 lets a defective challenge part pass."""
    parts = [
        Candidate(photo=one * 64, label=label, score=0.4, margin=0.1, role="borderline")
        for one, label in (("a", Label.OK), ("b", Label.DEFECTIVE))
    ]
    chosen = sets.choose(parts, shifts=("06:00",), dataset="castings", model=STARTER, actor="Ana", reason="new lamp")
    tokens.add("S1", scopes=(tokens.Scope.JUDGE,), actor="Ana")
    asked = Asked(station="S1", request="r1", part=MISSED, job="", photo="c" * 64, started=1)
    told = Challenged(word=Word.WRONG, verdict="pass", set=chosen.name, known="b" * 64, label=Label.DEFECTIVE.word)
    said = Said(photo="c" * 64, model=STARTER, threshold=0.5, score=0.3, verdict="inspect")
    Book(days=1).keep(lambda: [Answered(asked=asked, said=said, ended=2, challenge=told)])


def rows(server: Server, kind: Kind) -> list[Entry]:
    """Rows of a kind, the newest first, from a ledger that verifies."""
    with installation(server.data_dir.parent):
        ledger().verify()
        found: list[Entry] = ledger().rows(kinds=[kind])
    return found


def test_a_blocked_station_goes_on_when_a_person_clears_it_and_says_why(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/inspection", "Inspection")
    blocked = page.get_by_test_id("stAlert").filter(has_text="Station S1 judged a challenge part wrongly")
    expect(blocked).to_contain_text(f"{MISSED} (defective)")
    name = page.get_by_role("textbox", name="Your name", exact=True)
    walk.press(page.get_by_role("button", name="Clear S1"), until=name)
    walk.write(name, "Ana")
    walk.write(page.get_by_role("textbox", name="Why it may go on"), "lamp changed")
    walk.press(page.get_by_role("button", name="Clear S1 now"), until=lambda: not blocked.count())
    row = rows(server, Kind.CHALLENGE)[0]
    assert (row.about, row.actor, row.reason) == ("S1", "Ana", "lamp changed")
    assert (row.values["done"], row.values["missed"]) == ("cleared", [MISSED])
    with installation(server.data_dir.parent):
        assert Challenges().standing("S1").word is None


def test_a_version_in_shadow_judges_unseen_and_the_way_back_is_one_click(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/models", "Models")
    name = page.get_by_role("textbox", name="Your name", exact=True)
    walk.press(page.get_by_role("button", name="Shadow mode"), until=name)
    walk.write(name, "Ben")
    walk.write(page.get_by_role("textbox", name="Why", exact=True), "to see")
    begun = page.get_by_text("It has judged no photo yet.")
    walk.press(page.get_by_role("button", name="Put v1 in shadow"), until=begun)

    walk.go_to(page, "Inspection")
    photo = sorted((server.data_dir / "sample" / "test" / "def_front").iterdir())[0]
    walk.drop_photo(page, photo)
    expect(page.get_by_text(re.compile("Judged by starter"))).to_be_visible()
    walk.go_to(page, "Models")
    expect(
        page.get_by_text("It has judged 1 photo, and 0 of them otherwise than the version in production.")
    ).to_be_visible()
    (beside,), counted = rows(server, Kind.SHADOW_VERDICT), rows(server, Kind.INSPECTION)[0]
    assert (beside.about, beside.values["model"], counted.values["model"]) == (counted.about, "v1", STARTER)
    judging = page.get_by_text("judges in shadow")
    walk.press(page.get_by_role("button", name="End shadow mode"), until=lambda: not judging.count())
    assert [row.values["done"] for row in rows(server, Kind.SHADOW)] == ["ended", "begun"]

    with installation(server.data_dir.parent):
        registry().promote("v1")
    page.reload()
    to_starter, to_v1 = (page.get_by_role("button", name=f"Put {one} back in production") for one in (STARTER, "v1"))
    walk.press(to_starter, until=name)
    walk.write(name, "Ben")
    walk.press(page.get_by_role("button", name="Yes, back to starter"), until=to_v1)
    walk.press(to_v1, until=to_starter)  # the name is known by now: one click
    told = [(row.about, row.actor, row.reason) for row in rows(server, Kind.PROMOTION)]
    assert told == [("v1", "Ben", "rolled back from starter"), (STARTER, "Ben", "rolled back from v1")]
