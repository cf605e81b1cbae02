"""Models: every version with its figures and curves, which one is in production, and putting another one there."""

import pandas as pd
import streamlit as st

from casting_core.domain import WRONG_CASTING
from casting_core.errors import CastingError
from casting_core.wording import share
from casting_core.workflows import stores
from casting_core.workflows.judging.learned import nothing_learned
from casting_core.workflows.judging.scores import proving, scores
from casting_core.workflows.models import status
from pages.parts.caches import model_cache
from pages.parts.lifecycle import delete_view, shadow_view, status_view
from pages.parts.models import card_view, promotion, report_view
from pages.parts.operating_point import point_view
from pages.parts.panel import panel_view
from pages.parts.shell import figures, frame
from pages.parts.shell.errors import show_errors
from pages.parts.shell.look import table_height
from pages.parts.shell.text import cell, plain, sentence
from pages.parts.versions import comparison_view

frame.open("Models", "Every version that was trained. One of them is in production: Inspection judges with it.")
with show_errors():
    cards, damaged = model_cache.cards(), stores.registry().damaged()
try:
    production = model_cache.production()
except CastingError as error:  # to be mended here: any version below can be put in its place
    production = ""
    st.error(sentence(error), icon=":material/error:")
for broken, reason in damaged.items():
    consequence = "It cannot be used; the other versions are not touched."
    if broken == production:
        consequence = "It is in production, so nothing can be judged: put another version in its place."
    st.error(f"{sentence(reason)} {consequence}", icon=":material/error:")

if not cards:
    st.info("No version can be used. Train one, and it appears here.", icon=":material/model_training:")
    frame.link("Train", "Train a network")
    st.stop()
counted = [proving(card) or scores(card)[0] for card in cards]
challenger = shadow_view.in_shadow()
with show_errors():
    states = status.statuses(cards)
rows = pd.DataFrame(
    {
        "version": [card.name for card in cards],
        "state": [promotion.state(card, production, challenger.version if challenger else "") for card in cards],
        "castings escaped": [figures.cells(score)[0] for score in counted],
        "castings rejected": [figures.cells(score)[1] for score in counted],
        "evaluation": [states[card.name].status.value for card in cards],
        "counted on": [score.name if score.proves else f"{score.name}: proves nothing" for score in counted],
        "photos right": [share(score.right) for score in counted],
        "photos missed": [score.missed for score in counted],
        "photos rejected falsely": [score.false_alarms for score in counted],
        "network": [card.network for card in cards],
        "trained on": [cell(card.data.name) for card in cards],
        "created": [card.created.replace("T", " ")[:16] for card in cards],
    }
)
looks = {  # narrow, so that a telephone shows the escapes beside the name
    "version": st.column_config.TextColumn(pinned=True, width=70),
    "state": st.column_config.TextColumn(width=105),
    "castings escaped": st.column_config.TextColumn(width=130),
}
with st.container(height=table_height(len(rows)), border=False):  # its room is kept until it is there
    st.dataframe(rows, hide_index=True, key="versions", column_config=looks, height="stretch")
st.caption(
    "Castings and photos of each version's own dataset, measured when it was made: versions that learned from "
    f"different photos cannot be compared by them. {WRONG_CASTING}"
)
promotion.way_back(cards)
if challenger is not None:
    shadow_view.show(challenger)

name = st.selectbox("Version", [card.name for card in cards], key="version", width=280)
card = next(card for card in cards if card.name == name)
with st.container(horizontal=True, vertical_alignment="center", key="one-version"):
    st.subheader(plain(card.name))
    status_view.badge(card)
    if card.name == production:
        st.markdown(":green-badge[:material/verified: in production]")
    else:
        promotion.offer(card)
    try:
        packed = model_cache.archive(card.name, card.created)
    except CastingError as error:
        st.error(f"{sentence(error)} It is not handed out.", icon=":material/error:")
    else:
        file = f"{card.name}.zip"
        st.download_button("Download", packed, file, "application/zip", icon=":material/download:", on_click="ignore")
    status_view.show(card)
    if challenger is None and card.name != production:
        shadow_view.offer(card)
    delete_view.offer(card)
delete_view.show(card)

if worthless := nothing_learned(card):
    st.error(sentence(worthless), icon=":material/error:")
card_view.show(card)
panel_view.show(card)
point_view.show(card)
comparison_view.beside_another(card, cards)
report_view.show(card)
