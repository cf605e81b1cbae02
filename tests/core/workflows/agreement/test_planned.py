"""A study from its plan to its result: blind, resumable, with a version as one appraiser."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from casting_core.__main__ import main
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label, OperatingPoint
from casting_core.errors import AgreementError
from casting_core.judging.agreement.answers import NONE
from casting_core.records.decisions import Kind
from casting_core.settings import settings
from casting_core.workflows import stores
from casting_core.workflows.agreement import appraising, plan
from casting_core.workflows.agreement.choosing import choose
from casting_core.workflows.agreement.plan import Plan, PlannedPart
from casting_core.workflows.agreement.result import result
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.reports import brought
from casting_core.workflows.reports.blocks import Table, Words
from casting_core.workflows.review import history
from casting_core.workflows.review.correct import decide

pytestmark = pytest.mark.usefixtures("castings_known")


@pytest.fixture
def dataset(sample_folder: Path) -> Dataset:
    return open_dataset(sample_folder)


@pytest.fixture
def planned(dataset: Dataset) -> Plan:
    return plan.make(dataset, load_model("starter"), appraisers=["Ada", "Ben"], parts=8, trials=2, seed=3, who="Quinn")


def answer_all(planned: Plan, who: str, *, wrong: tuple[str, ...] = ()) -> list[tuple[int, str]]:
    """All rounds of a person, right but for these parts in the first trial; in which order the parts came."""
    seen = []
    while (turn := appraising.turn(planned, who, appraising.given(planned))) is not None:
        part = planned.parts[turn.place]
        label = 1 - part.reference if part.name in wrong and turn.trial == 1 else part.reference
        appraising.answer(planned, turn, Label(label))
        seen.append((turn.trial, part.name))
    return seen


def test_a_plan_has_borderline_parts_and_clear_ones_of_both_labels(planned: Plan) -> None:
    assert planned.study == "A1"
    assert planned.borderline == round(0.4 * 8)
    clear = [part for part in planned.parts if not part.borderline]
    assert {part.reference for part in clear} == {0, 1}
    far = [abs(np.log(part.score / (1 - part.score))) for part in planned.parts if not part.borderline]
    near = [abs(np.log(part.score / (1 - part.score))) for part in planned.parts if part.borderline]
    assert max(near) <= min(far)
    assert all(len(set(part.photos)) == 2 for part in planned.parts)
    assert plan.find("A1") == planned


def test_castings_that_were_not_learned_from_are_taken_where_there_are_enough() -> None:
    rows = pd.DataFrame({"casting": range(20), "label": [0, 1] * 10, "score": np.linspace(0.02, 0.98, 20)})
    rows = rows.assign(learned=pd.Series([True] * 8 + [False] * 12, dtype=object))
    point = OperatingPoint(threshold=0.5)
    assert set(choose(rows, point, parts=12, borderline=0.3, seed=0)["casting"]) == set(range(8, 20))
    assert len(choose(rows, point, parts=14, borderline=0.3, seed=0)) == 14
    with pytest.raises(AgreementError, match="21 parts are wanted, and 20 castings of this dataset can be used"):
        choose(rows, point, parts=21, borderline=0.3, seed=0)
    with pytest.raises(AgreementError, match="all that can be used here are of one label"):
        choose(rows[rows["label"] == 1], point, parts=4, borderline=0.3, seed=0)


def test_a_casting_under_both_labels_is_no_part_of_a_study(dataset: Dataset) -> None:
    castings = casting_of(dataset)
    photo = next(one for one in castings.index if (castings == castings[one]).sum() == 2)
    label = int(dataset.photos.set_index("photo")["label"][photo])
    decide(dataset, Kind.LABEL, [photo], value=Label(1 - label).word, who="Ana")
    made = plan.make(open_dataset(dataset.root), load_model("starter"), appraisers=["Ada"], parts=29, who="")
    assert f"casting {castings[photo]}" not in {part.name for part in made.parts}


def test_each_round_has_its_own_order_and_the_same_one_after_a_break(planned: Plan) -> None:
    rounds = {(who, trial): plan.order(planned, who, trial).tolist() for who in ("Ada", "Ben") for trial in (1, 2)}
    assert len({tuple(one) for one in rounds.values()}) == 4
    assert all(sorted(one) == list(range(8)) for one in rounds.values())
    assert plan.order(plan.find("A1"), "Ada", 1).tolist() == rounds["Ada", 1]


def test_a_person_goes_on_where_they_stopped_and_a_second_tap_changes_nothing(planned: Plan) -> None:
    first = appraising.turn(planned, "Ada", appraising.given(planned))
    assert first is not None
    assert (first.trial, first.done) == (1, 0)
    assert first.photo == planned.parts[first.place].photos[0]
    appraising.answer(planned, first, Label.OK)
    with pytest.raises(AgreementError, match="answered already"):
        appraising.answer(planned, first, Label.DEFECTIVE)
    again = appraising.turn(plan.find("A1"), "Ada", appraising.given(planned))
    assert again is not None
    assert (again.done, again.place != first.place) == (1, True)
    assert appraising.given(planned)["Ada"][first.place, 0] == Label.OK
    assert (appraising.given(planned)["Ben"] == NONE).all()
    told = [history.what(row) for row in stores.ledger().rows()]
    assert told == ["an answer in study A1, trial 1", "study A1 planned: 8 parts, 2 trials"]  # not which answer


def test_the_second_trial_of_a_person_comes_after_the_first_and_shows_other_photos(planned: Plan) -> None:
    seen = answer_all(planned, "Ada")
    assert [trial for trial, _ in seen] == [1] * 8 + [2] * 8
    assert {name for trial, name in seen if trial == 2} == {part.name for part in planned.parts}
    photos = {row.values["photo"] for row in stores.ledger().rows() if row.values.get("step") == "answer"}
    assert len(photos) == 16


def test_the_result_names_who_disagrees_with_whom_and_what_is_missing(planned: Plan) -> None:
    odd = planned.parts[0].name
    answer_all(planned, "Ada", wrong=(odd,))
    outcome = result(planned, [load_model("starter")])
    ada, model = outcome.study.appraisers
    assert (ada.effectiveness.of_parts, ada.right, ada.judged) == (7, 15, 16)
    assert (model.name, model.decisions) == ("model starter", 16)
    assert odd in {part.part for part in outcome.study.disputed}
    notes = " ".join((*outcome.cautions, *outcome.notes))
    assert "Ben has given 0 of 16 answers" in notes
    assert "3 of 8 parts (38 %) are borderline" in notes
    assert "AIAG asks for 50 parts, 3 appraisers and 3 trials; here are 8 parts, 2 appraisers and 2 trials." in notes
    assert "VDA 5.3" in notes


def test_a_version_judges_a_part_with_one_photo_once_and_that_is_said(planned: Plan) -> None:
    single = planned.parts[0].model_copy(update={"photos": planned.parts[0].photos[:1]})
    less = planned.model_copy(update={"parts": (single, *planned.parts[1:])})
    assert appraising.of_model(less, load_model("starter"))[0, 1] == NONE
    outcome = result(less, [load_model("starter")])
    assert outcome.study.appraisers[0].single == 1
    assert any(note.startswith("Of 1 part there is only one photo") for note in outcome.cautions)


def test_the_same_photo_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="the same photo twice"):
        PlannedPart(
            name="casting 1", reference=0, borderline=False, score=0.1, learned=None, photos=("a", "a"), paths=("x",)
        )


def test_a_plan_that_was_altered_is_refused(planned: Plan) -> None:
    place = settings().data_dir / "agreement" / f"{planned.study}.json"
    place.write_text(place.read_text().replace('"reference": 0', '"reference": 1', 1))
    with pytest.raises(AgreementError, match="not as it was made"):
        plan.find("A1")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"appraisers": ["Ada", " ada "]}, "the same name"),
        ({"appraisers": [" "]}, "name 1 to"),
        ({"appraisers": ["model v1"]}, "a person cannot be called"),
        ({"parts": 2}, "a study has 4 to"),
        ({"borderline": 0.6}, "30 to 50 %"),
    ],
)
def test_what_makes_no_study_is_said(dataset: Dataset, changed: dict[str, object], reason: str) -> None:
    asked = {"appraisers": ["Ada"], "parts": 8, "trials": 2, "borderline": 0.4} | changed
    with pytest.raises(AgreementError, match=reason):
        plan.make(dataset, load_model("starter"), who="", **asked)  # type: ignore[arg-type]
    assert plan.studies() == []


def test_a_stranger_and_an_unknown_study_are_named(planned: Plan) -> None:
    with pytest.raises(AgreementError, match="'Zoe' is no appraiser of study A1"):
        appraising.turn(planned, "Zoe", appraising.given(planned))
    with pytest.raises(AgreementError, match=r"no study 'A2' \(known: A1\)"):
        plan.find("A2")
    with pytest.raises(AgreementError, match=r"no study '\.\./A1'"):
        plan.find("../A1")


def test_the_commands_plan_list_and_evaluate_a_study(sample_folder: Path) -> None:
    asked = ["agreement", "plan", "--data", str(sample_folder), "--model", "starter", "--parts", "6", "--trials", "2"]
    done = CliRunner().invoke(main, [*asked, "--appraiser", "Ada", "--json"])
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    assert (made["study"], made["parts"], made["borderline"], made["appraisers"]) == ("A1", 6, 2, ["Ada"])
    assert "A1" in CliRunner().invoke(main, ["agreement", "list"]).stdout
    said = json.loads(CliRunner().invoke(main, ["agreement", "result", "A1", "--json"]).stdout)
    assert [one["name"] for one in said["appraisers"]] == ["model starter"]
    assert said["appraisers"][0]["capability"] in ("capable", "capable with restrictions", "not capable")
    refused = CliRunner().invoke(main, ["agreement", "result", "A9"])
    assert (refused.exit_code, "known: A1" in refused.stderr) == (2, True)
    assert replace(stores.ledger().head(), hash="").number == 1


def test_a_report_tells_the_latest_study_of_its_dataset_in_which_somebody_has_judged(
    planned: Plan, dataset: Dataset
) -> None:
    model = load_model("starter")
    assert brought.agreement(model, dataset) == ()
    answer_all(planned, "Ada")
    words, table, *_ = brought.agreement(model, dataset)
    assert isinstance(words, Words)
    assert words.text.startswith(f"Study {planned.study}: 8 parts, 2 trials.")
    assert isinstance(table, Table)
    assert [row[0] for row in table.rows] == ["Ada", appraising.called("starter")]
    assert table.rows[0][1].startswith("8 of 8 (100 %")
    elsewhere = replace(dataset, root=dataset.root / "elsewhere")
    assert brought.agreement(model, elsewhere) == ()
