"""The form that says how a network is trained; its first values are the guide's."""

import streamlit as st
from pydantic import ValidationError

from casting_core.data.datasets import Dataset
from casting_core.data.statistics import skew
from casting_core.learning.recipe import DESCRIPTIONS, NetworkName, Recipe, recommended
from casting_core.records.datasets import NamedDataset
from pages.parts.text import count, plain


def show(named: NamedDataset, dataset: Dataset, *, busy: bool) -> Recipe | None:
    """The recipe when a person asks to start, else ``None``."""
    network = st.selectbox("Network", list(NetworkName), key="network", format_func=lambda name: DESCRIPTIONS[name].title)
    st.caption(DESCRIPTIONS[network].text)
    first = recommended(network)
    with st.form(f"recipe {network}", border=False):
        left, right = st.columns(2)
        epochs = left.number_input("Epochs", 1, 1000, first.epochs, help="How often the network sees every photo.")
        batch_size = right.number_input("Batch size", 1, 1024, first.batch_size, help="Photos looked at before each correction.")
        rate = left.number_input("Learning rate", 1e-6, 1.0, first.learning_rate, format="%g", help="How strong each correction is.")
        share = right.slider(
            "Validation share", 5, 50, round(100 * first.validation_share), format="%d %%", help="Photos kept aside to watch it."
        )
        augmentation = st.checkbox(
            "Augmentation", first.augmentation, help="Turned, mirrored, slanted, brighter and darker copies, made afresh each epoch."
        )
        class_weights = st.checkbox("Class weights", first.class_weights, help="The rarer class counts more, so that both count alike.")
        if skew(dataset.usable).notable and not (augmentation or class_weights):
            st.caption(":material/balance: The classes are skewed; either of the two helps.")
        seed = st.number_input("Seed", 0, 2**31 - 1, first.seed, help="The same seed draws the same validation photos.")
        st.caption(f"{plain(named.name)}: {count(len(dataset.to_train), 'photo')} to learn from")
        started = st.form_submit_button(
            "Start training", type="primary", icon=":material/play_arrow:", disabled=busy, width="stretch",
            help="One run at a time: wait for its end, or stop it." if busy else None,
        )  # fmt: skip
    if not started:
        return None
    try:
        return Recipe(
            network=network,
            epochs=int(epochs),
            batch_size=int(batch_size),
            learning_rate=float(rate),
            validation_share=share / 100,
            augmentation=augmentation,
            class_weights=class_weights,
            seed=int(seed),
        )
    except ValidationError as error:
        st.error(f"{plain(str(error.errors()[0]['loc'][0]))}: {plain(error.errors()[0]['msg'])}")
        return None
