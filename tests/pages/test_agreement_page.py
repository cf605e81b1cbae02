"""Agreement on its page: planned, judged photo by photo and blind, and what came of it."""

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.domain import Label
from casting_core.jobs import control
from casting_core.jobs.work import do
from casting_core.settings import settings
from casting_core.workflows import stores
from casting_core.workflows.agreement import appraising, plan
from casting_core.workflows.agreement.plan import Plan
from casting_core.workflows.agreement.plan_job import KIND, PLANNING
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.jobs import known
from casting_core.workflows.judging.model import load_model
from tests.pages.conftest import Open
from tests.pages.test_pages import press, said, unescaped

PAGE = "pages/agreement.py"

pytestmark = pytest.mark.usefixtures("known")


def planned(*, parts: int = 4, trials: int = 1) -> Plan:
    """A small study of the drawn sample."""
    dataset = open_dataset(settings().sample_dir)
    return plan.make(dataset, load_model("starter"), appraisers=["Ada", "B*n"], parts=parts, trials=trials, who="")


def answered(study: Plan, who: str) -> None:
    """This person calls every part ok."""
    while (turn := appraising.turn(study, who, appraising.given(study))) is not None:
        appraising.answer(study, turn, Label.OK)


def tap(app: AppTest, word: str) -> None:
    """Presses one of the two large buttons."""
    next(button for button in app.button if button.label == word).click()
    app.run()
    assert not app.exception


def test_without_a_study_the_page_says_what_one_is_for_and_plans_it(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "ask", lambda request, **_: control.queue().ask(request)[0])  # asked for, not begun
    app = open_page(PAGE)
    assert "find out how they judge" in said(app)
    press(app, "Plan the study")
    assert "Name 1 to 20 appraisers" in unescaped(app)
    app.text_area(key="appraisers").input("Ada\nBen")
    app.number_input(key="parts").set_value(6)
    press(app, "Plan the study")
    (job,) = [one for one in known(most=10) if one.kind == KIND]
    assert job.about == "starter and 2 inspectors on Drawn sample"
    assert do(job.id, {KIND: PLANNING}) == {"study": "A1", "parts": 6, "borderline": 2}
    app.run()
    assert not app.exception
    assert "Choose your name" in said(app)


def test_a_person_judges_photo_by_photo_and_sees_nothing_that_tells(open_page: Open) -> None:
    app = open_page(PAGE)
    study = planned(trials=2)
    app = open_page(PAGE)
    assert "Choose your name" in said(app)
    tap(app, "Ada · 0 of 8")
    assert app.get("progress")[0].proto.text == "1 of 4, round 1 of 2, inspector Ada"
    for part in study.parts:
        assert part.name not in said(app)
        assert not any(path.rsplit("/", 1)[-1] in said(app) for path in part.paths)
    tap(app, "Ok")
    tap(app, "Defective")
    assert app.get("progress")[0].proto.text == "3 of 4, round 1 of 2, inspector Ada"
    given = appraising.given(study)["Ada"]
    first, second = plan.order(study, "Ada", 1)[:2]
    assert (given[first, 0], given[second, 0]) == (Label.OK, Label.DEFECTIVE)
    tap(app, "Ok")
    tap(app, "Ok")
    assert app.get("progress")[0].proto.text == "1 of 4, round 2 of 2, inspector Ada"
    assert stores.ledger().verify().number == 5


def test_the_result_waits_for_all_answers_and_then_says_who_disagrees_on_what(open_page: Open) -> None:
    app = open_page(PAGE)
    study = planned()
    answered(study, "Ada")
    app = open_page(PAGE)
    app.button_group(key="section of A1").set_value("Result")
    app.run()
    assert "4 answers are still missing" in said(app)
    assert "Right in every round" not in said(app)
    answered(study, "B*n")
    app.run()
    assert not app.exception
    told = unescaped(app)
    defective = sum(part.reference for part in study.parts)
    assert f"missed **{defective} of {defective}** defective parts at least once" in told
    assert "Unacceptable: not capable" in told
    assert "##### B*n" in told
    assert "##### model starter" in told
    assert f"Disputed: {defective} part" in said(app)
    assert list(app.dataframe[0].value["appraisers"]) == [
        "Ada and B*n", "Ada and model starter", "B*n and model starter"
    ]  # fmt: skip
    assert "VDA 5.3" in told
