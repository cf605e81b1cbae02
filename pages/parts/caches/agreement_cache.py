"""What came of studies of agreement, worked out once for all visitors."""

import streamlit as st

from casting_core.records.version_files import GRAPH
from casting_core.workflows.agreement import appraising
from casting_core.workflows.agreement.plan import Plan
from casting_core.workflows.agreement.result import Outcome, result
from casting_core.workflows.judging.model import Model


def outcome(plan: Plan, model: Model | None) -> Outcome:
    """The figures of a study as far as it has come, with this version as an appraiser; without one, of people only."""
    answers = sum(int((given >= 0).sum()) for given in appraising.given(plan).values())
    graph = "" if model is None else f"{model.card.files[GRAPH]} {model.point.limits}"
    return _outcome(plan.study, plan.made, answers, graph, plan, model)


@st.cache_resource(show_spinner="Comparing answers", max_entries=16)
def _outcome(study: str, made: float, answers: int, graph: str, _plan: Plan, _model: Model | None) -> Outcome:
    return result(_plan, [] if _model is None else [_model])
