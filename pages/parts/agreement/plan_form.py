"""A new study: who judges, how many parts, how often; planning is a job."""

import re

import streamlit as st

from casting_core.workflows.agreement import plan
from casting_core.workflows.agreement.plan_job import start_planning
from pages.parts.caches import model_cache
from pages.parts.shell import guards, jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

PLACE = "agreement plan"  # of the job
WHY = (
    "Before inspectors or a model are trusted, find out how they judge: several people judge the same parts several "
    "times, each time in another order and without knowing the label or what they said before. The model judges other "
    "photos of the same parts. The result says who misses defects, who rejects sound parts, who contradicts "
    "themselves, and on which castings people and the model disagree."
)


def show(*, first: bool) -> None:
    """What a study is for, where there is none yet, and the form for a new one."""
    named = guards.named_dataset()
    guards.dataset()
    model = guards.model()
    if first:
        st.info(WHY, icon=":material/groups:")
    if jobs.watch(PLACE):
        return
    if (job := jobs.ended(PLACE)) is not None and _planned(job.result, job.message):
        st.rerun()
    st.subheader("A new study")
    st.markdown(
        f"Parts of **{plain(named.name)}**: some whose scores by **{plain(model.card.name)}** lie near its threshold, "
        "and clear ones of both labels."
    )
    kept = session.current()
    with st.form("plan a study", border=True):
        names = st.text_area("Inspectors, one a line", key="appraisers", placeholder="Ada\nBen\nCleo", height=110)
        left, middle, right = st.columns(3)
        parts = left.number_input("Parts", plan.FEWEST, plan.MOST_PARTS, plan.PARTS, key="parts")
        trials = middle.number_input("Rounds", 1, plan.MOST_TRIALS, plan.TRIALS, key="trials")
        share = right.slider("Borderline parts, %", 30, 50, round(100 * plan.BORDERLINE), 5, key="borderline")
        st.caption("AIAG asks for 50 parts, 3 inspectors and 3 rounds, 30 to 50 % of the parts borderline.")
        pressed = st.form_submit_button("Plan the study", type="primary", icon=":material/playlist_add:")
    if pressed:
        people = [name for name in re.split(r"[\n,;]", names) if name.strip()]
        with show_errors():
            job = start_planning(
                named, model_cache.production(), appraisers=people, parts=int(parts), trials=int(trials),
                borderline=share / 100, seed=len(plan.studies()), actor=kept.who,
            )  # fmt: skip
        kept.jobs[PLACE] = job.id
        st.rerun()


def _planned(result: dict[str, object] | None, message: str) -> bool:
    """Whether the job has made a study, which is looked at then; says why where it has not."""
    if result is None or "study" not in result:
        st.error(sentence(message or "the study was not planned"), icon=":material/error:")
        return False
    session.current().agreement = str(result["study"])
    return True
