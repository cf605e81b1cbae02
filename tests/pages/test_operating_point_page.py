"""The operating point on Models: what is in force, four ways to another one, who and why, and the way back."""

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.jobs import control
from casting_core.records.card import ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import State
from casting_core.workflows import stores
from casting_core.workflows.jobs import going_on
from casting_core.workflows.models.operating_point_job import KIND
from casting_core.workflows.operating_points import history, in_force
from tests.pages.conftest import Open
from tests.pages.test_pages import press, said, unescaped
from tests.patience import until


def on_models(open_page: Open, sample: NamedDataset) -> AppTest:
    """The Models page at the version, with the sample in use."""
    stores.dataset_book().put(sample)
    app = open_page("pages/models.py")
    app.session_state["casting"].dataset = sample.name
    app.selectbox(key="version").set_value("v1").run()
    assert not app.exception
    return app


def ask(app: AppTest, way: str) -> AppTest:
    app.segmented_control(key="point way").set_value(way).run()
    assert not app.exception
    return app


def leave(app: AppTest, point: object) -> None:
    """The line is left there; that it can be moved is shown in a browser."""
    app.session_state["point by hand v1"] = {"point": point}
    app.run()
    assert not app.exception


@pytest.mark.usefixtures("castings_known")
def test_a_contract_is_chosen_signed_and_in_force_on_every_page(
    proven: ModelCard, open_page: Open, sample_dataset: NamedDataset
) -> None:
    app = on_models(open_page, sample_dataset)
    assert "**v1** judges at **0.5**" in unescaped(app)
    assert "had not seen it (approximate)" in unescaped(app)
    assert "Not proven: at most 5 % of defective castings escape" in unescaped(app)
    assert not [button for button in app.button if "from now on" in button.label]

    app.number_input(key="contract share").set_value(50.0)
    app.number_input(key="contract sure").set_value(50.0).run()
    (button,) = [button for button in app.button if "from now on" in button.label]
    press(app, button.label)
    assert "an auditor will ask" in unescaped(app)
    assert going_on() == []

    app.text_input(key="point who").input("Ada").run()
    app.text_input(key="point why").input("the customer's contract").run()
    press(app, button.label)
    until(lambda: control.log().jobs(kind=KIND)[0].state.over)
    (job,) = control.log().jobs(kind=KIND)
    assert job.state is State.FINISHED, job.message
    app.run()
    now = in_force(proven)
    assert f"Judge at {now.limits} from now on" == button.label
    assert "It is in force. Test castings" in unescaped(app)
    assert f"**v1** judges at **{now.limits}**" in unescaped(app)
    (row,) = history(proven)
    assert (row.who, row.why) == ("Ada", "the customer's contract")
    stores.registry().promote("v1")
    assert f"threshold {now.limits}" in said(open_page("pages/inspection.py"))

    app = on_models(open_page, sample_dataset)
    press(app, "Back to 0.5, as registered")
    assert in_force(proven).threshold == 0.5
    assert len(history(proven)) == 2


@pytest.mark.usefixtures("castings_known", "proven")
def test_every_way_proposes_or_says_what_it_lacks(open_page: Open, sample_dataset: NamedDataset) -> None:
    app = ask(on_models(open_page, sample_dataset), "Cost")
    assert "say how many of your castings are defective" in unescaped(app).lower()
    ask(app, "By hand")
    leave(app, [0.123, None])
    assert [button for button in app.button if button.label == "Judge at 0.123 from now on"]
    leave(app, [0.123, 1.0])
    assert [button for button in app.button if button.label == "Judge at 0.123 to 1 from now on"]
    for cannot_be in ([0.5, 0.2], [-1, None], ["x", None], [0.2], [float("nan"), None], "0.2"):
        leave(app, cannot_be)
        assert [button for button in app.button if button.label == "Judge at 0.5 from now on"], cannot_be
    ask(app, "Workload")
    assert "say how many of your castings are defective" in unescaped(app).lower()


@pytest.mark.usefixtures("castings_known", "version")
def test_where_no_castings_may_choose_only_a_hand_can(open_page: Open, sample_dataset: NamedDataset) -> None:
    app = on_models(open_page, sample_dataset)
    assert "Test castings choose nothing, for they are the proof" in unescaped(app)
    assert app.segmented_control(key="point way").options == ["By hand"]
