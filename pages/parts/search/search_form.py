"""The form that says what a search may vary, what it tries to reach and for how long."""

import os
from collections.abc import Sequence

import streamlit as st
from pydantic import ValidationError

from casting_core.data.datasets.scan import Dataset
from casting_core.data.datasets.statistics import skew
from casting_core.errors import CastingError, wanted
from casting_core.judging.objectives import Objective
from casting_core.learning.recipes.choices import DESCRIPTIONS, RECOMMENDED, NetworkName
from casting_core.learning.recipes.presets import recommended
from casting_core.learning.recipes.recipe import SETTINGS, Recipe, word_of
from casting_core.learning.recipes.search_space import RANGES, Among, Between, Choice, Range, SearchSpace
from casting_core.records.datasets import NamedDataset
from casting_core.wording import count
from casting_core.workflows.datasets.castings import casting_known
from casting_core.workflows.datasets.judgeable import too_small
from casting_core.workflows.datasets.own_validation import ToLearn, to_learn
from casting_core.workflows.datasets.splits import FOLDERS, choices, choose
from casting_core.workflows.search.studies import LONGEST, Plan, Study
from pages.parts.caches import run_cache
from pages.parts.dataset.splits_view import shown
from pages.parts.shell import session, setting_fields
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

START = "start search"  # key of the button
USUAL = ("learning_rate", "batch_size")
LEAST = 4  # photos of each class: some to learn from, some to be held out
MEMORY = 1.0  # gigabytes that a worker needs (measured: 0.95 on a small sample)
BUSY = 2  # cores that one worker keeps busy: two on two cores took twice as long for each trial (measured)
OBJECTIVES = {  # the usual one first
    Objective.ESCAPES: "Fewest missed castings",
    Objective.F1: "F1 of defective castings",
}


def show(named: NamedDataset, dataset: Dataset, known: Sequence[Study]) -> Plan | None:
    """The plan when a person asks to start and it makes sense, else ``None``."""
    name = st.text_input("Name", f"Search {len(known) + 1}", max_chars=LONGEST, key=f"study name {len(known)}")
    titles = {DESCRIPTIONS[network].title: network for network in NetworkName}
    begin = list(titles.values()).index(NetworkName(session.current().network or RECOMMENDED))
    network = titles[st.selectbox(SETTINGS["network"].label, list(titles), begin, key="tuned")]
    splits = [FOLDERS, *choices(dataset)]
    split = st.selectbox("Split", splits, format_func=shown, key="tune split") if len(splits) > 1 else FOLDERS
    with show_errors():
        given = to_learn(choose(dataset, split))
        photos = given.photos
    base = recommended(network)
    ranges = _space(network)
    epochs = base.epochs
    if "epochs" not in ranges:
        epochs = int(
            setting_fields.number(
                SETTINGS["epochs"], min(base.epochs, 15), "Epochs of each trial", key=f"tune epochs {network}",
                help="Fewer make a quicker search; what is best after few epochs is often best after many.",
            )
        )  # fmt: skip
    objective, limit = _objective()
    trials, minutes = _budget()
    workers, seeds = _workers(), _seeds()
    classes = skew(photos)
    few = min(classes.ok, classes.defective) < LEAST
    _notes(named, dataset, given)
    if few:
        st.caption(
            f"A search needs {LEAST} photos of each class. Here are {classes.ok:,} ok and {classes.defective:,} "
            "defective."
        )
    pressed = st.button(
        "Start the search", key=START, type="primary", icon=":material/play_arrow:", width="stretch", disabled=few
    )
    if not pressed:
        return None
    try:
        return Plan(
            name=name,
            dataset=named,
            recipe=Recipe.model_validate(base.model_dump() | {"epochs": epochs, "split": split}),
            space=SearchSpace(ranges={setting: _range(setting, ends) for setting, ends in ranges.items()}),
            objective=objective,
            false_alarms=limit,
            trials=trials,
            minutes=minutes,
            workers=workers,
            seeds=seeds,
        )
    except ValidationError as error:
        st.error(sentence(f"The settings will not do: {wanted(error.errors()[0])}"), icon=":material/error:")
    except CastingError as error:
        st.error(sentence(error), icon=":material/error:")
    return None


