"""ARCHITECTURE.md tells the tree as it is, rooms stay small, packages say what others may use."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE, PARTS = ROOT / "casting_core", ROOT / "pages" / "parts"
MOST = 12  # modules of its own that a package may have
STEP = re.compile(r"step_\d{4}_\w+\.py")  # a migration has no line of its own in the tree
NO_CODE = {"weights"}  # folders in the tree without a module in them

ENTRY = re.compile(r"(?P<indent>(?:  )*)(?P<name>[\w.]+(?:/|\.py)) {2,}(?P<text>\S.*)")
LISTED = re.compile(r"^(\w+) {2,}\S", flags=re.MULTILINE)


@cache
def packages() -> list[Path]:
    """Every folder of code in the core and among the parts of pages."""
    found = {path.parent for top in (CORE, PARTS) for path in top.rglob("*.py")}
    return sorted(found | {PARTS})


ROOMS = [path for path in packages() if path not in (CORE, PARTS)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("folder", packages(), ids=name_of)
def test_the_tree_names_what_lies_in_a_folder_and_nothing_else(folder: Path) -> None:
    told = {path.name for path in tree() if path.parent == folder} - NO_CODE
    has = {path.name for path in contents(folder) if not STEP.fullmatch(path.name)}
    if folder.is_relative_to(PARTS):  # of the parts of pages the tree names folders only
        has = {name for name in has if not name.endswith(".py")}
    assert sorted(has - told) == [], "not in ARCHITECTURE.md"
    assert sorted(told - has) == [], "only in ARCHITECTURE.md"


def test_everything_in_the_tree_exists() -> None:
    assert [name_of(path) for path in tree() if not path.exists()] == []


def test_the_tree_names_every_page() -> None:
    told = {path for path in tree() if path.parent == ROOT / "pages" and path.suffix == ".py"}
    assert told == set(ROOT.glob("pages/*.py"))


@pytest.mark.parametrize("folder", packages(), ids=name_of)
def test_a_room_has_at_most_twelve_modules_of_its_own(folder: Path) -> None:
    own = [path.stem for path in contents(folder) if path.suffix and not STEP.fullmatch(path.name)]
    assert len(own) <= MOST, f"this room needs folders: {own}"


@pytest.mark.parametrize("folder", ROOMS, ids=name_of)
def test_a_package_lists_what_others_use_of_it_and_only_what_it_has(folder: Path) -> None:
    listed = set(LISTED.findall(docstring(folder / "__init__.py")))
    has = {path.stem for path in contents(folder)}
    assert sorted(used_from_outside()[folder] - listed) == [], "used by others, and not listed"
    assert sorted(listed - has) == [], "listed, and not there"


def tree() -> Iterator[Path]:
    """Every file and folder that the tree in ARCHITECTURE.md names."""
    paper = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    house = paper.partition("\n## The house\n")[2].partition("\n## ")[0]
    above: list[str] = []
    for line in house.splitlines():
        if not line.startswith("    "):
            continue
        entry = ENTRY.fullmatch(line.removeprefix("    "))
        assert entry is not None, f"a line of the tree is a name and what it is: {line!r}"
        above = [*above[: len(entry["indent"]) // 2], entry["name"].rstrip("/")]
        yield ROOT.joinpath(*above)


def contents(folder: Path) -> list[Path]:
    """Modules and packages that lie directly in a folder."""
    modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
    return [*modules, *(path for path in packages() if path.parent == folder)]


def docstring(path: Path) -> str:
    """What a file says of itself; nothing where it says nothing, or is not there."""
    if not path.exists():
        return ""
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


@cache
def used_from_outside() -> dict[Path, set[str]]:
    """For each package the names of modules in it that are imported by files outside of it."""
    found: dict[Path, set[str]] = defaultdict(set)
    for path in [ROOT / "dashboard.py", *CORE.rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        for name in imports(path):
            parts = name.split(".")
            for length in range(1, len(parts)):
                package = ROOT.joinpath(*parts[:length])
                if package in ROOMS and not path.is_relative_to(package):
                    below = package / parts[length]
                    if below.is_dir() or below.with_suffix(".py").exists():
                        found[package].add(parts[length])
    return found


def imports(path: Path) -> Iterator[str]:
    """Dotted names of all that a file imports, anywhere in it: modules, and what they give."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
