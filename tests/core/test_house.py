"""The house rules, held by the tools that know them: arrows, style, types, clean imports, honest requirements."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from casting_core.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))
PAGES = [*ROOT.glob("dashboard.py"), *sorted(ROOT.glob("pages/*.py")), *sorted(ROOT.glob("pages/parts/**/*.py"))]

SLOW_TO_IMPORT = ("tensorflow", "keras", "tf2onnx")
ONLY_FOR_SOME = ("sklearn", "scipy.stats", "statsmodels", "optuna", "plotly", "streamlit")

PAPERS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/recipes.md", "docs/lab-notes.md")

# Written so that this file does not name what it forbids.
REGISTRY = re.compile(
    r"[p]ypi[.]org|[p]ythonhosted[.]org|[r]egistry[.]npmjs|[d]eb[.]debian[.]org|--(extra-)?index[-]url|--find[-]links"
    r"|--trusted[-]host|^registry *="
)

EXACT_WITH_REASON = re.compile(r"[A-Za-z0-9_.-]+(\[[a-z,]+\])?==[0-9][0-9a-z.]*( ; [^#]+)? +# \S.+")


def test_import_arrows_point_one_way() -> None:
    assert_quiet("-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))")


def test_style_is_clean() -> None:
    assert_quiet("-m", "ruff", "check")


def test_formatting_is_clean() -> None:
    assert_quiet("-m", "ruff", "format", "--check")


@pytest.mark.slow
def test_types_are_clean() -> None:
    assert_quiet("-m", "mypy")


def test_nothing_the_pages_import_brings_tensorflow_or_keras() -> None:
    """Imports, in a fresh process, all that the dashboard's scripts import anywhere in them, functions included."""
    if not PAGES:
        pytest.skip("there is no page yet")
    wanted = sorted({name for page in PAGES for name in imported_by(page)})
    assert_quiet("-c", IMPORT_ALL, ",".join(wanted), ",".join(SLOW_TO_IMPORT))


def test_the_server_answers_before_it_loads_what_pages_need() -> None:
    """All that dashboard.py imports before it is a page."""
    begins = ["streamlit", *(f"pages.parts.server.{one}" for one in ("door", "first_paint", "link", "start"))]
    only_for_pages = ("pandas", "sqlalchemy", "cv2", *SLOW_TO_IMPORT)
    assert_quiet("-c", IMPORT_ALL, ",".join((*begins, "pages.parts.shell.look")), ",".join(only_for_pages))


def test_a_job_of_any_kind_begins_without_what_only_some_kinds_need() -> None:
    assert_quiet("-c", IMPORT_ALL, "casting_core.workflows.kinds", ",".join((*SLOW_TO_IMPORT, *ONLY_FOR_SOME)))


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_requirement_has_an_exact_version_and_a_reason(path: Path) -> None:
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith(("#", "-r "))
    ]
    assert lines
    assert [line for line in lines if not EXACT_WITH_REASON.fullmatch(line)] == []


def test_no_file_names_a_package_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files_of_the_project()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if REGISTRY.search(line)
    ]
    assert found == []


def test_make_help_tells_every_verb() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = set(re.findall(r'@echo "make ([a-z0-9-]+)', makefile))
    assert told == verbs() - {"help"}


@pytest.mark.parametrize("name", [*PAPERS, ".ci/run", ".pre-commit-config.yaml"])
def test_every_make_command_in_the_papers_exists(name: str) -> None:
    paper = ROOT / name
    if not paper.exists():
        pytest.skip(f"{name} is not written yet")
    # Only where it is a command: at the start of a line or of `code`, perhaps after variables.
    used = set(
        re.findall(r"(?:^|`|exec |entry: )(?:[A-Z]+=\S+ )*make ([a-z0-9-]+)", text_of(paper), flags=re.MULTILINE)
    )
    assert used
    assert used <= verbs()


@pytest.mark.parametrize("name", [*PAPERS, "ARCHITECTURE.md"])
def test_every_link_in_the_papers_leads_somewhere(name: str) -> None:
    paper = ROOT / name
    links = re.findall(r"\]\(([^)#]+)\)", text_of(paper))
    assert [link for link in links if "://" not in link and not (paper.parent / link).exists()] == []


def test_the_readme_lists_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^    python -m casting_core ([a-z0-9-]+) ", readme, flags=re.MULTILINE)
    assert sorted(listed) == sorted(name for name, command in main.commands.items() if not command.hidden)


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "docs/recipes.md"])
def test_every_option_of_a_command_in_the_papers_exists(name: str) -> None:
    known = {command: options(main.commands[command]) for command in main.commands}
    code = re.findall(r"^    (.+)$|`([^`]+)`", text_of(ROOT / name), flags=re.MULTILINE)
    used = [
        (command, option)
        for line in ("".join(parts).removeprefix("python -m casting_core ") for parts in code)
        if (command := line.split()[0]) in known
        for option in re.findall(r"--[a-z][a-z-]*", line)
    ]
    assert used
    assert [(command, option) for command, option in used if option not in known[command]] == []


def test_the_changelog_has_dated_releases_the_newest_first() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    titles = re.findall(r"^## (.+)$", changelog, flags=re.MULTILINE)
    releases = [re.fullmatch(r"(\d+)\.(\d+)\.(\d+) \((\d{4}-\d{2}-\d{2})\)", title) for title in titles]
    known = [(*map(int, release.groups()[:3]), release[4]) for release in releases if release]
    assert len(known) == len(titles) > 1
    assert known == sorted(known, reverse=True)
    assert [date for *_, date in known] == sorted((date for *_, date in known), reverse=True)


def test_the_newest_release_in_the_changelog_is_the_version_of_the_program() -> None:
    released = re.search(r"^## (\S+)", text_of(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)
    version = re.search(r'^__version__ = "(.+)"', text_of(ROOT / "casting_core" / "__init__.py"), flags=re.MULTILINE)
    assert released is not None
    assert version is not None
    assert released[1] == version[1]


IMPORT_ALL = """
import importlib, importlib.util, sys
for name in sys.argv[1].split(","):
    parent, _, last = name.rpartition(".")
    module = importlib.import_module(parent) if parent else None
    if module is None or (not hasattr(module, last) and hasattr(module, "__path__")):
        importlib.import_module(name)
loaded = sorted(set(sys.argv[2].split(",")) & set(sys.modules))
sys.exit(f"loaded into the dashboard's process: {loaded}" if loaded else 0)
"""


def imported_by(page: Path) -> list[str]:
    """Dotted names of all that a script imports: modules, and what it takes from them, which may be modules too."""
    names = []
    for node in ast.walk(ast.parse(page.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def options(command: click.Command) -> set[str]:
    """The options of a command, or of those below it."""
    below = command.commands.values() if isinstance(command, click.Group) else ()
    own = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    return own.union(*map(options, below))


def assert_quiet(*arguments: str) -> None:
    """Run Python with these arguments in the project's folder; fail with what it said where it was not content."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def verbs() -> set[str]:
    """The verbs the Makefile declares."""
    declared = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert declared is not None
    return set(declared[1].split())


def files_of_the_project() -> list[Path]:
    """The files under version control, and new ones that would be."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout, so nobody can say which files are the project's")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    paths = [ROOT / name.decode() for name in done.stdout.split(b"\0") if name]
    return [path for path in paths if path.is_file()]


def text_of(path: Path) -> str:
    """The text of a file; nothing of a picture or a model."""
    content = path.read_bytes()
    return "" if b"\0" in content[:8192] else content.decode("utf-8", errors="replace")