def _space(network: NetworkName) -> dict[str, tuple[Choice | float, ...]]:
    """What may vary, each with the ends or the values a person wants; checked when the plan is made."""
    chosen = st.multiselect(
        "May vary", list(RANGES), list(USUAL), format_func=word_of, key="may vary",
        help="Few settings are searched well with few trials; everything else is as recommended for the network.",
    )  # fmt: skip
    if "network" in chosen:
        st.caption(f"What does not vary is as recommended for {network}, for the other network, too.")
    return {name: _ends(name, RANGES[name]) for name in chosen}


def _ends(name: str, usual: Range) -> tuple[Choice | float, ...]:
    setting = SETTINGS[name]
    if isinstance(usual, Among):
        label, known = f"{setting.word}: values", usual.values
        return tuple(st.multiselect(label, known, known, format_func=setting.value_word, key=f"among {name}"))
    low, high = st.columns(2)
    with low:
        least = setting_fields.number(setting, usual.low, f"{setting.word} from", key=f"{name} from")
    with high:
        most = setting_fields.number(setting, usual.high, f"{setting.word} to", key=f"{name} to")
    return least, most


def _range(name: str, ends: tuple[Choice | float, ...]) -> Range:
    usual = RANGES[name]
    if isinstance(usual, Among):
        return Among(values=ends)  # type: ignore[arg-type]
    return Between(low=float(ends[0]), high=float(ends[1]), whole=usual.whole, by_factors=usual.by_factors)


def _objective() -> tuple[Objective, float]:
    words = {said: objective for objective, said in OBJECTIVES.items()}
    objective = words[
        st.selectbox(
            "Objective",
            list(words),
            key="tune objective",
            help="Measured on castings that the trial has not learned from; each counts once, whatever its copies.",
        )
    ]
    limit = 2.0
    if objective is Objective.ESCAPES:
        limit = st.number_input(
            "False alarms allowed, %", 0.0, 50.0, 2.0, key="tune limit",
            help="Of ok castings held out; the threshold is set as low as that allows, and the share of the defective "
            "castings that are missed counts.",
        )  # fmt: skip
    return objective, limit / 100


def _budget() -> tuple[int | None, float | None]:
    left, right = st.columns(2)
    with left:
        unit = st.selectbox("Budget in", ["trials", "minutes"], key="tune unit")
    with right:
        if unit == "trials":
            return int(st.number_input("Trials", 1, 10_000, 30, key="tune trials")), None
        return None, float(st.number_input("Minutes", 1, 10_000, 30, key="tune minutes"))


def _workers() -> int:
    cores = os.cpu_count() or 1
    usual = max(1, cores // BUSY)
    workers = st.number_input(
        "Workers",
        1,
        max(2, cores),
        usual,
        key="tune workers",
        help="Processes that share the search, each with a trial.",
    )
    st.caption(
        f"{count(int(workers), 'worker')} on {count(cores, 'core')}: about {MEMORY * workers:.1f} GB of memory. One "
        f"keeps {BUSY} cores busy; more than {usual} here make every trial slower, and the whole search hardly quicker."
    )
    return int(workers)


def _seeds() -> int:
    return int(
        st.number_input(
            "Other seeds for the best",
            0,
            10,
            3,
            key="tune seeds",
            help="The three best are trained again with so many seeds, and other castings held out: progress or luck?",
        )
    )


def _notes(named: NamedDataset, dataset: Dataset, given: ToLearn) -> None:
    if given.validated_on:
        st.caption(
            f"{plain(named.name)}: {count(len(given.train), 'photo')} to learn from; settings are compared on the "
            f"{count(given.validated_on, 'photo')} of the validation folder, and other seeds on castings held out."
        )
    else:
        held = "to learn from; whole castings of them are held out."
        st.caption(f"{plain(named.name)}: {count(len(given.photos), 'photo')} {held}")
    for note in (given.unused, *too_small(dataset)):
        if note:
            st.warning(sentence(note), icon=":material/rule_folder:")
    if not casting_known(dataset):
        st.caption(
            ":material/hourglass_top: Which photos show one casting is not known yet. The first worker finds out, "
            "before its first trial."
        )
    if any(not run.state.over for run in run_cache.runs()):
        st.caption(
            ":material/model_training: A training is going on. Both may go on beside each other, each more slowly."
        )
