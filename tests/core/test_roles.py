"""Who may what: every write by every role, below the pages; whoever signed in signs, and nothing goes around it."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from casting_core import roles
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.errors import RoleError
from casting_core.jobs import control, process
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.chain import Kind
from casting_core.records.datasets import NamedDataset
from casting_core.records.decisions import Kind as Decided
from casting_core.records.jobs import Request, State
from casting_core.roles import HERE, JOBS, NEEDS, ROWS, Acting, Role, Write, acting_as
from casting_core.settings import ROOT, settings
from casting_core.workflows import backups, stores
from casting_core.workflows.agreement import appraising, plan, plan_job
from casting_core.workflows.audit import audit_job
from casting_core.workflows.challenge import sets, standing
from casting_core.workflows.datasets import castings_job, import_job, importing, removing, sample, splits
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.installation import backup_job, saving
from casting_core.workflows.judging import recorded
from casting_core.workflows.judging.batch import batch_job
from casting_core.workflows.judging.lookalikes import looks_job
from casting_core.workflows.judging.measuring import measure_job
from casting_core.workflows.judging.panel import panel_job
from casting_core.workflows.judging.shadow import version as shadow
from casting_core.workflows.keeping import rule
from casting_core.workflows.kinds import KINDS
from casting_core.workflows.models import deleting, operating_point, operating_point_job, promotion, status
from casting_core.workflows.models import importing as versions
from casting_core.workflows.people import links, members, signatures
from casting_core.workflows.reports import report_job
from casting_core.workflows.review import correct, opinions, recording
from casting_core.workflows.review.recording import Judged, Said
from casting_core.workflows.search import search
from casting_core.workflows.stations import tokens
from casting_core.workflows.tracing import fetch_back, retention, retention_job
from casting_core.workflows.training import runs
from casting_core.workflows.watching import outgoing, reference_job, usual

NONE: Any = None  # in the place of what nobody gets to look at
NONE_FOUND = import_job.Found(form=import_job.Form.FOLDER, path=Path("no such folder"))
Call = Callable[[NamedDataset, Dataset], object]


def said(dataset: Dataset) -> list[Said]:
    return [Said(id="a", photo=str(dataset.photos["photo"].iloc[0]), who="Ben", judged=Judged.CANNOT_TELL)]


def turn(who: str) -> appraising.Turn:
    return appraising.Turn(appraiser=who, trial=1, place=0, photo="", done=0)


def planned(named: NamedDataset) -> object:
    return plan_job.start_planning(named, "starter", appraisers=["Ada"], parts=50, trials=3, borderline=0.4, seed=0)


# Every write of the workflows: what it is to be asked about, and a call that asks before it looks at anything.
WRITES: list[tuple[Write, Call]] = [
    (Write.RECORD, lambda _n, _d: recorded.record(NONE, NONE, content=b"", file="", actor="Ben")),
    (Write.BATCH, lambda _n, _d: batch_job.put_down_files([])),
    (Write.BATCH, lambda _n, _d: batch_job.put_down_zip(b"")),
    (Write.BATCH, lambda _n, _d: control.ask(Request(kind=batch_job.KIND, inputs={}))),
    (Write.JUDGE, lambda _n, d: recording.record(d, said(d))),
    (Write.OPINION, lambda _n, _d: opinions.say("a", None, verdict=None, model="v1", who="Ben", data=NONE)),
    (Write.OPINION, lambda _n, _d: outgoing.say(NONE, None, card=NONE, who="Ben")),
    (Write.APPRAISE, lambda _n, _d: appraising.answer(NONE, turn(roles.acting().name), Label.OK)),
    (Write.DECIDE, lambda _n, d: correct.decide(d, Decided.TAG, said(d)[0].photo, value="rust", who="Ben")),
    (Write.DECIDE, lambda _n, d: correct.leave_out_files(d, [], who="Ben")),
    (Write.DECIDE, lambda _n, d: correct.undo(d, "batch", who="Ben")),
    (Write.SPLIT, lambda _n, d: splits.make_by_casting(d, "", share=0.3, seed=0)),
    (Write.SPLIT, lambda _n, d: splits.make_folds(d, "", number=3, seed=0)),
    (Write.SPLIT, lambda _n, _d: stores.split_book().forget("folder", "split")),
    (Write.CASTINGS, lambda n, _d: castings_job.start_castings(n)),
    (Write.IMPORT, lambda _n, _d: import_job.new_upload()),
    (Write.IMPORT, lambda _n, _d: importing.import_photos(NONE, name="", choices={})),
    (Write.IMPORT, lambda n, _d: import_job.start_import(NONE_FOUND, name=n.name, choices={}, new=True)),
    (Write.IMPORT, lambda _n, _d: sample.start_sample(again=True)),
    (Write.IMPORT, lambda n, _d: stores.dataset_book().put(n)),
    (Write.DATASET, lambda n, _d: removing.rename(n.name, n.name)),
    (Write.DATASET, lambda n, _d: stores.dataset_book().change(n.name, lambda now: now)),
    (Write.AUDIT, lambda n, _d: audit_job.start_audit(n)),
    (Write.TRAIN, lambda n, _d: runs.start_run(n, Recipe())),
    (Write.TRAIN, lambda n, _d: runs.note_run(n, Recipe())),
    (Write.TRAIN, lambda _n, _d: search.start(NONE)),
    (Write.TRAIN, lambda _n, _d: control.ask(Request(kind="cross-validation", inputs={}))),
    (Write.MEASURE, lambda n, _d: measure_job.start_measurement(n, "starter")),
    (Write.MEASURE, lambda n, _d: panel_job.start_panel(n, "starter")),
    (Write.MEASURE, lambda _n, _d: reference_job.start_look("starter")),
    (Write.ALIKE, lambda _n, _d: looks_job.start_looking("starter")),
    (Write.FETCH_BACK, lambda _n, _d: fetch_back.put_on_record(NONE, [], returned="", actor="Ben", reason="")),
    (Write.KEEP, lambda _n, _d: rule.set_rule(NONE, actor="Ben")),
    (Write.KEEP, lambda _n, _d: retention.tidy(actor="Ben")),
    (Write.KEEP, lambda _n, _d: retention_job.start_tidying(actor="Ben")),
    (Write.JUDGE, lambda _n, _d: retention.looked_at("batch", actor="Ben")),
    (Write.BACK_UP, lambda _n, _d: backup_job.start_backup(actor="Ben")),
    (Write.BACK_UP, lambda _n, _d: saving.back_up(settings().data_dir / "kept", actor="Ben")),
    (Write.USUAL, lambda _n, _d: usual.accept(NONE, NONE, since=NONE, who="Ben", why="")),
    (Write.REPORT, lambda n, _d: report_job.start_report(n, "starter")),
    (Write.PLAN, lambda n, _d: planned(n)),
    (Write.PLAN, lambda _n, _d: plan.make(NONE, NONE, appraisers=[], who="Ben")),
    (Write.PROMOTE, lambda _n, _d: promotion.promote("no such version", actor="Ben")),
    (Write.PROMOTE, lambda _n, _d: signatures.sign("v1", actor="Ben")),
    (Write.POINT, lambda _n, _d: operating_point.put_in_force("v9", NONE, None, actor="Ben", reason="")),
    (Write.POINT, lambda _n, _d: operating_point.back_to_registered(NONE, actor="Ben", reason="")),
    (Write.POINT, lambda n, _d: operating_point_job.start_putting("v9", NONE, n, actor="Ben", reason="")),
    (Write.PROMOTE, lambda _n, _d: promotion.roll_back(actor="Ben")),
    (Write.SHADOW, lambda _n, _d: shadow.begin("v9", actor="Ben", reason="")),
    (Write.SHADOW, lambda _n, _d: shadow.end("v9", actor="Ben", reason="")),
    (Write.STATUS, lambda _n, _d: status.state("v9", NONE, actor="Ben", reason="")),
    (Write.CHALLENGE, lambda _n, _d: sets.choose([], shifts=(), dataset="", model="", actor="Ben", reason="")),
    (Write.CHALLENGE, lambda _n, _d: sets.end("v9", actor="Ben", reason="")),
    (Write.CHALLENGE, lambda _n, _d: standing.clear(NONE, "press-1", actor="Ben", reason="")),
    (Write.DELETE, lambda _n, _d: deleting.delete("v9", actor="Ben", reason="")),
    (Write.REMOVE, lambda _n, _d: removing.remove("no such dataset")),
    (Write.REMOVE, lambda _n, _d: removing.restore(1)),
    (Write.TAKE_IN, lambda _n, _d: versions.import_version(Path("no such file"))),
    (Write.STATION, lambda _n, _d: tokens.add("../press", scopes=(), actor="Ben")),
    (Write.STATION, lambda _n, _d: tokens.revoke("no such station", actor="Ben")),
    (Write.PEOPLE, lambda _n, _d: members.set_role("eve@plant.example", Role.ADMINISTRATOR, actor="Ben")),
    (Write.PEOPLE, lambda _n, _d: members.end_sessions("ann@plant.example", actor="Ben")),
    (Write.PEOPLE, lambda _n, _d: links.make("auditor", days=1, actor="Ben")),
    (Write.PEOPLE, lambda _n, _d: links.take_back("auditor", actor="Ben")),
    (Write.RESTORE, lambda _n, _d: backups.restore()),
    (Write.OTHER, lambda _n, _d: control.ask(Request(kind="of another program", inputs={}))),
]  # fmt: skip


@pytest.fixture(scope="module")
def dataset(sample_folder: Path) -> Dataset:
    return open_dataset(sample_folder)


@pytest.fixture(autouse=True)
def no_processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is asked for is not begun: who may ask is all that is looked at here."""
    monkeypatch.setattr(process, "start", lambda *_, **__: None)
    yield


