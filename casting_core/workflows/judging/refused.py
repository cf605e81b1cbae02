"""What the gate would refuse of photos whose labels are known: figures count them, for the labels say what is true."""

import pandas as pd

from casting_core.domain import Progress
from casting_core.judging.gating import gate
from casting_core.workflows.judging.model import Model
from casting_core.workflows.stores import pixel_cache

REFUSED = ("photo", "path", "reason")  # the columns of ``refused``


def refused(photos: pd.DataFrame, model: Model, *, report: Progress = lambda _done, _total: None) -> pd.DataFrame:
    """Those of these photos that would get no verdict if they came from the camera, with the reason; rarely any."""
    cache, rows = pixel_cache(model.scorer.image_size), []
    for done, (photo, path) in enumerate(zip(photos["photo"], photos["path"], strict=True), start=1):
        if reason := gate.refusal(cache.take([photo])[0], model.gate):
            rows.append((photo, path, reason))
        report(done, len(photos))
    return pd.DataFrame(rows, columns=list(REFUSED))


def in_words(found: pd.DataFrame, *, most: int = 5) -> str:
    """How many photos the gate would have refused and why, in lines; nothing where there are none."""
    if found.empty:
        return ""
    heads = [f"The gate would refuse {len(found):,} of these photos; they are counted all the same:"]
    lines = [f"  {row.path}: {row.reason}" for row in found.head(most).itertuples()]
    more = [f"  and {len(found) - most:,} more"] * (len(found) > most)
    return "\n".join([*heads, *lines, *more])
