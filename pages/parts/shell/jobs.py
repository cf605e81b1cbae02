"""Long work on a page: how far a job is, a button that stops it, its end once, and the drawer with all of them.

session.current().jobs["import"] = start_import(...).id
...
if jobs.watch("import"):           # draws how far it is, and a button that stops it
return
if job := jobs.ended("import"):    # once, after its end
...
"""

import streamlit as st

from casting_core.errors import CastingError
from casting_core.records.jobs import Job, State, Wish
from casting_core.wording import duration, moment
from casting_core.workflows import jobs as work
from pages.parts.shell import guards, session
from pages.parts.shell.text import plain, sentence

TICK = 1.0  # seconds between two looks at a job that is watched
SLOW_TICK = 3.0  # the same for the number in the menu
ENDED = 15  # jobs in the drawer that are over
MARKS = {
    State.WAITING: ":gray-badge[:material/hourglass_top: waiting]",
    State.WORKING: ":blue-badge[:material/play_circle: working]",
    State.FINISHED: ":green-badge[:material/check: finished]",
    State.STOPPED: ":gray-badge[:material/stop_circle: stopped]",
    State.FAILED: ":red-badge[:material/error: failed]",
    State.LOST: ":red-badge[:material/link_off: lost]",
}


def watch(place: str) -> bool:
    """Whether this visitor's job at this place of the pages goes on; draws how far it is, and a button to cancel it."""
    job = _at(place)
    if job is None or job.state.over:
        return False
    show(job)
    return True


def going_on(place: str) -> bool:
    """Whether this visitor's job at this place is not over yet."""
    job = _at(place)
    return job is not None and not job.state.over


def ended(place: str) -> Job | None:
    """The job of this visitor that has ended at this place; handed out once."""
    job = _at(place)
    if job is None or not job.state.over:
        return None
    session.current().jobs.pop(place, None)
    return job


def show(job: Job, *, stop: str = "Cancel") -> None:
    """How far a job is, drawn anew every ``TICK``, and the whole page once it is over; a button named ``stop``."""
    st.fragment(_draw, run_every=TICK)(job.id, stop)


def words(job: Job) -> str:
    """What a job is doing, how far it is, and about how long it still takes."""
    if job.in_line:
        return "Waits for its turn"
    if job.started is None or not job.doing:
        return "Starting …"
    left = f" · about {duration(job.seconds_left)} left" if job.seconds_left is not None else ""
    return f"{plain(job.doing)} · {job.share:.0%}{left}"


def drawer() -> None:
    """The line in the menu that says how many jobs go on; a click opens the drawer."""
    with guards.said():
        busy = bool(work.going_on())
    st.fragment(_line, run_every=SLOW_TICK if busy else None)()


def _at(place: str) -> Job | None:
    number = session.current().jobs.get(place)
    if number is None:
        return None
    try:
        return work.find(number)
    except CastingError:  # its row has gone with its database
        session.current().jobs.pop(place, None)
        return None


def _draw(number: int, stop: str) -> None:
    with guards.said():
        job = work.find(number)
    if job.state.over:
        st.rerun(scope="app")  # the whole page wants to know
    st.progress(job.share, text=words(job))
    if job.wish is not Wish.GO_ON:
        st.info("Asked to stop. It ends within a few seconds.", icon=":material/stop_circle:")
    elif st.button(stop, key=f"stop job {number}", icon=":material/stop_circle:"):
        _stop(number)
        st.rerun(scope="app")


def _line() -> None:
    with guards.said():
        number = len(work.going_on())
    label = f"Jobs · {number} going on" if number else "Jobs"
    if st.button(label, key="jobs", icon=":material/work_history:", type="tertiary", width="stretch"):
        _open()


@st.dialog("Jobs", width="medium", position="right")
def _open() -> None:
    st.caption("Everything that takes long goes on in the background, whatever page or tab is open.")
    st.fragment(_list, run_every=TICK)()


def _list() -> None:
    with guards.said():
        known = work.known(most=200)
    still = [job for job in known if not job.state.over]
    over = [job for job in known if job.state.over][:ENDED]
    if not known:
        st.info("Nothing yet. Trainings, audits, searches and imports are listed here.", icon=":material/work_history:")
    for job in still:
        _going_on(job)
    if over:
        st.markdown("**Ended**")
    for job in over:
        _over(job)


def _going_on(job: Job) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{work.title_of(job)}** {MARKS[job.state]} {plain(job.about)}")
        st.progress(job.share, text=words(job))
        if job.wish is not Wish.GO_ON:
            st.caption("Asked to stop.")
        elif st.button("Stop", key=f"drawer stop {job.id}", icon=":material/stop_circle:", type="tertiary"):
            _stop(job.id)
            st.rerun(scope="fragment")


def _over(job: Job) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        when = moment(job.ended or job.heartbeat or job.asked)
        by = f" · {plain(job.actor)}" if job.actor else ""
        st.markdown(f"**{work.title_of(job)}** {MARKS[job.state]} {plain(job.about)} · {when}{by}")
        if job.resumable and st.button(
            "Resume", key=f"drawer resume {job.id}", icon=":material/resume:", type="tertiary"
        ):
            try:
                work.resume(job.id)
            except CastingError as error:
                st.error(sentence(error))
            else:
                st.rerun(scope="fragment")
    if job.message and job.state is not State.FINISHED:
        st.caption(sentence(job.message))


def _stop(number: int) -> None:
    try:
        work.stop(number)
    except CastingError as error:  # it has ended meanwhile
        st.toast(sentence(error), icon=":material/info:")
