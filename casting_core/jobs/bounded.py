"""A short piece of work in a process that can be ended: it gets so much memory and time, and no more.

It is no job: nobody asks for it, waits in line for it or takes it up again; whoever needs its answer
waits for it some seconds. It is here because processes are started in this room only.
"""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass

import psutil

from casting_core.learning.threads import inheritable
from casting_core.settings import ROOT

LOOK = 0.02  # seconds between two looks at it
PATIENCE = 6  # times its seconds may go by on a clock: a busy machine gives it little, and it may sleep
SPARE = 4 * 2**30  # bytes of address space that libraries reserve and never touch
MOST = 2**20  # bytes of what it prints that are read


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of it. ``ended``: why it was ended, or how it broke off, in words; empty where it did neither."""

    printed: str
    ended: str = ""


def run(module: str, *arguments: str, memory: int, seconds: float) -> Outcome:
    """Runs ``python -m module arguments``, ended beyond so many bytes of memory or seconds of a processor.

    The module calls ``limit`` first, which lets the system itself stop what grows too fast.
    """
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=inheritable(),
        )
        try:
            ended = _watch(process, memory, seconds)
        finally:
            with suppress(OSError):
                process.kill()
            process.wait()
        printed.seek(0)
        text = printed.read(MOST).decode("utf-8", errors="replace")
    if not ended and process.returncode:
        ended = f"it broke off (exit code {process.returncode})"
    return Outcome(printed=text, ended=ended)


def limit(*, memory: int, seconds: float | None = None) -> None:
    """Lets the system hold this process to its memory and time, where the system can; no time: it has no end."""
    try:
        import resource
    except ImportError:  # Windows; whoever started it watches it
        return
    limits = [(resource.RLIMIT_AS, memory + SPARE), (resource.RLIMIT_CORE, 0)]
    if seconds is not None:
        limits.append((resource.RLIMIT_CPU, int(seconds) + 1))
    for what, most in limits:
        with suppress(OSError, ValueError):  # macOS knows no limit of addresses; less than now is allowed always
            resource.setrlimit(what, (most, most))


def _watch(process: "subprocess.Popen[bytes]", memory: int, seconds: float) -> str:
    """Waits for its end; why it has to be ended before, or nothing."""
    until = time.monotonic() + PATIENCE * seconds
    too_long = f"it takes longer than {seconds:g} seconds"
    with suppress(psutil.NoSuchProcess):
        seen = psutil.Process(process.pid)
        while process.poll() is None:
            if seen.memory_info().rss > memory:
                return f"it needs more than {memory / 2**20:,.0f} MiB of memory"
            used = seen.cpu_times()
            if used.user + used.system > seconds or time.monotonic() > until:
                return too_long
            time.sleep(LOOK)
    process.wait()
    if os.name == "posix" and process.returncode in (-24, -9):  # SIGXCPU, or killed by the system
        return too_long if process.returncode == -24 else "the system ended it for its memory"
    return ""
