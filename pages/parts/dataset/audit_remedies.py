"""What the one button of a finding does: split anew, leave photos out, look at them, or train differently."""

from collections.abc import Callable

import streamlit as st

from casting_core.data.audit.finding import Finding, Kind, Remedy
from casting_core.data.datasets.scan import Dataset
from casting_core.learning.recipes.choices import NetworkName
from casting_core.records.datasets import NamedDataset
from casting_core.records.decisions import Kind as Decided
from casting_core.wording import count
from casting_core.workflows.review import correct
from casting_core.workflows.stores import split_book
from pages.parts.audit import audit_view
from pages.parts.dataset import splits_view
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors

NAME, SHARE = "by casting", 0.3  # of the split that is made at one click
SIGNED = "the audit's remedy"  # where nobody has given a name yet
RECIPES: dict[Remedy, dict[str, object]] = {  # what the form on Train is filled with
    Remedy.CLASS_WEIGHTS: {"class_weights": True},
    Remedy.AUGMENTATION: {"augmentation": True},
    Remedy.LOCAL_CONTRAST: {"network": NetworkName.EVIDENCE},
}


def show(named: NamedDataset, dataset: Dataset) -> None:
    """The audit of a dataset with the remedies that one click can bring."""
    remedies: dict[Remedy, Callable[[Finding], None]] = {
        Remedy.SPLIT_BY_CASTING: lambda _: _split(dataset),
        Remedy.LEAVE_OUT: lambda finding: _leave_out(dataset, finding),
        Remedy.DECIDE_LABEL: _look,
        **{remedy: _train_with(recipe) for remedy, recipe in RECIPES.items()},
    }
    audit_view.show(named, dataset, remedies)


def _split(dataset: Dataset) -> None:
    kept, taken = session.current(), split_book().plans(str(dataset.root))
    name = next(name for number in range(1, 10_000) if (name := NAME + f" {number}" * (number > 1)) not in taken)
    with show_errors():
        splits_view.make(dataset, name, share=SHARE, seed=0)
    kept.leap("Splits")
    st.rerun()


def _leave_out(dataset: Dataset, finding: Finding) -> None:
    kept, folder = session.current(), str(dataset.root)
    who, why = kept.who or SIGNED, finding.title
    with show_errors():
        if finding.kind is Kind.IDENTICAL_WITHIN_SPLIT:
            batch = correct.leave_out_files(dataset, finding.files, why=why, who=who)
            kept.decided = (folder, batch, f"Left out, {count(len(finding.files), 'spare file')}")
        else:
            batch = correct.decide(dataset, Decided.LEAVE_OUT, finding.photos, why=why, who=who)
            kept.decided = (folder, batch, f"Left out, {count(len(finding.photos), 'photo')}")
    st.rerun()


def _look(finding: Finding) -> None:
    kept = session.current()
    kept.chosen = set(finding.photos)
    kept.leap("Photos")
    kept.looks += 1
    st.rerun()


def _train_with(recipe: dict[str, object]) -> Callable[[Finding], None]:
    def remedy(_: Finding) -> None:
        session.current().recipe = dict(recipe)
        st.switch_page("pages/train.py")

    return remedy
