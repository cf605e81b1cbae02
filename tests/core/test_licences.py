"""The command that lists licences names every installed package, and those that say nothing."""

import json
from email.message import Message
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from casting_core.__main__ import main
from casting_core.commands.upkeep import licences


def package(**fields: Any) -> Distribution:
    """A package that says this of itself."""

    class Made(Distribution):
        def read_text(self, filename: str) -> str | None:
            lines = [(name.replace("_", "-"), value) for name, value in {"Metadata_Version": "2.4", **fields}.items()]
            told = Message()
            for name, values in lines:
                for value in values if isinstance(values, list) else [values]:
                    told[name] = value
            return told.as_string() if filename == "METADATA" else None

        def locate_file(self, path: Any) -> Path:
            return Path(path)

    return Made()


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ({"License_Expression": "BSD-3-Clause AND MIT", "License": "other"}, "BSD-3-Clause AND MIT"),
        ({"Classifier": ["Topic :: X", "License :: OSI Approved :: MIT License"]}, "MIT License"),
        ({"Classifier": ["License :: OSI Approved"], "License": "Apache 2.0"}, "Apache 2.0"),
        ({"License": "MIT"}, "MIT"),
        ({"License": "UNKNOWN"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_a_licence_is_what_the_package_says(fields: dict[str, Any], licence: str) -> None:
    assert licences.licence_of(package(Name="one", Version="1", **fields)) == licence


def test_every_installed_package_is_listed_and_those_without_a_licence_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent = package(Name="Silent_One", Version="3")
    installed = list(distributions())
    monkeypatch.setattr(licences, "distributions", lambda: [*installed, silent])
    told = json.loads(CliRunner().invoke(main, ["licences", "--json"]).stdout)
    by_name = {row["package"]: row["licence"] for row in told["packages"]}
    assert {"streamlit", "numpy", "keras", "onnxruntime", "silent-one"} <= set(by_name)
    assert "Apache" in by_name["streamlit"]
    assert "silent-one" in told["unknown"]
    assert told["unknown"] == [name for name, licence in by_name.items() if licence == "unknown"]
    text = CliRunner().invoke(main, ["licences"]).stdout
    assert text.rstrip().splitlines()[-1].startswith("Without a licence in what they say of themselves: ")
