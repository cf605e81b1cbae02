"""`stations challenge`, `models status`, `models shadow` and `models delete` on the command line."""

import json
from pathlib import Path

import pytest

from casting_core.settings import settings
from casting_core.workflows.stores import ledger
from tests.core.commands.test_stations import run
from tests.core.workflows.judging.test_shadow import versions

__all__ = ["versions"]


@pytest.mark.usefixtures("castings_known")
def test_challenge_parts_are_chosen_listed_and_given_up(sample_folder: Path) -> None:
    assert run("stations", "challenge", "list").stdout.startswith("No challenge parts are in force")
    done = run("stations", "challenge", "choose", str(sample_folder), "--each", "1", "--shifts", "05:30", "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert {(one["label"], one["role"]) for one in told["parts"]} == {
        (label, role) for label in ("ok", "defective") for role in ("clear", "borderline")
    }
    assert [one["name"] for one in told["parts"]] == [f"CHALLENGE-{number}" for number in range(1, 5)]
    assert told["shifts"] == ["05:30"]
    run("stations", "add", "S1")
    listed = run("stations", "challenge", "list").stdout
    assert "due, 0 of 4 challenge parts judged right in this shift" in listed
    assert run("stations", "challenge", "clear", "S1").exit_code == 2, "without a reason"
    assert run("stations", "challenge", "clear", "S1", "--why", "lamp changed", "--who", "Ana").exit_code == 0
    assert "may pass" in run("stations", "challenge", "list").stdout
    assert run("stations", "challenge", "end", "--why", "the line stands still").exit_code == 0
    assert run("stations", "challenge", "end", "--why", "again").stderr.startswith("Error: no challenge parts")
    assert [row.values.get("done") for row in ledger().rows(kinds=[])] == ["given up", "cleared", "added", "chosen"]


@pytest.mark.usefixtures("versions")
def test_a_version_is_reviewed_shadowed_and_deleted() -> None:
    assert run("models", "status", "v1").stdout == "Model v1 is a draft.\n"
    assert run("models", "status", "v1", "released", "--why", "x").exit_code == 2
    assert run("models", "status", "v1", "reviewed", "--why", "seen", "--who", "Ana").stdout.endswith("by Ana: seen\n")
    assert run("models", "shadow").stdout.startswith("No version is in shadow")
    assert "It has judged no photo yet." in run("models", "shadow", "v2", "--why", "to see").stdout
    refused = run("models", "delete", "v2", "--yes", "--why", "a trial")
    assert refused.stderr == "Error: model 'v2' is not deleted: it is in shadow\n"
    assert run("models", "shadow", "--end", "--why", "seen").exit_code == 0
    assert run("models", "delete", "v2", "--yes", "--why", "a trial").stdout == "Model v2 is deleted.\n"
    assert not (settings().model_dir / "v2" / "card.json").exists()