def refused(call: Callable[[], object]) -> bool:
    """Whether it was refused for its role; whatever else is wrong came behind that."""
    with suppress(Exception):
        try:
            call()
        except RoleError:
            return True
    return False


def person(role: Role) -> Acting:
    return Acting(name="ann@plant.example", role=role)


@pytest.mark.parametrize("write", list(Write), ids=lambda write: write.name)
def test_a_write_is_refused_below_the_role_that_it_takes(
    write: Write, sample_dataset: NamedDataset, dataset: Dataset
) -> None:
    found = []
    for number, call in enumerate(call for asked, call in WRITES if asked is write):
        for role in Role:
            with acting_as(person(role)):
                found.append((number, role, refused(lambda: call(sample_dataset, dataset))))  # noqa: B023 - called at once
    assert found
    assert found == [(number, role, not role.covers(NEEDS[write])) for number, role, _ in found]


def test_every_write_is_in_the_table_and_has_a_role() -> None:
    assert set(Write) == set(NEEDS)
    assert Role.VIEWER not in NEEDS.values()


def test_every_kind_of_row_and_of_job_says_which_write_it_is() -> None:
    assert {kind.value for kind in Kind} == set(ROWS)
    assert set(KINDS) == set(JOBS)


def test_a_row_of_any_kind_is_refused_to_who_may_not_write_it() -> None:
    for kind in Kind:
        for role in Role:
            with acting_as(person(role)):
                done = not refused(lambda: stores.ledger().add(kind, about="a", body={}, actor="Ben"))  # noqa: B023 - called at once
            assert done is role.covers(NEEDS[ROWS[kind]]), (kind, role)
    assert {row.actor for row in stores.ledger().rows()} == {"ann@plant.example"}


