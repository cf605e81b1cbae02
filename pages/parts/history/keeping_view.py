"""Photos kept with verdicts: which, for how long, what would go, how much disk they take; and the whole backup."""

import streamlit as st

from casting_core.errors import CastingError
from casting_core.records.chain import Kind
from casting_core.settings import settings
from casting_core.wording import room
from casting_core.workflows import stores
from casting_core.workflows.installation import backup_job
from casting_core.workflows.keeping import rule as rules
from casting_core.workflows.keeping.rule import Keep, Rule
from casting_core.workflows.review import history
from casting_core.workflows.tracing import retention, retention_job
from pages.parts.caches import record_cache
from pages.parts.shell import jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

CHOICES = {
    Keep.ALL: "The photo of every verdict",
    Keep.NOT_PASSED: "Rejects and parts to inspect only",
    Keep.NONE: "None",
}
MOST = 100_000.0  # days, and GB
TIDYING, BACKING_UP = "tidy kept photos", "back up everything"


def show() -> None:
    """The rule and what follows from it, then the backup."""
    _sign()
    with show_errors():
        now = rules.rule()
        found, coming = record_cache.keeping_now(now)
    st.subheader("Photos kept with verdicts")
    st.markdown(plain(now.words, longest=300))
    with st.container(horizontal=True):
        st.metric("Kept photos", f"{found.photos:,}", border=True)
        st.metric("They take", room(found.size), border=True)
        st.metric("In a year", room(coming.in_a_year), border=True)
    st.markdown(f":material/storage: {plain(coming.words, longest=300)}")
    for told in retention.in_words(found)[1:]:
        st.markdown(f":material/info: {plain(told, longest=300)}")
    _change(now)
    if found.go:
        _tidy(len(found.go))
    _backup()


def _sign() -> None:
    kept = session.current()
    kept.who = st.text_input(
        "Your name, for the record", value=kept.who, key="keeping who", max_chars=60, width=280, disabled=kept.signed
    ).strip()


def _change(now: Rule) -> None:
    with st.popover("Change", icon=":material/tune:"), st.form("keeping rule", border=False):
        which = st.radio("Keep", list(CHOICES), list(CHOICES).index(now.keep), format_func=CHOICES.__getitem__)
        days = st.number_input(
            "For how many days",
            1.0,
            MOST,
            now.days,
            step=1.0,
            format="%.0f",
            placeholder="for ever",
            key="keep days",
        )
        size = st.number_input(
            "In how many GB at most",
            0.1,
            MOST,
            now.gigabytes,
            format="%.1f",
            placeholder="no limit",
            key="keep GB",
        )
        st.caption("What is under review never goes, whatever its age. What goes is on record.")
        if not st.form_submit_button("Put in force", icon=":material/check:"):
            return
        try:
            rules.set_rule(Rule(keep=which, days=days, gigabytes=size), actor=session.current().who)
        except CastingError as error:
            st.error(sentence(error), icon=":material/error:")
            return
    st.rerun()


def _tidy(number: int) -> None:
    if jobs.watch(TIDYING):
        return
    jobs.ended(TIDYING)
    st.caption("They go by themselves once a day.")
    if st.button(f"Remove {number:,} now", key=TIDYING, icon=":material/delete:"):
        _start(TIDYING)


def _backup() -> None:
    st.subheader("Backup of everything")
    with show_errors():
        rows = stores.ledger().rows(kinds=[Kind.BACKUP], newest=50)
    last = next((row for row in rows if row.values.get("done") == "made"), None)
    if last is None:
        st.markdown("This installation was never backed up as a whole.")
    else:
        who = plain(last.actor or "nobody named")
        st.markdown(f"Last: {history.moment_of(last)} UTC by {who}, {plain(last.about)}")
    if jobs.watch(BACKING_UP):
        return
    job = jobs.ended(BACKING_UP)
    if job is not None and job.result is None:
        st.error(f"There is no backup. {sentence(job.message or str(job.state))}", icon=":material/error:")
    if settings().backup_dir is None:
        st.caption(
            "Name a folder on another disk in `CASTING_BACKUP_DIR`, and a button here backs up. At a terminal: "
            "`python -m casting_core backup FOLDER`. Both work while people do."
        )
        return
    st.caption(f"Database, versions, photos, decisions: one file in {plain(str(settings().backup_dir), longest=200)}")
    if st.button("Back up now", key=BACKING_UP, icon=":material/backup:"):
        _start(BACKING_UP)


def _start(place: str) -> None:
    kept = session.current()
    start = backup_job.start_backup if place == BACKING_UP else retention_job.start_tidying
    try:
        kept.jobs[place] = start(actor=kept.who).id
    except CastingError as error:
        st.error(sentence(error), icon=":material/error:")
        return
    st.rerun()
