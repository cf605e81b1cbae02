"""The form that says how a network is trained; its first values are the guide's."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st
from pydantic import ValidationError

from casting_core.data.datasets.scan import Dataset
from casting_core.data.datasets.statistics import skew
from casting_core.errors import wanted
from casting_core.learning.recipes.recipe import (
    DESCRIPTIONS,
    Align,
    NetworkName,
    Recipe,
    Schedule,
    Validation,
    recommended,
)
from casting_core.records.datasets import NamedDataset
from casting_core.wording import count
from casting_core.workflows.datasets.splits import FOLDERS, choices, choose
from casting_core.workflows.training.runs import Run
from pages.parts.dataset.splits_view import shown
from pages.parts.shell import guards, session
from pages.parts.shell.text import plain, sentence
from pages.parts.train import alignment_view

START = "start training"  # key of the button
LEAST = 2  # photos of each class, as a training wants: one to learn from, one to watch

GUIDE = "The guide's recipe, validation photos drawn one by one and all. It flatters: copies are on both sides."
BEST = "What does best on castings never seen: the network for local defects, validated on castings kept apart."
ALIGNMENTS = {
    "as the photos ask for": Align.AUTO,
    "unwound: the part is round": Align.ROUND,
    "turned as a reference lies": Align.REGISTERED,
    "none: photos as they are": Align.FREE,
}
VALIDATIONS = {"by casting": Validation.CASTING, "photo by photo": Validation.RANDOM}


def show(named: NamedDataset, dataset: Dataset, *, going_on: Sequence[Run]) -> Recipe | None:
    """The recipe when a person asks to start and nothing is in the way, else ``None``."""
    presets()
    network, split = _network(), _split(dataset)
    with guards.said():
        photos = choose(dataset, split).to_train
    kept = session.current()
    first = recommended(network).model_copy(update=_wished(network))
    refused = _refusal(photos)
    asked = bool(st.session_state.get(START))  # a tab that was opened before photos went has a live button
    with st.form(f"recipe {network}, {kept.fills}", border=False):
        chosen = _fields(first)
        if skew(dataset.usable).notable and not (chosen["augmentation"] or chosen["class_weights"]):
            st.caption(":material/balance: The classes are skewed; augmentation or class weights help.")
        st.caption(f"{plain(named.name)}: {count(len(photos), 'photo')} to learn from")
        started = st.form_submit_button(
            "Start training", key=START, type="primary", icon=":material/play_arrow:", disabled=bool(refused),
            width="stretch",
        )  # fmt: skip
        if refused and asked:
            st.error(f"Nothing was started. {refused}", icon=":material/error:")
        elif refused:
            st.caption(refused)
        elif going_on:
            st.caption("Another run goes on; this one waits in line, and starts by itself.")
    alignment_view.show(choose(dataset, split), first)
    if not started:
        return None
    try:
        return first.model_validate(first.model_dump() | chosen | {"split": split})
    except ValidationError as error:
        first_wrong = error.errors()[0]
        st.error(sentence(f"{str(first_wrong['loc'][0]).replace('_', ' ')} will not do: {wanted(first_wrong)}"))
        return None


def presets() -> None:
    """Two buttons that fill in the form at once."""
    kept = session.current()
    with st.container(horizontal=True):
        if st.button("The guide", key="preset guide", icon=":material/menu_book:", help=GUIDE, width="stretch"):
            kept.fill(Recipe(validation=Validation.RANDOM).model_dump())
            st.rerun()
        if st.button("Recommended", key="preset best", icon=":material/thumb_up:", help=BEST, width="stretch"):
            kept.fill(recommended(NetworkName.EVIDENCE).model_dump())
            st.rerun()


def _wished(network: NetworkName) -> dict[str, Any]:
    """What the form is filled with beside what is recommended; settings of another network do not count."""
    recipe = session.current().recipe
    if recipe.get("network", network) != network:
        return {}
    return {name: value for name, value in recipe.items() if name not in ("network", "split")}


def _refusal(photos: pd.DataFrame) -> str:
    """Why no run can start now, in a sentence; empty where one can."""
    classes = skew(photos)
    if min(classes.ok, classes.defective) < LEAST:
        return (
            f"A network learns from both classes, {LEAST} photos of each at least. Here are {classes.ok:,} ok and "
            f"{classes.defective:,} defective."
        )
    return ""


def _network() -> NetworkName:
    titles = {DESCRIPTIONS[name].title: name for name in NetworkName}
    wished = session.current().recipe.get("network", NetworkName.EVIDENCE)
    at = list(titles.values()).index(wished)
    network = titles[st.selectbox("Network", list(titles), at, key=f"network, {at}, {session.current().fills}")]
    st.caption(DESCRIPTIONS[network].text)
    return network


def _split(dataset: Dataset) -> str:
    """The split to train on; the choice is drawn only where one is kept beside that of the folders."""
    kept, known = session.current(), [FOLDERS, *choices(dataset)]
    if kept.training_split not in known:
        kept.training_split = FOLDERS
    if len(known) > 1:
        kept.training_split = st.selectbox(
            "Split", known, known.index(kept.training_split), key=f"split, {kept.training_split}", format_func=shown,
            help="By casting, no part is in train and in test: the test score is one on parts never seen.",
        )  # fmt: skip
    return kept.training_split


def _fields(first: Recipe) -> dict[str, Any]:
    """The fields of the form, filled with the recommended recipe; their values by the names in ``Recipe``."""
    left, right = st.columns(2)
    with left:
        epochs = st.number_input("Epochs", 1, 1000, first.epochs, help="How often the network sees every photo.")
        rate = st.number_input(
            "Learning rate", 1e-6, 1.0, first.learning_rate, format="%g", help="How strong each correction is."
        )
    with right:
        batch = st.number_input("Batch size", 1, 1024, first.batch_size, help="Photos seen before each correction.")
        share = st.number_input(
            "Validation, %",
            5,
            50,
            round(100 * first.validation_share),
            help="Share of the photos kept aside to watch it.",
        )
    way = st.selectbox(
        "Validation photos drawn",
        list(VALIDATIONS),
        list(VALIDATIONS.values()).index(first.validation),
        help="By casting, all copies of a part stay together: a score on parts never seen. Finding copies takes time.",
    )
    schedule = st.selectbox(
        "Learning rate goes on", [way.value for way in Schedule], list(Schedule).index(first.schedule),
        help="Constant, or falling along a cosine: to nothing, or half-way to a level, for weights that are averaged.",
    )  # fmt: skip
    patience = st.number_input(
        "End early after", 0, 1000, first.early_stopping,
        help="So many epochs in a row that bring no lower validation loss. 0: go on to the last epoch.",
    )  # fmt: skip
    align = st.selectbox(
        "Alignment", list(ALIGNMENTS), [*ALIGNMENTS.values()].index(first.align),
        help="Unwinds round parts and turns others as a reference lies, so that the network sees each place alike.",
    )  # fmt: skip
    augmentation = st.checkbox(
        "Augmentation",
        first.augmentation,
        help="Turned, mirrored, slanted, brighter and darker copies, new each epoch.",
    )
    weights = st.checkbox("Class weights", first.class_weights, help="The rarer class counts more: both count alike.")
    folds = st.number_input(
        "Cross-validation, folds", 0, 20, first.folds,
        help="Then so many more networks, each judging castings it has not seen: a score for every photo. 0: none.",
    )  # fmt: skip
    more = st.checkbox(
        "Is more data worth it?", first.learning_curve,
        help="Afterwards the same on a quarter, half and three quarters of the castings: three more networks.",
    )  # fmt: skip
    seed = st.number_input("Seed", 0, 2**31 - 1, first.seed, help="The same seed draws the same validation photos.")
    return {
        "epochs": epochs,
        "batch_size": batch,
        "learning_rate": rate,
        "schedule": schedule,
        "early_stopping": patience,
        "validation": VALIDATIONS[way],
        "validation_share": share / 100,
        "align": ALIGNMENTS[align],
        "augmentation": augmentation,
        "class_weights": weights,
        "folds": folds,
        "learning_curve": more,
        "seed": seed,
    }
