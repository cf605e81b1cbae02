"""Dataset: what photos there are, what is wrong with them, which show one casting, and how they are split."""

import streamlit as st

from pages.parts.caches import dataset_cache
from pages.parts.dataset import (
    audit_remedies,
    casting_view,
    dataset_form,
    dataset_overview,
    explorer,
    photo_map,
    splits_view,
)
from pages.parts.photos import decide_form
from pages.parts.shell import address, frame, guards, session
from pages.parts.shell.errors import show_errors

SECTIONS = {
    "Overview": (":material/monitoring:", dataset_overview.show),
    "Audit": (":material/troubleshoot:", audit_remedies.show),
    "Photos": (":material/photo_library:", explorer.show),
    "Map": (":material/scatter_plot:", photo_map.show),
    "Castings": (":material/join_inner:", casting_view.show),
    "Splits": (":material/call_split:", splits_view.show),
}

frame.open("Dataset", "What the network can learn from, and what it cannot.")
dataset_form.show()
named = guards.named_dataset()
with show_errors():
    dataset = dataset_cache.dataset(named)
dataset_form.rule(named, dataset)
if dataset.usable.empty:
    st.error("No photo of this dataset can be used. Each file is listed here with the reason.", icon=":material/error:")
    dataset_overview.problems(named, dataset)
    st.stop()

kept = session.current()
if (asked := address.take("section")) in SECTIONS and asked != kept.section:
    kept.leap(str(asked))
section = st.segmented_control(
    "Section",
    list(SECTIONS),
    default=kept.section or "Overview",
    required=True,
    format_func=lambda name: f"{SECTIONS[name][0]} {name}",
    key=f"section {kept.leaps}",
    label_visibility="collapsed",
    wrap=True,
)
kept.section = section
address.say(dataset=named.name, section=section)
decide_form.way_back(dataset)
SECTIONS[section][1](named, dataset)
