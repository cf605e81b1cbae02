"""`point` at the terminal: what is in force, another one proposed, set, and refused in a sentence."""

import json
import re
from typing import Any

import pytest
from click.testing import CliRunner, Result

from casting_core.__main__ import main
from casting_core.records.card import ModelCard
from casting_core.records.registry import STARTER
from casting_core.workflows.operating_points import history, in_force

PROVABLE = ("--contract", "0.5", "--confidence", "0.5")  # by the few castings of the sample


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["point", *arguments])


def answered(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    return result.stderr.splitlines()[-1]


@pytest.mark.usefixtures("castings_known")
def test_a_point_is_proposed_first_and_set_with_who_and_why(proven: ModelCard) -> None:
    proposed = answered("v1", *PROVABLE)
    assert proposed["set"] is False
    assert in_force(proven).threshold == 0.5

    put = answered("v1", *PROVABLE, "--set", "--who", "Ada", "--why", "=contract")
    assert put["set"] is True
    assert put["threshold"] == proposed["threshold"] == in_force(proven).threshold
    assert "defective castings escaped" in put["check"]

    (row,) = answered("v1")["history"]
    assert (row["who"], row["why"], row["method"]) == ("Ada", "=contract", "contract")
    text = run("v1").stdout
    assert "at most 50 % of defective castings escape, 50 % sure" in text
    assert "judges at" in CliRunner().invoke(main, ["models", "show", "v1"]).stdout

    evaluated = json.loads(CliRunner().invoke(main, ["evaluate", "--data", proven.data.folder or "", "--json"]).stdout)
    assert evaluated["threshold"] == put["threshold"]
    assert f"{evaluated['castings']['defective']['wrong']} of" in put["check"]

    assert answered("v1", "--registered", "--set", "--who", "Bea")["threshold"] == proven.threshold
    assert len(history(proven)) == 2


@pytest.mark.usefixtures("castings_known", "proven")
@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (("--contract", "0.001"), r"Not proven: at most 0\.1 % of defective castings escape.*it would take"),
        (("--workload", "0.001:0.001", "--defect-rate", "0.02"), r"Not proven.*defective castings?.*ok castings?"),
        (("--contract", "1.5"), r"--contract will not do: a contract allows a share between 0 and 1, not 1\.5"),
        (("--cost", "500"), r"takes 2 or 3 numbers, not 1"),
        (("--cost", "a:b"), r"takes numbers with ':' between them"),
        (("--cost", "500:10"), r"say how many of your castings are defective"),
        (("--cost", "500:-1", "--defect-rate", "0.02"), r"a cost is a number above 0"),
        (("--hand", "0.9:0.1"), r"cannot pass below"),
        (("--hand", "nan"), r"lies between 0 and 1"),
        (("--hand", "0.5", "--registered"), r"one way at a time"),
    ],
)
def test_what_cannot_be_chosen_is_refused_in_a_sentence(asked: tuple[str, ...], why: str) -> None:
    assert re.search(why, refused("v1", *asked))


@pytest.mark.usefixtures("castings_known", "proven")
def test_by_cost_and_by_workload_it_tells_what_that_means() -> None:
    by_cost = answered("v1", "--cost", "500:10:2", "--defect-rate", "0.02")
    assert "On average a casting costs" in by_cost["words"]
    by_workload = answered(
        "v1", "--workload", "0.6:0.6", "--confidence", "0.4", "--defect-rate", "0.02", "--per-shift", "400"
    )
    assert "look" in by_workload["words"]


def test_a_version_without_castings_to_choose_on_says_what_helps() -> None:
    assert "does not say what it learned from; name a dataset" in refused(STARTER, "--contract", "0.05")
