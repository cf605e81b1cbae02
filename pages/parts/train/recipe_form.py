"""The form that says how a network is trained; its first values are those recommended for the network."""

from collections.abc import Sequence
from typing import Any

import streamlit as st
from pydantic import ValidationError

from casting_core.data.datasets.scan import Dataset
from casting_core.data.datasets.statistics import skew
from casting_core.errors import wanted
from casting_core.learning.recipes.choices import DESCRIPTIONS, RECOMMENDED, NetworkName, Validation
from casting_core.learning.recipes.presets import quick, recommended, sound_parts
from casting_core.learning.recipes.recipe import SETTINGS, Recipe
from casting_core.records.datasets import NamedDataset
from casting_core.wording import count
from casting_core.workflows.datasets.judgeable import too_small, vanishing
from casting_core.workflows.datasets.own_validation import ToLearn, in_both, to_learn
from casting_core.workflows.datasets.splits import FOLDERS, choices, choose
from casting_core.workflows.training.runs import Run, stand_by
from pages.parts.caches import dataset_cache
from pages.parts.dataset.splits_view import shown
from pages.parts.shell import session, setting_fields
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence
from pages.parts.train import alignment_view

START = "start training"  # key of the button
LEAST_SOUND = 10  # ok photos to learn from, where it learns from these alone; one more is held out
LEAST = 2  # photos of each class, as a training wants: one to learn from, one for validation

GUIDE = "The guide's recipe, validation photos drawn one by one and all. It flatters: copies are on both sides."
BEST = "What does best on castings never seen: two networks compared, validated on castings kept apart."
QUICK = "A first model in seconds, from few photos: a head on a public network. Photo by photo, so it may flatter."
SOUND = "For photos of sound castings alone, or hardly any defective ones: you say how many false alarms are allowed."
PRESETS = {  # each button: its key, what it does, and the recipe it fills in
    "Quick": ("quick", QUICK, quick()),
    "Recommended": ("best", BEST, recommended(RECOMMENDED)),
    "Sound castings only": ("sound", SOUND, sound_parts()),
    "The guide": ("guide", GUIDE, Recipe(validation=Validation.RANDOM)),
}
CHOSEN_ABOVE = ("network", "split")  # settings that the form stands below
DRAWN = ("validation", "validation_share")  # settings that say nothing where there is a validation folder


def show(named: NamedDataset, dataset: Dataset, *, going_on: Sequence[Run]) -> Recipe | None:
    """The recipe when a person asks to start and nothing is in the way, else ``None``."""
    presets()
    network, split = _network(), _split(dataset)
    with show_errors():
        given = to_learn(choose(dataset, split))
    kept = session.current()
    first = recommended(network).model_copy(update=_wished(network))
    refused = _refusal(given, sound_only=first.sound_only)
    asked = bool(st.session_state.get(START))  # a tab that was opened before photos went has a live button
    with st.form(f"recipe {network}, {kept.fills}", border=False):
        chosen = setting_fields.show(first, without=(*CHOSEN_ABOVE, *(DRAWN if given.validated_on else ())))
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
        _photos(named, dataset, given)
        if (
            skew(dataset.usable).notable
            and not first.sound_only
            and not (chosen["augmentation"] or chosen["class_weights"])
        ):
            st.caption(":material/balance: The classes are skewed; augmentation or class weights help.")
    alignment_view.show(choose(dataset, split), first)
    if not started:
        if not refused and not going_on:
            stand_by()
        return None
    try:
        return first.model_validate(first.model_dump() | chosen | {"split": split})
    except ValidationError as error:
        first_wrong = error.errors()[0]
        title = SETTINGS[str(first_wrong["loc"][0])].about.title
        st.error(sentence(f"{title} will not do: {wanted(first_wrong)}"))
        return None


def _photos(named: NamedDataset, dataset: Dataset, given: ToLearn) -> None:
    """What will be learned from and validated on, and what stands against it."""
    st.caption(f"{plain(named.name)}: {count(len(given.train), 'photo')} to learn from")
    if given.in_words:
        st.caption(f":material/rule_folder: {sentence(given.in_words)}")
    castings = dataset_cache.castings(dataset) if given.validated_on else None
    if castings is not None and (leak := in_both(given.on_both_sides(castings))):
        st.warning(sentence(leak), icon=":material/content_copy:")
    for small in too_small(dataset):
        st.warning(sentence(small), icon=":material/photo_size_select_small:")
    if told := vanishing(dataset):
        st.caption(f":material/photo_size_select_small: {sentence(told)}")


def presets() -> None:
    """The buttons that fill in the form at once."""
    kept = session.current()
    with st.container(horizontal=True, gap="xsmall", key="presets"):
        for title, (key, help_text, recipe) in PRESETS.items():
            if st.button(title, key=f"preset {key}", help=help_text, width="stretch"):
                kept.fill(recipe.model_dump())
                st.rerun()


def _wished(network: NetworkName) -> dict[str, Any]:
    """What the form is filled with beside what is recommended; settings of another network do not count."""
    recipe = session.current().recipe
    if recipe.get("network", network) != network:
        return {}
    return {name: value for name, value in recipe.items() if name not in ("network", "split")}


def _refusal(given: ToLearn, *, sound_only: bool) -> str:
    """Why no run can start now, in a sentence; empty where one can."""
    classes, learned = skew(given.photos), skew(given.train)
    if sound_only:
        return (
            ""
            if learned.ok > LEAST_SOUND
            else f"{learned.ok:,} ok photos are too few; take at least {LEAST_SOUND + 1}."
        )
    if min(classes.ok, classes.defective) < LEAST or min(learned.ok, learned.defective) < 1:
        return (
            f"A network learns from both classes, {LEAST} photos of each at least. Here are {classes.ok:,} ok and "
            f"{classes.defective:,} defective."
            + (" To learn from ok photos alone, press “Sound castings only” above." if classes.ok > LEAST_SOUND else "")
        )
    return ""


def _network() -> NetworkName:
    titles = {DESCRIPTIONS[name].title: name for name in NetworkName}
    kept = session.current()
    at = list(titles.values()).index(kept.recipe.get("network", RECOMMENDED))
    network = titles[st.selectbox(SETTINGS["network"].label, list(titles), at, key=f"network, {at}, {kept.fills}")]
    kept.network = network
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
