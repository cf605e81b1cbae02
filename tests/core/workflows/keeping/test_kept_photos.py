"""The photo of every verdict is kept as the rule says: of page, batch, watched folder and service alike."""

import asyncio
from concurrent.futures import Future
from pathlib import Path

import pytest

from casting_core.data.imaging.images import identity
from casting_core.domain import Verdict
from casting_core.errors import CastingError, SettingsError
from casting_core.records.chain import Kind
from casting_core.service.desk import Deadline, Desk
from casting_core.settings import settings
from casting_core.workflows.datasets.import_job import Form, Found
from casting_core.workflows.judging import recorded
from casting_core.workflows.judging.batch import batch_job, kept, looking
from casting_core.workflows.judging.batch.batch_job import Asked as AskedBatch
from casting_core.workflows.judging.batch.watch import Watching, watch
from casting_core.workflows.judging.inspect import judge
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.judging.recorded import Said
from casting_core.workflows.keeping import photos
from casting_core.workflows.keeping.rule import Keep, Rule, rule, set_rule
from casting_core.workflows.stations.asked import Asked
from casting_core.workflows.stations.book import Book
from casting_core.workflows.stores import ledger
from tests.coroutines import run
from tests.patience import PATIENCE

PHOTO = b"a photo"


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model("starter")


@pytest.fixture
def some(sample_folder: Path) -> list[bytes]:
    """Photos of three drawn castings."""
    return [path.read_bytes() for path in sorted((sample_folder / "test").rglob("*.jpeg"))[:6:2]]


@pytest.mark.parametrize(
    ("which", "verdicts"),
    [
        (Keep.ALL, [Verdict.PASS, Verdict.REJECT, Verdict.INSPECT, None]),
        (Keep.NOT_PASSED, [Verdict.REJECT, Verdict.INSPECT, None]),
        (Keep.NONE, []),
    ],
)
def test_what_the_rule_wants_is_kept_and_nothing_else(which: Keep, verdicts: list[Verdict | None]) -> None:
    set_rule(Rule(keep=which), actor="Ana")
    for verdict in (*Verdict, None):
        content = f"photo with {verdict}".encode()
        assert photos.keep(content, verdict) is (verdict in verdicts)
        assert photos.find(identity(content)) == (content if verdict in verdicts else None)


def test_a_rule_is_on_record_with_who_made_it() -> None:
    assert rule() == Rule()
    set_rule(Rule(keep=Keep.NOT_PASSED, days=365, gigabytes=20), actor="Ana")
    assert rule() == Rule(keep=Keep.NOT_PASSED, days=365, gigabytes=20)
    (row,) = ledger().rows(kinds=[Kind.KEEPING])
    assert (row.actor, row.values) == ("Ana", {"keep": "not passed", "days": 365, "gigabytes": 20})
    with pytest.raises(SettingsError, match="say who"):
        set_rule(Rule(), actor=" ")
    with pytest.raises(SettingsError, match="0 days will not do"):
        Rule(days=0)
    (settings().data_dir / "photos" / "rule.json").write_text("{")
    with pytest.raises(CastingError, match="cannot be read"):
        rule()


def test_a_photo_that_was_torn_is_not_shown_and_is_kept_anew_with_the_next_verdict() -> None:
    assert photos.keep(PHOTO, Verdict.PASS)
    (place,) = (settings().data_dir / "photos").glob(f"??/{identity(PHOTO)}")
    place.write_bytes(b"a ph")
    assert photos.find(identity(PHOTO)) is None
    assert photos.keep(PHOTO, Verdict.PASS)
    assert photos.find(identity(PHOTO)) == PHOTO
    assert [one.photo for one in photos.kept()] == [identity(PHOTO)]


def test_what_no_version_has_read_is_kept_apart_until_one_has() -> None:
    assert photos.keep(PHOTO, Verdict.INSPECT, read=False)
    photo = identity(PHOTO)
    assert (photos.find(photo), photos.find_unread(photo)) == (None, PHOTO)
    assert ([one.read for one in photos.kept()], photos.readable(), photos.is_kept(photo)) == ([False], [], False)
    assert photos.keep(PHOTO, Verdict.PASS)
    assert (photos.find(photo), photos.find_unread(photo)) == (PHOTO, None)
    assert photos.keep(PHOTO, Verdict.INSPECT, read=False)
    assert (photos.readable(), len(list(photos.kept()))) == ([photo], 1)
    photos.remove(photo)
    photos.keep(PHOTO, Verdict.INSPECT, read=False)
    photos.remove(photo)
    assert list(photos.kept()) == []


@pytest.mark.parametrize("name", ["", "../rule.json", "a" * 63, f"{'a' * 64}\n", "A" * 64])
def test_only_a_sum_names_a_photo(name: str) -> None:
    assert photos.find(name) is None
    photos.remove(name)


def test_a_disk_that_takes_no_photo_takes_no_verdict_away(
    some: list[bytes], model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    (settings().data_dir / "photos").write_bytes(b"no folder")
    finding = judge(some[0], model)
    assert recorded.record(finding, model, content=some[0], file="a.jpeg", actor="Ana").about == finding.sha256
    assert "is not kept" in caplog.text


def test_page_batch_watched_folder_and_service_keep_photos_alike(
    some: list[bytes], model: Model, tmp_path: Path
) -> None:
    page, batch, watched = some
    recorded.record(judge(page, model), model, content=page, file="a.jpeg", actor="Ana")
    for name, content in (("batch", batch), ("watched", watched)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.jpeg").write_bytes(content)
        (tmp_path / name / "letter.jpeg").write_bytes(b"Dear foundry")
    found = Found(form=Form.FOLDER, path=tmp_path / "batch")
    job = batch_job.judge_here(AskedBatch(found=found, name="batch", model="starter", actor="Ana"))
    looks = iter([False] * 9)
    told = watch(
        Watching(folder=tmp_path / "watched", model=model, still=0.0, every=0.0),
        should_stop=lambda: next(looks, True),
        sleep=lambda _seconds: None,
    )
    assert [one.path for one in told] == ["a.jpeg"]  # the letter is waited for: it may be half written
    asked_of_service(PHOTO)
    kept_now = {one.photo for one in photos.kept()}
    assert kept_now == {identity(one) for one in (page, batch, watched, PHOTO)}

    (tmp_path / "batch" / "a.jpeg").unlink()
    looked = kept.find(batch_job.mark_of(job))
    judged = [one for one in kept.results_of(looked.mark) if one.verdict is not None]
    assert [one.content for one in looking.photos(looked, judged)] == [batch]


class Passing:
    """Says that every part passes."""

    def judge(self, _photo: bytes, *, until: float) -> Future[Said]:
        assert until > 0
        said: Future[Said] = Future()
        said.set_result(Said(photo="", model="v1", threshold=0.5, score=0.1, verdict=Verdict.PASS.value))
        return said


def asked_of_service(photo: bytes) -> None:
    """As a station that has a photo judged."""
    asked = Asked(station="S1", request="r1", part="P1", job="", photo=identity(photo), started=1)

    async def answered() -> None:
        desk = Desk(Passing(), Book(days=1))  # type: ignore[arg-type]
        await desk.answer(asked, photo, Deadline(begun=asyncio.get_running_loop().time(), seconds=PATIENCE))
        await asyncio.to_thread(desk.close)

    run(answered())
