"""What stands above the queue: the matrix and the charts, as controls of what is in it."""

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.judging.evaluation import Evaluation
from casting_core.workflows.judging.model import Model
from pages.parts.review import confusion, curve_view
from pages.parts.review.confusion import Cell


def show(result: Evaluation, table: pd.DataFrame, *, cell: Cell, dataset: Dataset, model: Model) -> None:
    """The confusion matrix of scored photos with the chosen cell, how scores spread, and scikit-learn's report."""
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Confusion matrix, in photos")
        confusion.show(result.confusion, cell)
    with right:
        curve_view.show(table, dataset, model)
        with st.expander("Classification report", icon=":material/table:"):
            st.code(result.text, language=None)
