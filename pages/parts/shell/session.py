"""What a visitor's browser session remembers from page to page; the only place that reads ``st.session_state`` by hand.

Streamlit forgets a widget's key as soon as its page is left. What must last is a field here.
"""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

KEY = "casting"


@dataclass
class Session:
    """One visitor's choices. ``None`` means: not chosen yet, take what is sensible."""

    dataset: str | None = None
    model: str | None = None  # looked at on Review
    split: str | None = None  # looked at on Review
    cell: tuple[int, int] | None = None  # of the confusion matrix: truth and prediction, 0 ok and 1 defective
    cell_of: str = ""  # the dataset, model and split that this cell was last shown of
    as_if: float | None = None  # threshold of a clicked point of a curve, looked at instead of the one in force
    as_if_of: str = ""  # the dataset, model and split that it was chosen for
    queue_gone: Any = None  # the queue that was taken away last, for the way back
    choices: int = 0  # how often a cell was chosen
    drawn_choice: int = 0  # the last of them that was drawn
    pages: dict[str, int] = field(default_factory=dict)  # looked at in galleries, from 0, by their keys
    # A photo whose card is opened when its gallery is drawn next: key, sha256, whether one was just decided about.
    to_open: tuple[str, str, bool] | None = None
    address: dict[str, str] | None = None  # what is behind the question mark, as far as this session knows
    asked: dict[str, str] = field(default_factory=dict)  # what an address that somebody followed asks for
    run: int | None = None  # looked at on Train
    laid_over: list[int] = field(default_factory=list)  # runs laid over it
    smoothing: float = 0.6  # of curves within epochs
    study: str | None = None  # looked at on Tune, by its id
    agreement: str | None = None  # study looked at on Agreement
    appraiser: str | None = None  # who judges there
    section: str | None = None  # looked at on Dataset
    leaps: int = 0  # how often a section was opened by something else than its own control
    recipe: dict[str, Any] = field(default_factory=dict)  # what the form on Train is filled with beside what is usual
    network: str | None = None  # chosen on Train; Tune begins with it
    fills: int = 0  # how often that form was filled by something else than its fields
    looks: int = 0  # how often the explorer was opened to look at the photos chosen
    training_split: str = ""  # to train on: one kept with the dataset, or that of its folders
    chosen: set[str] = field(default_factory=set)  # photos chosen on Dataset, to decide about
    decided: tuple[str, str, str] | None = None  # last: folder of the dataset, batch and what it was, for the way back
    measured_from: int | None = None  # the ledger's last row when known castings were first mixed in
    who: str = ""  # the name decisions are signed with
    signed: bool = False  # whether that is the name of whoever signed in, which nobody types
    recorded: set[str] = field(default_factory=set)  # uploads whose verdict is on record, each with its version
    batch: str | None = None  # looked at on Inspection, by its mark
    to_remove: str | None = None  # the dataset that may be removed, if the question is answered so
    to_delete: str | None = None  # the version that may be deleted, if the question is answered so
    jobs: dict[str, int] = field(default_factory=dict)  # numbers of jobs, by their place on the pages
    looked: Any = None  # what was found in the photos that were picked on Dataset
    imports: int = 0  # how many went well; a new one starts with empty fields
    imported: Any = None  # what became of the last one
    import_failed: str | None = None  # why the last one came to nothing

    def leap(self, section: str) -> None:
        """Opens a section of Dataset when the page is drawn next."""
        self.section, self.leaps = section, self.leaps + 1

    def fill(self, recipe: dict[str, Any]) -> None:
        """Fills the form on Train with these settings, whatever was in it."""
        self.recipe, self.fills = dict(recipe), self.fills + 1
        self.network = recipe.get("network", self.network)
        self.training_split = str(recipe.get("split", self.training_split))


def current() -> Session:
    """The session of the visitor whose page is being drawn."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Session()
    kept: Session = st.session_state[KEY]
    return kept


def settle(key: str, value: Any) -> None:
    """Lets the widget of this key show ``value`` when it is drawn; one that shows it already is left alone."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
