"""Kept photos go by age or size, none that is under review does, and the disk they will take is told before."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from casting_core.__main__ import main
from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.imaging.images import identity
from casting_core.domain import Label, Verdict
from casting_core.errors import SettingsError
from casting_core.jobs import control
from casting_core.jobs.work import do
from casting_core.records.chain import Kind
from casting_core.records.datasets import NamedDataset
from casting_core.settings import settings
from casting_core.workflows.datasets.opening import names_of, open_dataset
from casting_core.workflows.judging.batch import kept as batches
from casting_core.workflows.judging.batch.results import Judged as JudgedInBatch
from casting_core.workflows.keeping import photos
from casting_core.workflows.keeping.rule import Rule, set_rule
from casting_core.workflows.kinds import KINDS
from casting_core.workflows.review import judgements, opinions
from casting_core.workflows.review.opinions import PartData
from casting_core.workflows.review.recording import Judged
from casting_core.workflows.stores import ledger
from casting_core.workflows.tracing import retention, retention_job
from casting_core.workflows.tracing.retention import DAY, Review, forecast, in_words, looked_at, plan, tidy

NOW = 1_800_000_000.0
KILO = 1000


def kept(letter: str, *, days: float, size: int = KILO) -> str:
    """A photo that was kept so many days ago; its sha256."""
    content = letter.encode() * size
    assert photos.keep(content, Verdict.PASS)
    photo = identity(content)
    os.utime(settings().data_dir / "photos" / photo[:2] / photo, (NOW - days * DAY,) * 2)
    return photo


def told(photo: str, label: Label | None) -> None:
    opinions.say(photo, label, verdict=Verdict.INSPECT, model="v1", who="Ana", data=PartData())


def inspected(photo: str, verdict: Verdict) -> None:
    ledger().add(Kind.INSPECTION, about=photo, body={"verdict": verdict.value, "model": "v1"}, actor="station S1")


def names(rule: Rule) -> list[str]:
    return [one.photo for one in plan(rule, now=NOW).go]


def test_the_oldest_go_by_age_and_by_size_and_nothing_goes_without_a_limit() -> None:
    old, middle, young = (kept(letter, days=days) for letter, days in (("a", 40), ("b", 20), ("c", 3)))
    assert names(Rule()) == []
    assert names(Rule(days=30)) == [old]
    assert names(Rule(gigabytes=2 * KILO / 1e9)) == [old]
    assert names(Rule(gigabytes=1.5 * KILO / 1e9)) == [old, middle]
    assert names(Rule(days=0.5)) == [old, middle, young]


def test_a_part_to_inspect_stays_until_somebody_says_what_it_is() -> None:
    photo = kept("a", days=40)
    inspected(photo, Verdict.INSPECT)
    assert plan(Rule(days=30), now=NOW).held == {Review.INSPECT: 1}
    told(photo, None)
    assert plan(Rule(days=30), now=NOW).held == {Review.CANNOT_TELL: 1}
    told(photo, Label.OK)
    assert names(Rule(days=30)) == [photo]
    inspected(photo, Verdict.INSPECT)  # judged once more, so it waits once more
    assert names(Rule(days=30)) == []


def test_a_photo_of_the_last_shifts_stays_for_the_outgoing_audit_and_one_that_nobody_could_tell() -> None:
    young = kept("a", days=1)
    assert plan(Rule(gigabytes=1e-9), now=NOW).held == {Review.YOUNG: 1}
    assert names(Rule(gigabytes=1e-9)) == []
    old = kept("b", days=40)
    ledger().add(Kind.OUTGOING, about=old, body={"says": ""}, actor="Ana")
    assert plan(Rule(days=30), now=NOW).held == {Review.CANNOT_TELL: 1}
    ledger().add(Kind.OUTGOING, about=old, body={"says": "ok"}, actor="Ana")
    assert names(Rule(days=30)) == [old]
    assert photos.is_kept(young)


def test_a_photo_put_back_for_another_look_stays(sample_folder: Path) -> None:
    named = NamedDataset(name="castings", folder=str(sample_folder), rule=names_of(ClassRule()))
    opened = open_dataset(named.folder)
    row = opened.usable.iloc[0]
    content = (opened.root / row["path"]).read_bytes()
    photos.keep(content, Verdict.REJECT)
    photo = str(row["photo"])
    os.utime(settings().data_dir / "photos" / photo[:2] / photo, (NOW - 40 * DAY,) * 2)
    judgements.judge(opened, photo, Judged.LOOK_AGAIN, model="v1", score=0.4, who="Ana", note="too dark")
    assert plan(Rule(days=30), now=NOW).held == {Review.LOOK_AGAIN: 1}
    judgements.judge(opened, photo, Judged.LABEL_RIGHT, model="v1", score=0.4, who="Ana")
    assert names(Rule(days=30)) == [photo]


def test_a_batch_that_nobody_has_looked_at_keeps_its_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    photo, mark = kept("a", days=40), "0" * 12
    judged = JudgedInBatch(
        number=0, path="a.jpeg", sha256=photo, score=0.1, verdict=Verdict.PASS, reason="", kind="", note=""
    )
    monkeypatch.setattr(batches, "results_of", lambda of: [judged] if of == mark else [])
    ledger().add(Kind.BATCH, about=mark, body={"name": "shift", "model": "v1", "photos": 1}, actor="Ana")
    assert plan(Rule(days=30), now=NOW).held == {Review.BATCH: 1}
    with pytest.raises(SettingsError, match="say who"):
        looked_at(mark, actor="")
    assert not retention.was_looked_at(mark)
    looked_at(mark, actor="Ana")
    assert retention.was_looked_at(mark)
    assert names(Rule(days=30)) == [photo]


def test_what_is_under_review_may_leave_more_than_the_limit_and_that_is_said() -> None:
    held, free = kept("a", days=40, size=3 * KILO), kept("b", days=20)
    inspected(held, Verdict.INSPECT)
    found = plan(Rule(gigabytes=1 * KILO / 1e9), now=NOW)
    assert [one.photo for one in found.go] == [free]
    assert found.over == 2 * KILO
    assert any("under review" in one for one in in_words(found))


def test_what_goes_is_on_record_before_it_goes() -> None:
    old, young = kept("a", days=400), kept("b", days=1)
    set_rule(Rule(days=30), actor="Ana")
    with pytest.raises(SettingsError, match="say who"):
        tidy(actor="")
    found = tidy(actor="Ana")
    assert {old} <= {one.photo for one in found.go}
    row = ledger().rows(kinds=[Kind.KEEPING], newest=1)[0]
    assert (row.actor, row.values["removed"]) == ("Ana", len(found.go))
    assert not photos.is_kept(old)
    assert len(tidy(actor="Ana").go) == 0
    assert photos.is_kept(young) is (young not in {one.photo for one in found.go})


def test_the_forecast_counts_the_photos_of_the_last_days() -> None:
    assert "No photo was kept" in forecast(now=NOW).words
    for number in range(20):
        kept(chr(ord("a") + number), days=number / 2, size=10 * KILO)
    found = forecast(now=NOW)
    assert found.photos_a_day == pytest.approx(20 / 9.5)
    assert found.bytes_a_day == pytest.approx(200 * KILO / 9.5)
    assert found.in_a_year == pytest.approx(200 * KILO + 365 * 200 * KILO / 9.5)
    assert found.full_in == pytest.approx(found.free / found.bytes_a_day)
    assert "is full in about" in found.words
    set_rule(Rule(days=10), actor="Ana")
    level = forecast(now=NOW)
    assert level.in_a_year == pytest.approx(10 * level.bytes_a_day)
    assert level.full_in is None
    assert "which is enough" in level.words


def test_a_job_is_asked_for_once_a_day_and_only_where_a_limit_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = control.ask_here
    monkeypatch.setattr(control, "ask", lambda request, once: asked(request) if once else None)
    assert retention_job.start_if_due() is None
    old = kept("a", days=400)
    set_rule(Rule(days=30), actor="Ana")
    job = retention_job.start_if_due()
    assert job is not None
    do(job.id, KINDS)
    assert not photos.is_kept(old)
    assert ledger().rows(kinds=[Kind.KEEPING], newest=1)[0].actor == retention.TIDIER
    assert retention_job.start_if_due() is None
    assert retention_job.start_if_due(now=job.asked + 2 * DAY) is not None


def test_the_command_shows_sets_and_runs() -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, ["retention", *arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    old = kept("a", days=400)
    assert "The photo of every verdict is kept." in run("show")
    said = run("set", "--keep", "not passed", "--days", "30", "--who", "Ana")
    assert said == "Photos of parts that did not pass are kept, for 30 days.\n"
    assert json.loads(run("show", "--json"))["go"] == 1
    assert "1 photo removed" in run("run", "--who", "Ana")
    assert not photos.is_kept(old)
    assert "for 30 days" not in run("set", "--days", "none", "--who", "Ana")
    wrong = CliRunner().invoke(main, ["retention", "set", "--days", "soon"])
    assert wrong.exit_code == 2
    assert "a number, or 'none'" in wrong.stderr
