"""The lock names every package that the requirements bring, each with sums, for every Python that is supported."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from casting_core.settings import ROOT

PAIRS = [(f"requirements{what}.txt", f"requirements{what}.lock") for what in ("", "-scale", "-dev")]
PYTHONS = ("3.11", "3.12", "3.13")
WITH_PYTHON = {"setuptools"}  # every new environment has one before anything is installed
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def asked_for(path: Path) -> list[Requirement]:
    """What a file of requirements asks for, that of the files it names included."""
    found: list[Requirement] = []
    for line in path.read_text("utf-8").splitlines():
        text = re.sub(r"(^|\s)#.*", "", line).strip()
        if text.startswith("-r "):
            found += asked_for(path.with_name(text.removeprefix("-r ")))
        elif text:
            found.append(Requirement(text))
    return found


def entries(path: Path) -> list[tuple[Requirement, int]]:
    """Each package of a lock, and how many sums it has; a line that is neither is a mistake."""
    text = "\n".join(line for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
    found = []
    for entry in text.replace("\\\n", " ").splitlines():
        if entry.strip():
            first, *sums = entry.split(" --hash=")
            assert all(HASH.fullmatch(f"--hash={one.strip()}") for one in sums), entry[:80]
            found.append((Requirement(first), len(sums)))
    return found


def version_of(requirement: Requirement) -> str:
    (pin,) = requirement.specifier
    assert pin.operator == "=="
    return str(pin.version)


def locked(path: Path, python: str) -> dict[str, str]:
    """The version of each package that the lock has for this Python on Linux."""
    machine = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    machine |= {"platform_machine": "x86_64", "implementation_name": "cpython"}
    return {
        canonicalize_name(one.name): version_of(one)
        for one, _ in entries(path)
        if one.marker is None or one.marker.evaluate(machine)
    }


@pytest.mark.parametrize(("requirements", "lock"), PAIRS)
def test_every_requirement_is_in_the_lock_with_its_version(requirements: str, lock: str) -> None:
    names = {(canonicalize_name(one.name), version_of(one)) for one, _ in entries(ROOT / lock)}
    wanted = {(canonicalize_name(one.name), version_of(one)) for one in asked_for(ROOT / requirements)}
    assert wanted
    assert wanted <= names


@pytest.mark.parametrize("lock", [lock for _, lock in PAIRS])
def test_every_package_of_the_lock_has_one_version_and_sums(lock: str) -> None:
    found = entries(ROOT / lock)
    assert len(found) > 80
    assert [one.name for one, sums in found if not sums] == []
    names = [canonicalize_name(one.name) for one, _ in found]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("lock", [lock for _, lock in PAIRS])
def test_a_lock_names_packages_and_sums_and_nothing_else(lock: str) -> None:
    assert not re.search(r"://|index|trusted|find-links", (ROOT / lock).read_text("utf-8"))


def test_what_tests_need_holds_the_same_versions_as_the_dashboard() -> None:
    run, scale, dev = ({(one.name, version_of(one)) for one, _ in entries(ROOT / lock)} for _, lock in PAIRS)
    assert run < scale < dev


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_holds_all_that_its_packages_ask_for_within_their_ranges(python: str) -> None:
    known = locked(ROOT / "requirements-dev.lock", python)
    machine = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    looked_at = 0
    for name, version in known.items():
        try:
            package = distribution(name)
        except PackageNotFoundError:  # for another Python than this one
            continue
        looked_at += 1
        assert package.version == version or name in WITH_PYTHON, f"{name} is installed as {package.version}"
        assert python + ".99" in SpecifierSet(package.metadata["Requires-Python"] or ""), name
        for text in package.requires or []:
            needs = Requirement(text)
            if needs.marker is None or needs.marker.evaluate(machine):
                has = known.get(canonicalize_name(needs.name))
                assert has is not None, f"{name} needs {needs.name}"
                assert needs.specifier.contains(has, prereleases=True), f"{name} needs {needs}, and {has} is locked"
    assert looked_at > 100
