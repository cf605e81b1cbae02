"""Models: every version with its figures and curves, which one is in production, and putting another one there."""

import pandas as pd
import streamlit as st

from casting_core.domain import WRONG_CASTING
from casting_core.errors import CastingError
from casting_core.learning.recipes.recipe import in_words
from casting_core.wording import share
from casting_core.workflows import stores
from casting_core.workflows.judging.learned import nothing_learned, tried
from casting_core.workflows.judging.scores import proving, scores
from pages.parts.caches import model_cache
from pages.parts.charts import canvas, training_charts
from pages.parts.models import castings_behind, promotion, report_view
from pages.parts.operating_point import point_view
from pages.parts.panel import panel_view
from pages.parts.shell import figures, frame, guards
from pages.parts.shell.text import cell, plain, sentence
from pages.parts.versions import comparison_view

frame.open("Models", "Every version that was trained. One of them is in production: Inspection judges with it.")
with guards.show_errors():
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
rows = pd.DataFrame(
    {
        "version": [card.name for card in cards],
        "state": [promotion.state(card, production) for card in cards],
        "castings escaped": [figures.cells(score)[0] for score in counted],
        "castings rejected": [figures.cells(score)[1] for score in counted],
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
    "castings escaped": st.column_config.TextColumn(width=110),
}
with st.container(key="all-versions"):  # look.STYLE keeps room for it, and for the card
    st.dataframe(rows, hide_index=True, key="versions", column_config=looks)
st.caption(
    "Castings and photos of each version's own dataset, measured when it was made: versions that learned from "
    f"different photos cannot be compared by them. {WRONG_CASTING}"
)
promotion.way_back(cards)

name = st.selectbox("Version", [card.name for card in cards], key="version", width=280)
card = next(card for card in cards if card.name == name)
with st.container(horizontal=True, vertical_alignment="center", key="one-version"):
    st.subheader(plain(card.name))
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

report_view.show(card)
if worthless := nothing_learned(card):
    st.error(sentence(worthless), icon=":material/error:")
panel_view.show(card)
about, curves = st.columns([1, 2], gap="large")
with about:
    if kept := tried(card):
        st.markdown(sentence(kept))
    for score in scores(card):
        st.markdown(f"**{plain(score.name)}**: {castings_behind.words(score)}")
    settings = {"weights": f"{card.parameters:,}", "best epoch": f"{card.best_epoch} of {len(card.curves)}"}
    settings |= {"ended": "stopped early"} if card.stopped else {}
    settings |= in_words(card.recipe)
    settings |= {
        "threshold as registered": f"{card.threshold:g}, {card.threshold_chosen}",
        "data": card.data.fingerprint[:16],
    }
    settings |= {"revision of the data": str(card.data.revision)} if card.data.revision is not None else {}
    settings |= {"exported graph differs by": f"{card.export_difference:.1e}"}
    told = pd.Series({key: cell(value) for key, value in settings.items()}, name="value")
    with st.container(key="one-card"):
        st.dataframe(told.rename_axis("setting").reset_index(), hide_index=True, key="card")
with curves:
    epochs = pd.DataFrame([vars(epoch) for epoch in card.curves])
    for figure in ("loss", "accuracy"):
        words = f"{figure} of {name} by epoch"
        canvas.show(training_charts.curves(epochs, figure), key=words, alt=words)
point_view.show(card)
comparison_view.beside_another(card, cards)
