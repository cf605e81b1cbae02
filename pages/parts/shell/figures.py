"""What a version is worth, wherever it is shown: castings first, class by class, with what they prove; photos second.

Where a version was not measured on the dataset in use, no figure of another one is shown in its place.
"""

import streamlit as st

from casting_core.domain import CastingOutcomes
from casting_core.errors import CastingError
from casting_core.records.card import ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.wording import count, few, percent, proof, rule, share
from casting_core.workflows.judging import plant
from casting_core.workflows.judging.measuring.measure_job import start_measurement
from casting_core.workflows.judging.measuring.worth import NOT_MEASURED, Worth, worth
from casting_core.workflows.judging.scores import NOT_COUNTED, Score
from pages.parts.caches import dataset_cache
from pages.parts.shell import jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

ESCAPED, REJECTED = "Defective castings escaped", "Ok castings rejected"


def of_dataset_in_use(card: ModelCard) -> tuple[NamedDataset | None, Worth]:
    """The dataset in use, if it can be read, and what a version is worth on it."""
    try:
        named = dataset_cache.named_dataset(str(session.current().dataset))
        opened = dataset_cache.dataset(named)
        return named, worth(card, opened, dataset_cache.castings(opened))
    except CastingError:  # said by the pages that need a dataset
        return None, Worth(score=None, own=False)


def show(score: Score) -> None:
    """A score as tiles of castings, what that proves, and its photos in a line."""
    castings(score.outcomes, proves=score.proves, meaning=score.meaning)
    st.caption(photos(score))
    rate = plant.defect_rate()
    if rate is not None and score.outcomes is not None:
        st.caption(plant.meaning(score.outcomes, rate))


def ask_defect_rate() -> None:
    """Asks once how many of the plant's castings are defective; what was said can be changed."""
    rate = plant.defect_rate()
    label = "Say your plant's defect rate" if rate is None else f"Defect rate: {percent(rate)}"
    with st.popover(label, icon=":material/percent:"), st.form("defect rate", border=False):
        told = st.number_input(
            "Defective castings at your plant, %", 0.001, 99.0, None if rate is None else 100 * rate, format="%.3f",
            help="In a foundry a few of a hundred, or fewer; among photos to learn from there are many more. Scores "
            "and rejects mean something else then.",
        )  # fmt: skip
        if st.form_submit_button("Keep") and told is not None:
            with show_errors():
                plant.keep_defect_rate(told / 100)
            st.rerun()


def castings(outcomes: CastingOutcomes | None, *, proves: bool, meaning: str) -> None:
    """The castings of both classes as tiles, and what they prove; ``meaning`` says which castings they are."""
    if outcomes is None:
        st.metric("Castings", "not counted", border=True, help=meaning)
        return
    with st.container(horizontal=True, key="outcomes"):
        st.metric(ESCAPED, of(outcomes.defective.wrong, outcomes.defective.n), border=True, help=rule(outcomes))
        st.metric(REJECTED, of(outcomes.ok.wrong, outcomes.ok.n), border=True, help=rule(outcomes))
    told = proof(outcomes) if proves else f"These figures prove nothing. {few(outcomes)}"
    st.caption(f"Counted: {meaning}. {told} {rule(outcomes)}")


def of(wrong: int, castings: int) -> str:
    """So many of so many, as tiles and tables say it."""
    return f"{wrong:,} of {castings:,}"


def cells(score: Score) -> tuple[str, str]:
    """Escaped and rejected castings of a score, for a table."""
    if score.outcomes is None:
        return NOT_COUNTED, NOT_COUNTED
    bad, good = score.outcomes.defective, score.outcomes.ok
    return of(bad.wrong, bad.n), of(good.wrong, good.n)


def photos(score: Score) -> str:
    """The photos of a score in a line that says that they are photos."""
    return (
        f"Photos ({plain(score.name)}): {share(score.right)} of {score.photos:,} right, "
        f"{count(score.missed, 'missed photo')}, {count(score.false_alarms, 'falsely rejected photo')}."
    )


def not_measured(named: NamedDataset | None, card: ModelCard) -> None:
    """Says it as large as the figure that would stand there, and offers to measure."""
    st.markdown(f"## {NOT_MEASURED.capitalize()}")
    if named is not None:
        offer(named, card)


def offer(named: NamedDataset, card: ModelCard, *, where: str = "") -> None:
    """The button that measures a version on a dataset; how far it is, and why it came to nothing.

    ``where`` tells several of them on one page apart.
    """
    place = f"measurement of {card.name} on {named.name}"
    if jobs.watch(place, where=where):
        return
    job = jobs.ended(place)
    if job is not None and job.result is None:
        st.error(f"It was not measured. {sentence(job.message or str(job.state))}", icon=":material/error:")
    kept = session.current()
    words = f"Measure {plain(card.name)} on {plain(named.name)}"
    if st.button(words, key=f"{place} {where}".strip(), icon=":material/straighten:"):
        with show_errors():
            kept.jobs[place] = start_measurement(named, card.name, actor=kept.who).id
        st.rerun()
