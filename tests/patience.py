"""How long a test waits for something to happen: so long that only what never happens is given up.

Who waits stops as soon as it has happened, so that a test that passes costs nothing by it. How quick things are is
measured by ``make bench``; no test asserts it.
"""

import time
from collections.abc import Callable

PATIENCE = 900.0  # seconds; a core that is shared with others may need minutes for what takes seconds elsewhere
MILLISECONDS = 1000 * PATIENCE  # the same for a browser
STEP = 300.0  # seconds; for a step that draws a page anew and no more, so that one that is lost does not cost the rest
POLL = 0.05  # seconds between two looks


def until(happened: Callable[[], object], *, told: Callable[[], object] = str) -> None:
    """Waits until it has happened; fails with what is told where it never does."""
    give_up = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < give_up, f"it never happened: {told()}"
        time.sleep(POLL)
