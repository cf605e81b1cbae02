"""Work in a process of its own: it outlives the page, the tab and the server that asked for it, and goes after them.

People wait for pages, and nobody waits for an epoch; so such a process takes what time others leave it.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from casting_core.settings import ROOT

NICENESS = 10  # of 19, POSIX's word for stepping back; Windows knows classes instead
AGAIN = 0.2  # seconds; Linux changes the rank of a session no more than ten times a second
TRIES = 10


def start(
    command: str,
    *arguments: str,
    output: Path,
    environment: Mapping[str, str] | None = None,
    after: Callable[[], None],
) -> int:
    """Starts ``python -m casting_core command arguments`` and returns the process's number.

    What it prints is added to the file ``output``, whose folder must be there. ``after`` is called once it has gone,
    however it went, if this process still lives then. Raises ``OSError`` where it cannot be started.
    """
    apart: dict[str, Any] = {"start_new_session": True}  # closing the server's terminal does not end it
    if os.name == "nt":
        flags = ("DETACHED_PROCESS", "CREATE_NEW_PROCESS_GROUP", "BELOW_NORMAL_PRIORITY_CLASS")
        apart = {"creationflags": sum(getattr(subprocess, flag) for flag in flags)}
    with output.open("ab") as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", "casting_core", command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=printed,
            cwd=ROOT,
            env=environment,
            **apart,
        )
    if os.name == "posix":
        with suppress(psutil.Error):  # it may be over already
            psutil.Process(process.pid).nice(NICENESS)  # before it has threads: each has a rank of its own

    def see_it_go() -> None:
        _rank_session(process)
        process.wait()  # or it stays as a zombie
        after()

    threading.Thread(target=see_it_go, name=f"end of {command} {process.pid}", daemon=True).start()
    return process.pid


def _rank_session(process: "subprocess.Popen[bytes]") -> None:
    """Linux on desks gives each session the same time, however its processes rank; so the session steps back too."""
    rank = Path(f"/proc/{process.pid}/autogroup")
    for _ in range(TRIES):
        if not rank.is_file() or process.poll() is not None:
            return
        try:
            rank.write_text(str(NICENESS))
        except OSError:
            time.sleep(AGAIN)
        else:
            return
