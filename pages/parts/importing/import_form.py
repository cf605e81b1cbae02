"""Adding photos: what is in them is shown before anything is taken in, what their folders mean can be changed."""

import streamlit as st

from casting_core.data.importing.copy_in import Choices
from casting_core.domain import Split
from casting_core.errors import CastingError
from casting_core.records.jobs import Job, State
from casting_core.wording import count
from casting_core.workflows.datasets import importing
from casting_core.workflows.datasets.import_job import imported, start_import
from casting_core.workflows.datasets.importing import LONGEST_NAME, Imported
from pages.parts.caches import dataset_cache
from pages.parts.importing import import_preview, import_source
from pages.parts.importing.import_source import Picked
from pages.parts.shell import jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

PLACE = "import"
NEW = "A new dataset"
LOST = "The import broke off: its process was killed, or the machine was switched off. The Jobs drawer resumes it"


def show() -> None:
    """The way from files to a dataset: pick, look, say what the folders mean, import; with how far it is."""
    kept = session.current()
    if job := jobs.ended(PLACE):
        _end(job)
    open_now = jobs.going_on(PLACE) or kept.import_failed is not None
    with st.expander("Add your own photos", icon=":material/create_new_folder:", expanded=open_now):
        if not jobs.watch(PLACE):
            _pick_and_import()
    _say_what_came()


def _pick_and_import() -> None:
    if failed := session.current().import_failed:
        st.error(failed, icon=":material/error:")
    st.markdown(
        "A folder per class (`ok_front`, `def_front`, or names like `good`, `NG`, `n.i.O.`), at any depth, with or "
        "without `train` and `test`; or photos with a table `labels.csv`. You see what is in it before anything is "
        "taken in."
    )
    picked = import_source.choose()
    if picked is None:
        return
    try:
        _look_and_ask(picked)
    except CastingError as error:
        st.error(sentence(error), icon=":material/error:")


def _look_and_ask(picked: Picked) -> None:
    into = _into()
    looked = import_preview.look(picked, into)
    found = looked.preview
    import_preview.ask_for_set(picked, found)
    groups = f"{len(found.classes)} {'class' if len(found.classes) == 1 else 'classes'}"
    splits = "no splits" if found.splits == (Split.UNSPLIT,) else f"splits: {', '.join(found.splits)}"
    st.markdown(f"**{count(found.photos, 'photo')}** in {groups} · {splits}")
    for problem in found.problems:
        st.markdown(f":material/warning: {sentence(problem)}")
    for note in found.notes:
        st.markdown(f":material/info: {sentence(note)}")
    with st.form("import", border=False):
        choices = {one.key: import_preview.ask(number, one, looked) for number, one in enumerate(found.classes)}
        name = into or _name(picked)
        if st.form_submit_button("Import", type="primary", icon=":material/download:"):
            _start(picked, name.strip(), choices, new=into is None, chosen=found.chosen)


def _into() -> str | None:
    """The dataset that the photos are to join; ``None`` for a new one."""
    own = [dataset.name for dataset in dataset_cache.datasets() if importing.is_own(dataset)]
    if not own:
        return None
    chosen: str | None = st.selectbox(
        "Add them to",
        [None, *own],
        format_func=lambda name: name or NEW,
        key="import into",
        help="Photos that are there already are not taken in twice.",
    )
    return chosen


def _name(picked: Picked) -> str:
    key = f"new name {hash(picked.identity)}"
    return st.text_input("Name", picked.name, placeholder="Impeller, part 4711", key=key, max_chars=LONGEST_NAME)


def _start(picked: Picked, name: str, choices: Choices, *, new: bool, chosen: str) -> None:
    if new:
        importing.check_name(name)
    kept = session.current()
    kept.imported = kept.import_failed = None
    with st.spinner("Putting the files down"):
        found = picked.put_down()
    kept.jobs[PLACE] = start_import(found, name=name, choices=choices, new=new, chosen=chosen, actor=kept.who).id
    st.rerun()


def _end(job: Job) -> None:
    """Shows the new dataset, or why there is none."""
    kept = session.current()
    if job.state is State.STOPPED:
        st.toast(sentence(job.message), icon=":material/stop_circle:")
        return
    if job.result is None:
        kept.import_failed = sentence(job.message or LOST)
        return
    with show_errors():
        done = imported(job)
    kept.dataset, kept.split, kept.cell = done.dataset.name, None, None
    kept.imported, kept.looked, kept.imports = done, None, kept.imports + 1
    dataset_cache.read_again()
    st.toast(f"{count(done.taken.new, 'photo')} taken in", icon=":material/check:")
    st.rerun()


def _say_what_came() -> None:
    done = session.current().imported
    if not isinstance(done, Imported) or done.dataset.name != session.current().dataset:
        return
    taken = done.taken
    words = [f"{count(taken.new, 'photo')} came into **{plain(done.dataset.name)}**"]
    words += [f"{taken.known:,} were there already"] * bool(taken.known)
    words += [f"{taken.left_out:,} were left out"] * bool(taken.left_out)
    words += [f"{count(taken.masks, 'mask')} kept as the place of defects"] * bool(taken.masks)
    words += [f"{count(len(taken.refused), 'file')} could not be read"] * bool(taken.refused)
    (st.warning if taken.refused else st.success)(" · ".join(words), icon=":material/download_done:")
    if taken.refused:
        rows = [{"file": path, "problem": problem} for path, problem in taken.refused]
        st.dataframe(rows, hide_index=True, key="refused files")
