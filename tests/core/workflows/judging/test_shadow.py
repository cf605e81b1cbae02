"""A version in shadow judges beside the one in production; who decided, what it said, and where both differ."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from casting_core.domain import Label
from casting_core.errors import ModelError
from casting_core.jobs.kinds import Inputs
from casting_core.jobs.pulse import Pulse
from casting_core.records.chain import Kind
from casting_core.records.jobs import Request
from casting_core.records.registry import STARTER
from casting_core.records.version_files import CARD
from casting_core.records.version_folder import finish
from casting_core.settings import settings
from casting_core.workflows.judging.batch import batch_job, kept, shadow_job
from casting_core.workflows.judging.recorded import Said
from casting_core.workflows.judging.shadow import version as shadow
from casting_core.workflows.judging.shadow.differences import Tally
from casting_core.workflows.judging.shadow.verdicts import Answer, record
from casting_core.workflows.models import promotion
from casting_core.workflows.review import history
from casting_core.workflows.stations.judge import Judge, shadowed
from casting_core.workflows.stores import ledger, registry
from tests.core.service.serving import photo
from tests.core.workflows.stations.test_judge import said


@pytest.fixture
def versions() -> tuple[str, str]:
    """Two versions beside the starter, with its files."""
    for name in ("v1", "v2"):
        folder = settings().model_dir / name
        shutil.copytree(settings().starter_dir, folder)
        (folder / CARD).unlink()
        finish(folder, registry().card(STARTER).model_copy(update={"name": name}))
    return "v1", "v2"


@pytest.mark.usefixtures("versions")
def test_a_version_is_put_in_shadow_by_a_person_and_ended_by_one() -> None:
    shadow.begin("v1", actor="Ana", reason="new lamp")
    found = shadow.in_shadow()
    assert found is not None
    assert (found.version, found.who, found.why) == ("v1", "Ana", "new lamp")
    with pytest.raises(ModelError, match="'v1' is in shadow already"):
        shadow.begin("v2", actor="Ana", reason="too")
    shadow.end("v1", actor="Ben", reason="seen enough")
    assert shadow.in_shadow() is None
    told = [history.what(row) for row in ledger().rows(kinds=[Kind.SHADOW])]
    assert told == ["v1 judges in shadow no more", "v1 judges in shadow, beside starter"]
    ledger().verify()


@pytest.mark.usefixtures("versions")
def test_a_version_that_is_put_in_production_is_in_shadow_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promotion, "check", lambda folder: registry().card(folder.name))  # all are the starter
    shadow.begin("v1", actor="Ana", reason="to see")
    promotion.promote("v1", actor="Ben", reason="no difference")
    assert shadow.in_shadow() is None
    (row, _) = ledger().rows(kinds=[Kind.SHADOW])
    assert (row.actor, row.reason) == ("Ben", shadow.PROMOTED)
    promotion.roll_back(actor="Ana")
    assert registry().production() == STARTER
    row = ledger().rows(kinds=[Kind.PROMOTION])[0]
    assert (row.about, row.actor, row.reason) == (STARTER, "Ana", "rolled back from v1")
    assert shadow.in_shadow() is None, "it does not come back by itself"


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        (lambda: shadow.begin("v1", actor="", reason="x"), "say who decides"),
        (lambda: shadow.begin("v1", actor="Ana", reason=" "), "and why"),
        (lambda: shadow.begin(STARTER, actor="Ana", reason="x"), "is in production"),
        (lambda: shadow.begin("v7", actor="Ana", reason="x"), "no model 'v7'"),
        (lambda: shadow.end("v1", actor="Ana", reason="x"), "is not in shadow"),
    ],
)
@pytest.mark.usefixtures("versions")
def test_what_cannot_be_in_shadow_is_refused_in_a_sentence(refused: Callable[[], None], why: str) -> None:
    with pytest.raises(ModelError, match=why):
        refused()
    assert ledger().head().number == 0


@pytest.mark.usefixtures("versions")
def test_the_process_of_the_shadow_judges_with_the_version_in_shadow() -> None:
    judge, casting = Judge(shadowed), photo(2, Label.DEFECTIVE)
    assert said(judge, casting)["problem"] == "no version is in shadow"
    shadow.begin("v1", actor="Ana", reason="to see")
    assert said(judge, casting)["said"]["model"] == "v1"
    shadow.end("v1", actor="Ana", reason="seen")
    assert said(judge, casting)["model"] == ""


@pytest.mark.usefixtures("versions")
def test_differences_are_counted_since_it_began_and_listed_with_the_newest_first() -> None:
    graph = registry().card("v1").files["serving.onnx"]
    other = Said(photo="f" * 64, model="v1", graph=graph, score=0.9, verdict="reject")
    record(other, Answer(model=STARTER, verdict="pass", score=0.1), actor="")  # of an earlier shadow
    shadow.begin("v1", actor="Ana", reason="to see")
    begun = shadow.in_shadow()
    assert begun is not None
    tally = Tally(begun)
    assert tally.now().words == "It has judged no photo yet."
    for number, (mine, theirs) in enumerate([("pass", "pass"), ("pass", "reject"), ("reject", ""), ("pass", "pass")]):
        told = replace(other, photo=f"{number:064d}", verdict=theirs)
        answer = Answer(model=STARTER, verdict=mine, score=0.2, station="S1", part=f"P{number}")
        record(told, answer, actor="station S1")
    found = tally.now()
    assert found.words == "It has judged 4 photos, and 2 of them otherwise than the version in production."
    assert {one.words: one.photos for one in found.counts} == {
        "pass → pass": 2,
        "pass → reject": 1,
        "reject → no verdict": 1,
    }
    assert [(one.answer.part, one.said.photo) for one in found.differing] == [("P2", f"{2:064d}"), ("P1", f"{1:064d}")]
    assert tally.now() == found, "no row is counted twice"
    assert history.what(ledger().rows()[0]) == f"v1 in shadow: pass, where starter said pass: photo {'0' * 12}"


@pytest.mark.usefixtures("versions")
def test_a_batch_is_judged_beside_by_a_job_of_its_own_each_photo_once(
    sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, one in enumerate(sorted((sample_folder / "test").rglob("*.jpeg"))[:3]):
        shutil.copy(one, tmp_path / f"{number}.jpeg")
    (tmp_path / "letter.jpeg").write_bytes(b"Dear foundry")
    asked: list[Request] = []
    monkeypatch.setattr(
        "casting_core.workflows.judging.batch.shadow_job.control.ask", lambda one, **_: asked.append(one)
    )
    job = batch_job.judge_here(batch_job.Asked(found=batch_job.folder_named(str(tmp_path)), name="b", model=STARTER))
    assert batch_job.BATCH.then is not None
    batch_job.BATCH.then(job)
    assert asked == [], "no version is in shadow"
    shadow.begin("v1", actor="Ana", reason="to see")
    batch_job.BATCH.then(job)
    (request,) = asked
    inputs = Inputs(values=request.inputs, job=1, attempt=1, actor="", folder=Path(), pulse=cast("Pulse", None))
    for _ in range(2):  # also where it is taken up again after its end
        assert shadow_job.judge_beside(inputs, lambda _event: None, lambda: False) == {"photos": 3, "model": "v1"}
    rows = ledger().rows(kinds=[Kind.SHADOW_VERDICT])
    photos = {one.sha256 for one in kept.results_of(batch_job.mark_of(job)) if one.score is not None}
    assert len(rows) == 3
    assert {row.about for row in rows} == photos
    begun = shadow.in_shadow()
    assert begun is not None
    assert Tally(begun).now().photos == 3
    ledger().verify()
