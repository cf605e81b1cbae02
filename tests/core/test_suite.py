"""The tests themselves: that none measures the machine, and that work is shared."""

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

import pytest

from tests.conftest import made_once, weight

TESTS = Path(__file__).resolve().parents[1]

# A limit in numbers: of processes, threads and browsers, and of loops.
LIMIT = re.compile(r"(?:timeout=|timeout\(|monotonic\(\) \+ |\.wait\(|\.join\()([0-9_]+(?:\.[0-9]+)?)\b")
LEAST = 120.0  # seconds
MOST = 3600.0  # seconds; a number above it counts milliseconds, and 0 no end


def test_no_test_waits_for_less_than_minutes() -> None:
    found = [
        f"{path.relative_to(TESTS)}:{number}: {line.strip()}"
        for path in sorted({*TESTS.rglob("*.py")} - {Path(__file__)})
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if any(0 < limit < LEAST for limit in limits(line))
    ]
    assert found == [], "wait for tests.patience.PATIENCE: that a machine is slow is no fault of the program"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("expect(page).to_be_visible(timeout=20_000)", [20.0]),
        ("subprocess.run(command, timeout=60)", [60.0]),
        ("give_up = time.monotonic() + 1.5", [1.5]),
        ("over.wait(PATIENCE)", []),
        ("page.wait_for_timeout(800)", []),
        ("@pytest.mark.timeout(600)", [600.0]),
    ],
)
def test_a_limit_is_found_in_a_line(line: str, found: list[float]) -> None:
    assert limits(line) == found


def limits(line: str) -> list[float]:
    """The limits in a line, in seconds. How long a page is left alone is none."""
    numbers = [float(limit) for limit in LIMIT.findall(line.replace("wait_for_timeout", ""))]
    return [number / 1000 if number > MOST else number for number in numbers]


def test_files_with_the_longest_tests_begin_first(request: pytest.FixtureRequest) -> None:
    files = [(path, sum(map(weight, tests))) for path, tests in groupby(request.session.items, lambda one: one.path)]
    assert len(files) == len({path for path, _ in files}), "the tests of a file stay together"
    weights = [whole for _, whole in files]
    assert weights == sorted(weights, reverse=True)


def test_what_several_workers_want_is_made_by_one_of_them(tmp_path_factory: pytest.TempPathFactory) -> None:
    calls: list[Path] = []

    def make(folder: Path) -> None:
        calls.append(folder)
        folder.mkdir()

    with ThreadPoolExecutor(4) as pool:
        folders = list(pool.map(lambda _: made_once(tmp_path_factory, "test-of-the-suite", make), range(4)))
    assert calls == folders[:1]
    assert set(folders) == set(calls)


def test_what_was_left_half_made_is_made_anew(tmp_path_factory: pytest.TempPathFactory) -> None:
    def break_off(folder: Path) -> None:
        folder.mkdir()
        (folder / "half").touch()
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        made_once(tmp_path_factory, "test-of-half", break_off)
    whole = made_once(tmp_path_factory, "test-of-half", Path.mkdir)
    assert list(whole.iterdir()) == []