def test_rows_come_into_the_ledger_by_one_function_only() -> None:
    writing = re.compile(r"\b(insert|update|delete)\(ledger\)")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "casting_core").rglob("*.py"))
        for _ in writing.findall(path.read_text("utf-8"))
        if "migrations" not in path.parts
    ]
    assert found == ["casting_core/records/ledger.py"]


def test_whoever_signed_in_signs_whatever_name_is_given(dataset: Dataset) -> None:
    with acting_as(person(Role.MANAGER)):
        recording.record(dataset, said(dataset))
        correct.decide(dataset, Decided.TAG, [said(dataset)[0].photo], value="rust", who="Ben")
        job = control.queue().ask(Request(kind="audit", inputs={}, actor="Ben"))[0]
    assert {row.actor for row in stores.ledger().rows()} == {"ann@plant.example"}
    assert {one.who for one in stores.decision_log().all(str(dataset.root))} == {"ann@plant.example"}
    assert job.actor == "ann@plant.example"


def test_nobody_answers_in_a_study_for_another_person() -> None:
    with acting_as(person(Role.ADMINISTRATOR)), pytest.raises(RoleError, match=r"'Ben'.*'ann@plant.example'"):
        appraising.answer(NONE, turn("Ben"), Label.OK)


def test_an_inspector_stops_a_batch_and_no_training() -> None:
    batch = control.queue().ask(Request(kind="batch", inputs={}))[0]
    run = control.queue().ask(Request(kind="run", inputs={}, heavy=True))[0]
    with acting_as(person(Role.INSPECTOR)):
        control.stop(batch.id)
        with pytest.raises(RoleError, match="may not train networks; a manager may"):
            control.stop(run.id)
        with pytest.raises(RoleError):
            control.resume(run.id)
    assert control.find(run.id).state is State.WAITING


def test_where_nobody_signs_in_everybody_here_may_do_everything() -> None:
    assert roles.acting() == HERE
    assert all(roles.require(write, "Ben") == "Ben" for write in Write)


def test_a_server_that_people_sign_in_to_refuses_whoever_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Acting:
        raise RoleError("sign in first")

    monkeypatch.setattr(roles, "_usual", [lambda: HERE])
    roles.asks(nobody)
    assert refused(lambda: stores.ledger().add(Kind.BATCH, about="a", body={}, actor="Ben"))
    with acting_as(HERE):  # what the server does by itself
        stores.ledger().add(Kind.BATCH, about="a", body={}, actor="Ben")
    assert [row.kind for row in stores.ledger().rows()] == [Kind.BATCH]
