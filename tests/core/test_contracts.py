"""The import contracts refuse what they say: wrong imports in a copy of each room."""

import os
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHECK = """
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(no_logo=True, no_cache=True))
"""

NEW = "just_written"  # a module that no contract knows


class Wrong(NamedTuple):
    """A contract by its id, who breaks it, and what is imported against it."""

    contract: str
    importer: str
    imported: str


# Whole rooms are named where they can be: files move inside them.
BY_HAND = [
    Wrong("rooms", "casting_core.domain", "casting_core.settings"),
    Wrong("rooms", "casting_core.settings", "casting_core.data"),
    Wrong("rooms", "casting_core.data", "casting_core.records"),
    Wrong("rooms", "casting_core.records", "casting_core.data"),
    Wrong("rooms", "casting_core.records", "casting_core.jobs"),
    Wrong("rooms", "casting_core.judging", "casting_core.learning"),
    Wrong("rooms", "casting_core.learning", "casting_core.jobs"),
    Wrong("rooms", "casting_core.jobs", "casting_core.workflows"),
    Wrong("rooms", "casting_core.workflows", "casting_core.commands"),
    Wrong("data", "casting_core.data.imaging", "casting_core.data.datasets"),
    Wrong("data", "casting_core.data.drawing", "casting_core.data.datasets"),
    Wrong("data", "casting_core.data.datasets", "casting_core.data.audit"),
    Wrong("data", "casting_core.data.castings", "casting_core.data.importing"),
    Wrong("learning", "casting_core.learning.recipes", "casting_core.learning.inputs"),
    Wrong("learning", "casting_core.learning.inputs", "casting_core.learning.networks"),
    Wrong("learning", "casting_core.learning.networks", "casting_core.learning.pretraining"),
    Wrong("learning", "casting_core.learning.pretraining", "casting_core.learning.training"),
    Wrong("records", "casting_core.records.migrations", "casting_core.records.database"),
    Wrong("records", "casting_core.records.database", "casting_core.records.datasets"),
    Wrong("records", "casting_core.records.decisions", "casting_core.records.datasets"),
    Wrong("database", "casting_core.records.database.tables", "casting_core.records.database.access"),
    Wrong("judging", "casting_core.judging.bounds", "casting_core.judging.scoring"),
    Wrong("workflows", "casting_core.workflows.stores", "casting_core.workflows.datasets"),
    Wrong("workflows", "casting_core.workflows.review", "casting_core.workflows.datasets"),
    Wrong("workflows", "casting_core.workflows.datasets", "casting_core.workflows.audit"),
    Wrong("workflows", "casting_core.workflows.judging", "casting_core.workflows.training"),
    Wrong("workflows", "casting_core.workflows.training", "casting_core.workflows.search"),
    Wrong("workflows", "casting_core.workflows.models", "casting_core.workflows.training"),
    Wrong("commands", "casting_core.commands.terminal", "casting_core.commands.versions"),
    Wrong("commands", "casting_core.commands.versions", "casting_core.commands.data"),
    Wrong("commands", "casting_core.commands.learning", "casting_core.commands.study"),
    Wrong("pages", "pages.review", "pages.models"),
    Wrong("pages", "pages.parts.shell", "pages.dataset"),
    Wrong("parts", "pages.parts.caches", "pages.parts.shell"),
    Wrong("parts", "pages.parts.shell", "pages.parts.charts"),
    Wrong("parts", "pages.parts.charts", "pages.parts.photos"),
    Wrong("parts", "pages.parts.photos", "pages.parts.dataset"),
    Wrong("parts", "pages.parts.importing", "pages.parts.dataset"),
    Wrong("parts", "pages.parts.audit", "pages.parts.train"),
    Wrong("parts", "pages.parts.dataset", "pages.parts.search"),
    Wrong("parts", "pages.parts.inspection", "pages.parts.models"),
    Wrong("core", "casting_core.workflows", "pages.parts.shell"),
    Wrong("entry", "pages.parts.shell", "dashboard"),
    Wrong("no-interface", "casting_core.judging", "streamlit"),
    Wrong("networks", "casting_core.learning.recipes", "tensorflow"),
    Wrong("networks", "casting_core.judging", "keras"),
    Wrong("networks", "casting_core.jobs", "tf2onnx"),
    Wrong("one-way-of-long-work", "casting_core.workflows.search", "subprocess"),
    Wrong("one-way-of-long-work", "casting_core.records", "psutil"),
    Wrong("no-threads-on-pages", "pages.parts.charts", "threading"),
    Wrong("pages-write-nothing", "pages.parts.review", "sqlalchemy"),
    Wrong("pages-write-nothing", "pages.parts.caches", "casting_core.records.database"),
    Wrong("pages-write-nothing", "pages.train", "keras"),
    Wrong("only-recipes", "pages.parts.train", "casting_core.learning.networks"),
    Wrong("only-recipes", "pages.parts.photos", "casting_core.learning.inputs"),
    Wrong("only-recipes", "casting_core.commands", "casting_core.learning.training"),
]


