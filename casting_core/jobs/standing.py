"""A process that stands ready: it is asked one thing after the other, and begun anew where it gives no answer.

It is no job: nobody waits in line for it or takes it up again. What is given to it may break it or keep it for ever,
and whoever asks goes on with the next question. It is here because processes are started in this room only.
"""

import os
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Timer
from typing import IO

from casting_core.errors import JobError
from casting_core.learning.threads import inheritable
from casting_core.settings import ROOT

SIZE = struct.Struct(">Q")  # bytes that follow, before each question and each answer
LONGEST = 2**20  # bytes of an answer
LEAVE = 2.0  # seconds a process has to go by itself once nobody asks any more


class Standing:
    """One process, ``python -m module arguments``, which calls ``answer_all``; one question at a time."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._asking = Lock()
        self._process = self._begin()
        self.begun = 1  # how many processes there have been

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def ask(self, question: bytes, *, seconds: float) -> bytes:
        """The answer; ``JobError`` where the process ended or took longer. Another one then stands in its place."""
        with self._asking:
            self._revive()
            process, took_long = self._process, Event()

            def break_off() -> None:
                took_long.set()
                process.kill()  # which breaks both pipes, whatever the process is doing

            late = Timer(seconds, break_off)
            late.daemon = True
            late.start()
            try:
                return self._asked(question)
            except (OSError, ValueError, EOFError) as error:
                process.kill()
                process.wait()
                self._revive()
                why = f"took longer than {seconds:g} seconds" if took_long.is_set() else "broke off"
                raise JobError(f"the process that was asked {why}") from error
            finally:
                late.cancel()

    def revive(self) -> None:
        """Begins it anew where it has ended while nobody asked."""
        with self._asking:
            self._revive()

    def end(self) -> None:
        """Lets it go; it cannot be asked any more."""
        with self._asking:
            self._close()

    def _asked(self, question: bytes) -> bytes:
        given, told = self._process.stdin, self._process.stdout
        assert given is not None
        assert told is not None
        given.write(SIZE.pack(len(question)) + question)
        given.flush()
        return _read(told, LONGEST)

    def _revive(self) -> None:
        if self._process.poll() is not None:
            self._close()
            self._process, self.begun = self._begin(), self.begun + 1

    def _begin(self) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=ROOT,
                env=inheritable(),
                start_new_session=True,  # Ctrl-C at the terminal is for whoever asks
            )
        except OSError as error:
            raise JobError(f"a process cannot be started: {error.strerror or error}") from error

    def _close(self) -> None:
        with suppress(OSError):  # what was not read any more by a process that has gone
            if self._process.stdin is not None:
                self._process.stdin.close()
        try:
            self._process.wait(LEAVE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def answer_all(answer: Callable[[bytes], bytes], *, longest: int) -> None:
    """Answers, in the process that is asked, every question of up to ``longest`` bytes, until nobody asks any more."""
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print must not stand among the answers
    with suppress(EOFError), told:
        while True:
            said = answer(_read(sys.stdin.buffer, longest))
            told.write(SIZE.pack(len(said)) + said)
            told.flush()


def _read(source: IO[bytes], longest: int) -> bytes:
    """One question or answer; ``EOFError`` where there comes none, or not all of it."""
    begin = source.read(SIZE.size)
    size = SIZE.unpack(begin)[0] if len(begin) == SIZE.size else longest + 1
    content = source.read(size) if size <= longest else b""
    if size > longest or len(content) < size:
        raise EOFError
    return content
