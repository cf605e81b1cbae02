"""How far each challenge part lies from being judged wrongly, over the weeks, at one station."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.workflows.challenge import margins
from casting_core.workflows.challenge.margins import FEW
from casting_core.workflows.challenge.values import ChallengeSet
from pages.parts.caches import challenge_cache
from pages.parts.charts import canvas, challenge_charts
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain


def show(known: ChallengeSet, stations: Sequence[str]) -> None:
    """The chart of a station, and the same in numbers."""
    with show_errors():
        seen = challenge_cache.challenges().seen()
    judged = [station for station in stations if margins.any_of(seen, known, station)]
    if not judged:
        st.info(
            "No station has judged a challenge part yet. It sends a new photo of each, with part_id=CHALLENGE-1 and "
            "so on.",
            icon=":material/photo_camera:",
        )
        return
    st.markdown("**Margins over time**")
    station = st.selectbox("Station", judged, key="station of margins", width=280)
    table = margins.over_time(seen, known, station)
    words = f"margin of each challenge part at station {plain(station)} over time"
    canvas.show(challenge_charts.margins(table), key="margins", alt=words)
    rows = margins.of_parts(table, known)
    shown = pd.DataFrame(
        {
            "part": [one.part.name for one in rows],
            "label": [one.part.label.word for one in rows],
            "role": [one.part.role for one in rows],
            "photos": [one.photos for one in rows],
            "margin at first": [one.first for one in rows],
            "lately": [one.lately for one in rows],
            "smallest": [one.smallest for one in rows],
            "judged wrongly": [one.missed for one in rows],
        }
    )
    digits = {name: st.column_config.NumberColumn(format="%.3f") for name in ("margin at first", "lately", "smallest")}
    st.dataframe(shown, hide_index=True, key="margins of parts", column_config=digits)
    st.caption(
        f"The margin is how far the score lies from being wrong. At first and lately: the middle one of {FEW} photos. "
        "Margins that shrink over weeks show a lamp that ages, or a lens that gets dirty, before a part is missed."
    )
