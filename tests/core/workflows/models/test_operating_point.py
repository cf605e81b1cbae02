"""The operating point of a version: chosen on castings that chose nothing else, checked, in force everywhere."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from casting_core.data.datasets.scan import Dataset
from casting_core.data.drawing.synthetic import write_sample
from casting_core.domain import OperatingPoint, Split, Verdict
from casting_core.errors import ModelError, SettingsError
from casting_core.judging.operating_point.contract import Contract
from casting_core.judging.operating_point.cost import Costs
from casting_core.judging.operating_point.workload import Workload
from casting_core.records.card import ModelCard
from casting_core.records.chain import Kind
from casting_core.records.database.access import connect
from casting_core.records.datasets import NamedDataset
from casting_core.records.registry import STARTER
from casting_core.settings import settings
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging import inspect
from casting_core.workflows.judging.measuring.measure import measure, measurement
from casting_core.workflows.judging.measuring.worth import worth
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.judging.seen import look_for_seen
from casting_core.workflows.models import proposals
from casting_core.workflows.models.calibration import CalibrationPhotos, calibration_photos
from casting_core.workflows.models.operating_point import back_to_registered, put_in_force
from casting_core.workflows.operating_points import BY_HAND, REGISTERED, history, in_force
from casting_core.workflows.stores import ledger, registry

HALF = Contract(share=0.5, confidence=0.5)  # what the few castings of the sample can prove


@pytest.fixture
def dataset(sample_dataset: NamedDataset, castings_known: None) -> Dataset:  # noqa: ARG001 - they are known by then
    return open_dataset(sample_dataset.folder)


def chosen_on(card: ModelCard, dataset: Dataset) -> CalibrationPhotos:
    castings = casting_of(dataset)
    return calibration_photos(load_model(card.name), dataset, castings, look_for_seen(card, dataset, castings))


def drawn(defective: int = 100, ok: int = 100) -> CalibrationPhotos:
    """Castings of one photo each, told apart wholly."""
    return CalibrationPhotos(
        scores=np.r_[np.full(defective, 0.9), np.full(ok, 0.1)],
        labels=np.r_[np.ones(defective, dtype=np.int64), np.zeros(ok, dtype=np.int64)],
        castings=np.arange(defective + ok),
        source="drawn",
        approximate=False,
    )


def test_no_test_casting_chooses_and_scores_out_of_fold_are_called_approximate(
    proven: ModelCard, dataset: Dataset
) -> None:
    found = chosen_on(proven, dataset)
    tested = set(casting_of(dataset)[dataset.part(Split.TEST)["photo"]])
    assert len(found.castings)
    assert not tested & set(found.castings.tolist())
    assert found.approximate
    assert found.words.endswith("had not seen it (approximate)")


def test_castings_that_chose_the_epoch_choose_no_threshold(dataset: Dataset, version: str) -> None:
    with pytest.raises(ModelError, match="Test castings choose nothing, for they are the proof"):
        chosen_on(registry().card(version), dataset)


def test_castings_of_another_dataset_that_it_has_never_seen_come_first(proven: ModelCard, tmp_path: Path) -> None:
    write_sample(tmp_path / "others", castings=12, copies=1, seed=9)
    others = open_dataset(tmp_path / "others")
    found = chosen_on(proven, others)
    assert not found.approximate
    assert len(found.scores) == (others.usable["split"] != Split.TEST).sum()
    assert found.words.endswith("castings it has never seen")


def test_where_nobody_knows_what_it_learned_from_nothing_is_chosen(dataset: Dataset) -> None:
    """The photos of the starter are not here."""
    with pytest.raises(ModelError, match="Which of these it has learned from is not known"):
        chosen_on(registry().card(STARTER), dataset)


def test_a_point_is_in_force_everywhere_from_the_moment_it_is_set(proven: ModelCard, dataset: Dataset) -> None:
    before = load_model("v1")
    assert before.point.limits == "0.5"
    known = measure(dataset, "test", before).figures
    proposal = proposals.by_contract(chosen_on(proven, dataset), HALF)
    entry = put_in_force("v1", proposal, dataset, actor=" Ada ", reason="the customer's contract")
    assert proposal.point is not None
    after = load_model("v1")
    assert after.point == proposal.point == in_force(proven)
    (now,) = history(proven)
    assert (now.who, now.why, now.method) == ("Ada", "the customer's contract", "contract")
    assert "defective castings escaped" in now.check
    assert entry.values["dataset"] == str(dataset.root)
    castings = casting_of(dataset)
    kept = measurement(proven, dataset, "test", castings)
    assert kept is not None
    assert (
        kept.figures.missed != known.missed
        or kept.figures.false_alarms != known.false_alarms
        or (proposal.point.threshold == before.point.threshold)
    )
    assert str(ledger().verify()).startswith(f"{entry.number}:")


def test_with_another_point_the_card_is_no_measurement_any_more(proven: ModelCard, dataset: Dataset) -> None:
    unmeasured = proposals.by_hand(0.3)
    assert worth(proven, dataset, None).score is not None
    put_in_force("v1", unmeasured, None, actor="Ada", reason="")
    assert worth(proven, dataset, None).score is None
    put_in_force("v1", unmeasured, dataset, actor="Ada", reason="")
    score = worth(proven, dataset, casting_of(dataset)).score
    assert score is not None
    assert history(proven)[0].check.startswith(f"{score.outcomes.defective.wrong} of" if score.outcomes else "no")


def test_the_test_castings_are_looked_at_once_a_point_and_it_is_said_how_often(
    proven: ModelCard, dataset: Dataset
) -> None:
    for threshold in (0.4, 0.6):
        put_in_force("v1", proposals.by_hand(threshold), dataset, actor="Ada", reason="")
    latest, first = history(proven)
    assert latest.check.endswith("1 point had been checked on test castings before")
    assert "before" not in first.check
    assert latest.method == BY_HAND


@pytest.mark.usefixtures("proven")
def test_two_thresholds_leave_what_lies_between_them_to_a_person(dataset: Dataset) -> None:
    put_in_force("v1", proposals.by_hand(0.0001, 0.9999), None, actor="Ada", reason="")
    model = load_model("v1")
    photo = dataset.usable.iloc[0]
    finding = inspect.judge((dataset.root / photo["path"]).read_bytes(), model)
    assert finding.verdict is Verdict.INSPECT
    assert finding.score is not None


def test_the_registered_point_comes_back_and_the_others_stay_written(proven: ModelCard) -> None:
    put_in_force("v1", proposals.by_hand(0.2), None, actor="Ada", reason="")
    back_to_registered(proven, actor="Bea", reason="was a slip")
    assert in_force(proven).threshold == proven.threshold
    assert [one.method for one in history(proven)] == [REGISTERED, BY_HAND]


def test_a_point_of_other_weights_under_the_same_name_is_not_in_force(proven: ModelCard) -> None:
    put_in_force("v1", proposals.by_hand(0.2), None, actor="Ada", reason="")
    other = proven.model_copy(update={"files": {**proven.files, "serving.onnx": "0" * 64}})
    assert in_force(other).threshold == other.threshold


def test_a_row_altered_beyond_reading_leaves_the_point_before_it_in_force(proven: ModelCard) -> None:
    put_in_force("v1", proposals.by_hand(0.2), None, actor="Ada", reason="")
    put_in_force("v1", proposals.by_hand(0.3), None, actor="Ada", reason="")
    with connect(settings().database_url).begin() as connection:
        connection.execute(text("UPDATE ledger SET body = replace(body, '0.3', '7') WHERE number = 2"))
    assert in_force(proven).threshold == 0.2


@pytest.mark.usefixtures("proven")
def test_nobody_decides_unnamed_and_what_is_not_proven_is_not_set() -> None:
    with pytest.raises(ModelError, match="an auditor will ask"):
        put_in_force("v1", proposals.by_hand(0.2), None, actor=" ", reason="")
    unproven = proposals.by_contract(drawn(defective=20), Contract(share=0.05, confidence=0.95))
    assert unproven.point is None
    assert "it would take 39 more, none of which escapes" in unproven.words
    with pytest.raises(ModelError, match="39 more"):
        put_in_force("v1", unproven, None, actor="Ada", reason="")
    assert ledger().rows(kinds=[Kind.OPERATING_POINT]) == []


def test_each_way_says_what_it_does() -> None:
    by_contract = proposals.by_contract(drawn(), Contract(share=0.05, confidence=0.95))
    assert (
        by_contract.words
        == "On the castings it was chosen on 0 of 100 defective castings escaped, 0 of 100 ok castings rejected."
    )
    by_cost = proposals.by_cost(drawn(), Costs(escape=500, false_alarm=10, defect_rate=0.02))
    assert by_cost.words.endswith("Every threshold from 0.101 to 0.9 costs the same on these castings.")
    shares = Workload(escapes=0.05, false_rejects=0.05, confidence=0.9)
    by_workload = proposals.by_workload(drawn(), shares, defect_rate=0.02, castings_per_shift=400)
    assert by_workload.words.endswith("Nobody has to look.")
    few = proposals.by_workload(drawn(ok=9), shares, defect_rate=0.02, castings_per_shift=400)
    assert "There are 9 ok castings; it would take 50 more, none of which is rejected." in few.words


def test_a_person_looks_at_so_many_castings_of_a_shift() -> None:
    photos = drawn()
    scores = photos.scores.copy()
    scores[:20], scores[100:120] = 0.3, 0.6  # both classes overlap
    shares = Workload(escapes=0.05, false_rejects=0.05, confidence=0.9)
    found = proposals.by_workload(replace(photos, scores=scores), shares, defect_rate=0.02, castings_per_shift=400)
    assert found.words.endswith("A person looks at about 20 % of all castings: 80 a shift.")


@pytest.mark.parametrize(("threshold", "upper"), [(1.5, None), (0.5, 0.4), (float("nan"), None)])
def test_no_point_is_set_that_cannot_be_one(threshold: float, upper: float | None) -> None:
    with pytest.raises(SettingsError, match="will not do"):
        proposals.by_hand(threshold, upper)


def test_a_point_has_one_or_two_thresholds() -> None:
    assert OperatingPoint(threshold=0.2, upper=0.8).limits == "0.2 to 0.8"
    assert [OperatingPoint(threshold=0.2, upper=0.8).verdict(score) for score in (0.1, 0.2, 0.5, 0.8)] == [
        Verdict.PASS,
        Verdict.INSPECT,
        Verdict.INSPECT,
        Verdict.REJECT,
    ]
