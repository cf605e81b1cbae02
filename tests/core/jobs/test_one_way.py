"""Long work has one mechanism: no other room starts a process, asks whether somebody else is at work, or beats."""

import re
from pathlib import Path

import pytest

from casting_core.settings import ROOT

ROOM = ROOT / "casting_core" / "jobs"
ROWS = ROOT / "casting_core" / "records" / "jobs.py"
ONLY_THERE = {
    "starts a process": r"\bPopen\b|\bsubprocess\b|\bos\.(fork|spawn|posix_spawn|exec)|ProcessPool|\bmultiprocessing\b",
    "asks whether a lock is held": r"\bTimeout\b|\bis_locked\b|\.acquire\([^)]|\btimeout=0\b|FileLock\([^)]*timeout",
    "looks at processes": r"\bpsutil\b|\bpid_exists\b|\bos\.kill\b|\bgetpid\b",
    "keeps a thread of its own": r"\bThread\(",
    "beats": r"def (keep_)?beat|\bheartbeat\s*=|\bSILENCE\b",
    "says where long work stands": r"class \w*(State|Wish|Standing|Status)\((Str|Int)?Enum",
}
ALLOWED = {  # what looks alike and is no job: file, and why
    "casting_core/learning/pretraining/generic.py": "draws photos in two processes that end with the step they serve",
    "casting_core/workflows/judging/batch/watched.py": "one command watches a folder; a second one is refused",
    "casting_core/service/judging.py": "no job: each thread of the service hands photos to one process",
    "casting_core/service/recording.py": "one thread of the service writes answers down, all that wait at once",
    "casting_core/service/beside.py": "one thread of the service lets the challenger judge, after the answer",
    "casting_core/workflows/challenge/standing.py": "who finds another thread at the ledger looks for itself",
    "casting_core/workflows/models/status.py": "how far people have come with a version, not with work",
    "casting_core/service/schema.py": "ResultState is a word of OPC 40100, said of one answer",
}


def sources() -> list[Path]:
    """Every file of the program outside the room of jobs, their rows, and what older programs' tables were like."""
    found = [*(ROOT / "casting_core").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "dashboard.py"]
    return [path for path in found if not {ROOM, ROWS} & {path, *path.parents} and path.parent.name != "versions"]


def places(pattern: str, files: list[Path]) -> list[str]:
    """Each line of code with this in it: file, number and text."""
    return [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if re.search(pattern, line.split("  #")[0])
    ]


@pytest.mark.parametrize("what", ONLY_THERE)
def test_nothing_outside_the_room_of_jobs_does_what_jobs_are_for(what: str) -> None:
    found = [place for place in places(ONLY_THERE[what], sources()) if place.partition(":")[0] not in ALLOWED]
    assert found == [], f"{what}, outside casting_core/jobs"


@pytest.mark.parametrize("what", ONLY_THERE)
def test_what_is_looked_for_is_what_the_room_itself_does(what: str) -> None:
    """A pattern that finds nothing there would find nothing anywhere."""
    assert places(ONLY_THERE[what], [*ROOM.glob("*.py"), ROWS])


@pytest.mark.parametrize("file", ALLOWED)
def test_what_is_allowed_is_still_needed(file: str) -> None:
    assert any(places(pattern, [ROOT / file]) for pattern in ONLY_THERE.values())
