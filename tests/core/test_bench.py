"""The benchmark command answers all it is asked for; how large its figures are is for a quiet machine to say."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    """What ``python -m tests.bench --quick --json`` prints."""
    command = [sys.executable, "-m", "tests.bench", "--quick", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)  # nothing else may be printed there
    return found


@pytest.mark.slow
@pytest.mark.parametrize("part", ["training", "scoring"])
def test_both_ways_are_measured_and_compared(answer: dict[str, Any], part: str) -> None:
    for way in ("ours", "notebook"):
        figure = answer[part][way]
        assert 0 < figure["least"] <= figure["median"] <= figure["most"]
    assert answer[part]["ratio"] > 0
    assert answer[part]["photos"] > 0
    assert answer[part]["repeats"] > 0


@pytest.mark.slow
def test_three_ways_race_to_what_the_guides_network_ends_with(answer: dict[str, Any]) -> None:
    race = answer["race"]
    assert [racer["name"] for racer in race["racers"]] == ["notebook", "ours, classic", "ours, evidence"]
    assert race["held_out"] > 100
    assert race["goal"] == race["racers"][1]["laps"][-1]["right"]
    for racer in race["racers"]:
        assert len(racer["laps"]) == 1
        assert racer["laps"][0]["seconds"] > 0
        assert racer["memory"] > 100


@pytest.mark.slow
def test_a_step_is_held_against_what_the_machine_can_do(answer: dict[str, Any]) -> None:
    steps = answer["steps"]
    assert steps["weights"] < 100_000
    assert min(steps[name] for name in ("arithmetic", "product", "convolutions")) > 0
    assert steps["least"] == pytest.approx(steps["arithmetic"] / steps["convolutions"])
    assert 0 < steps["share"] == pytest.approx(steps["least"] / steps["step"]["median"])
    assert 0 < steps["epoch"]["least"] <= steps["epoch"]["median"]


@pytest.mark.slow
def test_aligning_is_timed_for_each_drawn_part(answer: dict[str, Any]) -> None:
    assert {one["part"]: one["kind"] for one in answer["aligned"]} == {"impeller": "round", "bracket": "registered"}
    for one in answer["aligned"]:
        assert 0 < one["each"]["least"] <= one["each"]["median"]
        assert f"aligning a drawn {one['part']}" in [bar["name"] for bar in answer["bars"]]


@pytest.mark.slow
def test_both_ways_give_the_same_score(answer: dict[str, Any]) -> None:
    assert answer["scoring"]["difference"] <= 1e-5


@pytest.mark.slow
def test_the_growth_of_finding_castings_is_measured_with_its_bar(answer: dict[str, Any]) -> None:
    smallest, largest = answer["growth"]["sets"]
    assert largest["photos"] == 2 * smallest["photos"]
    assert smallest["precision"] == largest["precision"] == 1.0
    each = [one["seconds"] / one["photos"] for one in (smallest, largest)]
    assert answer["growth"]["growth"] == pytest.approx(each[1] / each[0])
    assert "growth of the time to find castings" in [bar["name"] for bar in answer["bars"]]


@pytest.mark.slow
def test_the_starter_is_measured_on_castings_it_has_never_seen(answer: dict[str, Any]) -> None:
    if answer["defects"] is None:
        pytest.skip("there is no starter model")
    defects = answer["defects"]
    assert defects.keys() >= {"castings", "accuracy", "missed", "false_alarms", "auc", "found", "near", "share"}
    assert 0 <= defects["near"] <= defects["found"] <= defects["castings"]


@pytest.mark.slow
def test_a_quick_run_names_the_bars_it_misses_but_holds_none(answer: dict[str, Any]) -> None:
    assert answer["quick"]
    assert answer["missed"] == [bar["name"] for bar in answer["bars"] if not bar["kept"]]


@pytest.mark.slow
def test_the_first_page_is_timed_in_a_real_browser(answer: dict[str, Any]) -> None:
    if answer["start"] is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("there is no browser")
    assert answer["start"]["seconds"]["median"] > 0


@pytest.mark.long
@pytest.mark.timeout(600)
def test_many_photos_are_scanned_and_walked_through() -> None:
    command = [sys.executable, "-m", "tests.bench.scale", "--quick", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 2 and "Chromium" in done.stderr:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("there is no browser")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [one["photos"] for one in found["sets"]] == [300, 600]
    for one in found["sets"]:
        assert (one["first"]["photos"], one["again"]["opened"]) == (one["photos"], 0)
        assert one["walked"]["clicks"]
        assert all(click["milliseconds"] > 0 for click in one["walked"]["clicks"])
    assert len(found["bars"]) == 6
