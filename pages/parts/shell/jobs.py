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
from casting_core.wording import count, duration, moment, roughly
from casting_core.workflows import jobs as work
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

TICK = 1.0  # seconds between two looks at a job that is watched
SLOW_TICK = 3.0  # the same for the number in the menu
MISSING = 6  # shared folders that are told of
ENDED = 15  # jobs in the drawer that are over
MARKS = {
    State.WAITING: ":gray-badge[:material/hourglass_top: waiting]",
    State.WORKING: ":blue-badge[:material/play_circle: working]",
    State.FINISHED: ":green-badge[:material/check: finished]",
    State.STOPPED: ":gray-badge[:material/stop_circle: stopped]",
    State.FAILED: ":red-badge[:material/error: failed]",
    State.LOST: ":red-badge[:material/link_off: lost]",
}


def watch(place: str, *, where: str = "") -> bool:
    """Whether this visitor's job at this place of the pages goes on; draws how far it is, and a button to cancel it.

    ``where`` tells apart what is drawn more than once on one page.
    """
    job = _at(place)
    if job is None or job.state.over:
        return False
    show(job, where=where)
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


def show(job: Job, *, stop: str = "Cancel", where: str = "") -> None:
    """How far a job is, drawn anew every ``TICK``, and the whole page once it is over; a button named ``stop``."""
    st.fragment(_draw, run_every=TICK)(job.id, stop, where)


def words(job: Job) -> str:
    """What a job is doing, how far it is, and about how long it still takes."""
    if job.in_line:
        return sentence(work.waits(job, work.workers() if job.anywhere else ())).rstrip(".")
    if job.started is None or not job.doing:
        return "Starting …"
    left = f" · {roughly(job.seconds_left)} left" if job.seconds_left is not None else ""
    far = f" · {100 * job.share:.0f} %" if job.share > 0 else ""
    return f"{plain(job.doing)}{far}{left}"


def drawer() -> None:
    """The line in the menu that says how many jobs go on; a click opens the drawer."""
    with show_errors():
        known = work.going_on()
        work.keep_moving(known)  # whoever comes sees to it that nobody waits for a process that has gone
    st.fragment(_line, run_every=SLOW_TICK if known else None)()


def _at(place: str) -> Job | None:
    number = session.current().jobs.get(place)
    if number is None:
        return None
    try:
        return work.find(number)
    except CastingError:  # its row has gone with its database
        session.current().jobs.pop(place, None)
        return None


def _draw(number: int, stop: str, where: str) -> None:
    with show_errors():
        job = work.find(number)
    if job.state.over:
        st.rerun(scope="app")  # the whole page wants to know
    st.progress(job.share, text=words(job))
    if job.wish is not Wish.GO_ON:
        st.info("Asked to stop. It ends within a few seconds.", icon=":material/stop_circle:")
    else:  # by a callback: a click that comes while another part of the page is drawn anew is heard, too
        key = f"stop job {number} {where}".strip()
        st.button(stop, key=key, icon=":material/stop_circle:", on_click=_stop, args=(number,))


def _line() -> None:
    with show_errors():
        number = len(work.going_on())
    label = f"Jobs · {number} going on" if number else "Jobs"
    if st.button(label, key="jobs", icon=":material/work_history:", type="tertiary", width="stretch"):
        _open()


@st.dialog("Jobs", width="medium", position="right", icon=":material/work_history:")
def _open() -> None:
    st.caption("Everything that takes long goes on in the background, whatever page or tab is open.")
    st.fragment(overview, run_every=TICK)()


def overview() -> None:
    """What the drawer holds: the jobs that go on with progress, then the newest of those that ended, and why."""
    with show_errors():
        known = work.known(most=200)
        there, missing = work.workers(), work.missing()
    known = [job for job in known if job.kind != "worker"]
    still = [job for job in known if not job.state.over]
    over = [job for job in known if job.state.over][:ENDED]
    for what in missing[:MISSING]:
        st.caption(f":material/cloud_off: {sentence(what)}")
    for worker in there:
        name = plain(worker.machine or "this machine")
        st.caption(f":material/dns: Worker {name}: {plain(worker.doing or 'starting')}")
    ahead = {job.id: place for place, job in enumerate(work.in_line(still))}
    if not known:
        st.info("Nothing yet. Trainings, audits, searches and imports are listed here.", icon=":material/work_history:")
    elif not still:
        st.markdown(":material/check_circle: Nothing goes on.")
    for job in sorted(still, key=lambda job: (ahead.get(job.id, -1), -job.id)):
        _going_on(job, ahead.get(job.id, 0))
    if over:
        st.markdown("##### Ended")
    for job in over:
        _over(job)


def _going_on(job: Job, ahead: int) -> None:
    with st.container(border=True, gap="xsmall", key=f"job {job.id}"):
        _title(job)
        waits = f" · {count(ahead, 'job')} before it" if job.in_line and ahead else ""
        st.progress(job.share, text=words(job) + waits)
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(f"asked {moment(job.asked)}{_by(job)}{_on(job)}")
            asked = job.wish is not Wish.GO_ON
            st.button(
                "Asked to stop" if asked else "Stop",
                key=f"drawer stop {job.id}",
                icon=":material/stop_circle:",
                type="tertiary",
                on_click=_stop,
                args=(job.id,),
            )


def _over(job: Job) -> None:
    with st.container(border=True, gap="xsmall", key=f"job {job.id}"):
        _title(job)
        if outcome := work.outcome_of(job):
            st.markdown(sentence(outcome))
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(_when(job) + _by(job) + _on(job))
            if job.resumable:
                _resume_button(job)


def _title(job: Job) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        st.markdown(f"**{plain(work.title_of(job))}**", width="content")
        st.markdown(MARKS[job.state], width="content")
    if job.about:
        st.markdown(plain(job.about))


def _when(job: Job) -> str:
    if job.ended is None:  # lost: its last sign of life is all that is known
        return f"last heard of {moment(job.heartbeat or job.asked)}"
    took = f" · took {duration(job.ended - job.started)}" if job.started and job.ended >= job.started else ""
    return f"ended {moment(job.ended)}{took}"


def _by(job: Job) -> str:
    return f" · {plain(job.actor, longest=24)}" if job.actor else ""


def _on(job: Job) -> str:
    return f" · on {plain(work.where(job), longest=24)}" if work.where(job) else ""


def _resume_button(job: Job) -> None:
    st.button(
        "Resume",
        key=f"drawer resume {job.id}",
        icon=":material/resume:",
        type="tertiary",
        help="It goes on where it was, or begins anew where it cannot.",
        on_click=_resume,
        args=(job.id,),
    )


def _resume(number: int) -> None:
    try:
        work.resume(number)
    except CastingError as error:  # somebody else was quicker, or what it needs has gone
        st.toast(sentence(error), icon=":material/error:")


def _stop(number: int) -> None:
    try:
        work.stop(number)
    except CastingError as error:  # it has ended meanwhile
        st.toast(sentence(error), icon=":material/info:")
