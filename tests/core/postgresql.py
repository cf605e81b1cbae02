"""A PostgreSQL of the tests' own, made of the programs of the machine: nothing is kept, nobody else can reach it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE

OWNER = "postgres"  # PostgreSQL refuses to be started by root
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=16MB -c max_connections=60"


def missing() -> str:
    """Why there can be no PostgreSQL here, in a sentence; empty where there can."""
    if os.name == "nt":
        return "PostgreSQL is started for tests on POSIX only"
    if _programs() is None:
        return "there is no PostgreSQL on this machine (initdb and pg_ctl were looked for)"
    return ""


@contextmanager
def served() -> Iterator[str]:
    """The address of a new server up to the name of its database, which one writes behind it."""
    programs = _programs()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="casting-pg-"))  # short: the path of a socket has 107 letters at most
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER, OWNER)
        _run(programs / "initdb", "-D", folder / "data", "-A", "trust", "-U", OWNER, "-E", "UTF8", "--no-sync")
        server = [programs / "pg_ctl", "-D", folder / "data", "-w", "-t", f"{PATIENCE:.0f}"]
        _run(*server, "-l", folder / "log", "-o", f"{QUICK} -c listen_addresses='' -k {folder}", "start")
        try:
            yield f"postgresql://{OWNER}@/{{}}?host={folder}"
        finally:
            _run(*server, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def away(address: str) -> Iterator[None]:
    """Nobody reaches the server of this address meanwhile; what was written is there again afterwards."""
    folder = Path(address.partition("?host=")[2])
    programs = _programs()
    assert programs is not None
    server = [programs / "pg_ctl", "-D", folder / "data", "-w", "-t", f"{PATIENCE:.0f}"]
    _run(*server, "-m", "immediate", "stop")
    try:
        yield
    finally:
        _run(*server, "-l", folder / "log", "-o", f"{QUICK} -c listen_addresses='' -k {folder}", "start")


def _programs() -> Path | None:
    """The folder with the programs of the newest PostgreSQL that is installed."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = installed[-1] if installed else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _run(*command: Any) -> None:
    other: dict[str, Any] = {"user": OWNER, "group": OWNER, "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(
        list(map(str, command)), cwd="/", check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, **other,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
