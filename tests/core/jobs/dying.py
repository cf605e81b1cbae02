"""Imports whose process is killed in the middle, however quick the machine: kill -9 soon after a share of the work.

A test that looks from outside comes too late where the whole import takes a second. So the process dies by its own
hand, and waits for that before its end: by the same signal, at a moment that nobody chose.
"""

import json
import os
import random
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Timer

from casting_core.jobs.kinds import Inputs, Kinds, Report, Result, ShouldStop
from casting_core.jobs.progress import Doing
from casting_core.workflows.datasets.import_job import IMPORT, KIND

SHARES = "TEST_DIES_AT"  # the environment's word for the shares, one for each attempt
SOON = 0.03  # seconds at most from the share to the kill
NEAR_END = 0.9  # the share at which a process that is to die goes no further
SCRIPT = """#!/bin/sh
{name}='{shares}' exec "{python}" -c '
import sys
sys.executable = "{script}"
from casting_core.jobs.work import do
from tests.core.jobs.dying import KINDS
do(int(sys.argv[-1]), KINDS)' "$@"
"""


def dying(folder: Path, shares: Sequence[float]) -> Path:
    """A Python in this folder that, asked to do an import, dies in attempt n at the nth of the shares."""
    script = folder / "python"
    told = json.dumps(list(shares))
    script.write_text(SCRIPT.format(name=SHARES, shares=told, python=sys.executable, script=script))
    script.chmod(0o755)
    return script


def _import(inputs: Inputs, report: Report, should_stop: ShouldStop) -> Result:
    shares = json.loads(os.environ[SHARES])
    if inputs.attempt > len(shares):
        return IMPORT.work(inputs, report, should_stop)
    dies_at = shares[inputs.attempt - 1]
    death = Timer(random.uniform(0, SOON), os.kill, (os.getpid(), signal.SIGKILL))

    def tell(event: object) -> None:
        report(event)
        reached(event.share if isinstance(event, Doing) else 0.0)

    def reached(share: float) -> None:
        if share >= dies_at and not death.ident:  # a thread that was started has one
            death.start()
        if share >= NEAR_END:
            death.join()

    reached(0.0)
    return IMPORT.work(inputs, tell, should_stop)


KINDS: Kinds = {KIND: replace(IMPORT, work=_import)}