def upwards() -> list[Wrong]:
    """For every contract of layers: its lowest imports its highest, or one of a layer another."""
    found = []
    for name, contract in contracts().items():
        for room in contract.get("containers", []):
            layers = [present(room, layer) for layer in contract["layers"]]
            there = [layer for layer in layers if layer]
            highest, lowest = (there[0], there[-1]) if len(there) > 1 else (there[0][1:], there[0])
            found.append(Wrong(name, f"{room}.{lowest[0]}", f"{room}.{highest[0]}"))
    return found


def present(room: str, layer: str) -> list[str]:
    """The modules of a layer that are there; those in brackets need not be."""
    names = [name.strip(" ()") for name in layer.split("|")]
    return [name for name in names if source(ROOT, f"{room}.{name}").exists()]


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the linter says against each contract, by name, with all that is wrong there at once."""
    copy = tmp_path_factory.mktemp("wrong")
    only_code = shutil.ignore_patterns("*.keras", "*.npz", "*.h5", "__pycache__")
    for name in ("casting_core", "pages"):
        shutil.copytree(ROOT / name, copy / name, ignore=only_code)
    shutil.copy(ROOT / "dashboard.py", copy)
    shutil.copy(ROOT / "pyproject.toml", copy)
    for wrong in WRONG:
        with source(copy, wrong.importer).open("a", encoding="utf-8") as file:
            file.write(f"\nimport {wrong.imported}\n")
    for room in rooms():
        copy.joinpath(*room.split("."), f"{NEW}.py").write_text("", encoding="utf-8")
    wide = {**os.environ, "COLUMNS": "300", "NO_COLOR": "1"}  # no line of its answer may be broken
    command = [sys.executable, "-c", CHECK]
    done = subprocess.run(command, cwd=copy, check=False, capture_output=True, text=True, env=wide)
    assert done.returncode == 1, f"{done.stdout}\n{done.stderr}"
    return sections(done.stdout)


@cache
def contracts() -> dict[str, dict[str, Any]]:
    """The contracts of the project, by their ids."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def rooms() -> list[str]:
    """Every room with arrows inside."""
    return [room for contract in contracts().values() for room in contract.get("containers", [])]


def modules(package: Path) -> list[str]:
    """What lies in a package: files and packages of its own."""
    files = [path.stem for path in package.glob("*.py") if path.stem != "__init__"]
    return files + [path.parent.name for path in package.glob("*/__init__.py")]


def source(folder: Path, module: str) -> Path:
    """The file of a module, or what a package begins with."""
    place = folder.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def sections(said: str) -> dict[str, str]:
    """What stands under the name of each broken contract."""
    _, _, told = said.partition("Broken contracts")
    found: dict[str, str] = {}
    name = ""
    lines = told.splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if below and set(below) == {"-"} and len(below) == len(line):
            name = line
        found[name] = f"{found.get(name, '')}{line}\n"
    return found


WRONG = [*BY_HAND, *upwards()]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.importer} -> {wrong.imported}")
def test_a_wrong_import_is_refused_and_named(answer: dict[str, str], wrong: Wrong) -> None:
    said = answer[contracts()[wrong.contract]["name"]]
    assert f"{wrong.importer} -> {wrong.imported} (l." in said


def test_every_contract_is_broken_by_one_of_these() -> None:
    assert {wrong.contract for wrong in WRONG} == set(contracts())


@pytest.mark.parametrize("room", rooms())
def test_a_module_without_a_place_in_its_room_is_refused(answer: dict[str, str], room: str) -> None:
    """So the arrows inside a room cannot be forgotten when it grows."""
    told = [said for contract in contracts().values() if (said := answer.get(contract["name"]))]
    assert any(f"- {room}.{NEW}" in said for said in told)


def test_every_room_has_arrows_of_its_own() -> None:
    inits = [path for top in ("casting_core", "pages") for path in (ROOT / top).rglob("__init__.py")]
    several = {".".join(path.parent.relative_to(ROOT).parts) for path in inits if len(modules(path.parent)) > 1}
    by_alembic = {"casting_core.records.migrations"}  # which runs them by a way of its own
    assert sorted((several | {"pages"}) - by_alembic - set(rooms())) == []
