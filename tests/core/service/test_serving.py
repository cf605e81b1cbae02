"""The service in a process of its own: a photo in, one answer out that is on record; never a pass without a verdict."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import count, islice
from pathlib import Path

import pytest

from casting_core.domain import Label
from casting_core.records.chain import Entry, Kind
from casting_core.workflows.challenge import sets
from casting_core.workflows.challenge.proposing import Candidate
from casting_core.workflows.challenge.standing import Challenges, clear
from casting_core.workflows.judging.shadow import version as shadow
from casting_core.workflows.stations.tokens import Scope
from casting_core.workflows.stores import ledger
from docs.station.line_controller import Code, LineController, Signals
from docs.station.station_client import StationClient
from tests.conftest import installation
from tests.core.service.serving import STATION, URL, Service, photo, serving
from tests.core.workflows.stations.test_judge import copy_of_starter
from tests.patience import PATIENCE, until

MOST = 200_000  # bytes of a photo here
AT_ONCE = 3  # photos of one station here
SOUND, FLAWED = photo(1), photo(2, Label.DEFECTIVE)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(
        tmp_path_factory.mktemp("service"), CASTING_STATION_PHOTO_BYTES=str(MOST), CASTING_STATION_AT_ONCE=str(AT_ONCE)
    ) as found:
        yield found


def test_an_answer_has_the_names_of_opc_40100(service: Service) -> None:
    told = service.ask(FLAWED, request_id="names", part_id="P 7/", job_id="J1").told
    assert {"ResultId", "PartId", "JobId", "RecipeId", "ResultState", "ProcessingTimes"} <= set(told)
    assert (told["PartId"], told["JobId"], told["ResultState"]) == ("P 7/", "J1", 1)
    assert told["RecipeId"]["Id"] == "starter"
    content = told["ResultContent"]
    assert content["Verdict"] == "reject"
    assert content["Score"] >= content["Threshold"]
    assert 0 < content["EvidencePlace"]["X"] < 300


def test_a_sound_casting_passes_and_stands_on_record(service: Service) -> None:
    assert service.ask(SOUND, request_id="sound").verdict == "pass"
    row = service.rows()[0]
    assert (row.actor, row.values["request"], row.values["verdict"]) == (f"station {STATION}", "sound", "pass")
    assert len(row.values["graph"]) == 64


def test_the_same_id_gets_the_same_answer_once_on_record(service: Service) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:  # at the same moment
        answers = list(pool.map(lambda _: service.ask(FLAWED, request_id="same").body, range(AT_ONCE)))
    answers.append(service.ask(FLAWED, request_id="same").body)
    assert len(set(answers)) == 1
    assert [row.values["request"] for row in service.rows()].count("same") == 1


@pytest.mark.parametrize("other", [{"part_id": "P2"}, {"job_id": "J2"}, {"content": SOUND}])
def test_an_id_that_was_used_for_something_else_is_refused(service: Service, other: dict[str, object]) -> None:
    first = service.ask(FLAWED, request_id="other").body
    content = other.get("content", FLAWED)
    assert isinstance(content, bytes)
    rest = {name: value for name, value in other.items() if name != "content"}
    assert service.ask(content, request_id="other", **rest).status == 409  # type: ignore[arg-type]
    assert service.ask(FLAWED, request_id="other").body == first


def test_only_a_station_with_its_token_is_answered(service: Service) -> None:
    assert service.send("POST", f"{URL}?station=S1", SOUND, {}).status == 401
    assert service.ask(SOUND, request_id="t1", token="casting_wrong").status == 401
    assert service.ask(SOUND, request_id="t1", station="S2").status == 403
    lost = service.add("S3")
    assert service.ask(SOUND, request_id="t1", station="S3", token=lost).verdict == "pass"
    service.revoke("S3")
    assert service.ask(SOUND, request_id="t1", station="S3", token=lost).status == 401


def test_what_is_no_photo_is_for_a_person_to_look_at(service: Service) -> None:
    got = service.ask(b"%PDF-1.7 no photo", request_id="pdf")
    assert got.verdict == "inspect"
    assert "PDF" in got.told["ResultContent"]["Reason"]
    assert got.told["ResultState"] == 4
    assert service.ask(b"", request_id="empty").verdict == "inspect"


def test_a_photo_that_is_too_large_is_refused_before_and_while_it_comes_in(service: Service) -> None:
    head = {"Authorization": f"Bearer {service.token}", "Content-Type": "image/jpeg"}
    path = f"{URL}?station=S1&part_id=P1&request_id=large"
    assert service.send("POST", path, b"", head | {"Content-Length": str(MOST + 1)}).status == 413
    assert service.send("POST", path, iter([b"x" * 50_000] * 5), head).status == 413  # in pieces, of a length not told


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"request_id": "a b"}, 422),
        ({"request_id": ""}, 422),
        ({"request_id": "q", "part_id": "line\nbreak"}, 422),
        ({"request_id": "q", "deadline_ms": 1}, 422),
        ({"request_id": "q", "kind": "text/plain"}, 415),
    ],
)
def test_what_is_not_as_it_must_be_is_refused_in_a_sentence(
    service: Service, query: dict[str, object], status: int
) -> None:
    got = service.ask(SOUND, **query)  # type: ignore[arg-type]
    assert got.status == status
    assert got.told["detail"]


def test_strangers_are_refused_and_every_answer_forbids_scripts(service: Service) -> None:
    assert service.get("/health", Host="evil.example").status == 403
    assert service.get("/health", Origin="https://evil.example").status == 403
    for path in ("/health", "/", "/docs"):
        headers = service.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "access-control-allow-origin" not in headers


def test_the_schema_is_told_without_anything_from_elsewhere(service: Service) -> None:
    page = service.get("/").body.decode()
    assert "request_id" in page
    assert "ProcessingTimes" in page
    assert "<script" not in page
    assert "://" not in page
    told = service.get("/openapi.json").told
    assert set(told["paths"]) == {URL, "/health", "/ready", "/metrics"}
    assert {"200", "401", "409", "413", "429", "503"} <= set(told["paths"][URL]["post"]["responses"])
    assert service.get("/docs").status == 404


def test_figures_are_told_to_whoever_may_read_them(service: Service) -> None:
    service.ask(SOUND, request_id="counted")
    assert service.get("/metrics", Authorization=f"Bearer {service.token}").status == 401
    token = service.add("prometheus", scope=Scope.METRICS)
    text = service.get("/metrics", Authorization=f"Bearer {token}").body.decode()
    assert 'casting_answers_total{station="S1",verdict="pass"}' in text
    assert "casting_ready 1.0" in text


@pytest.mark.skipif(os.name != "posix", reason="processes are stopped by a signal")
def test_a_judge_that_stands_still_lets_nothing_pass_and_is_replaced(service: Service) -> None:
    (judge,) = service.judges()
    judge.suspend()
    got = service.ask(SOUND, request_id="stopped", deadline_ms=500)
    assert got.verdict == "inspect"
    assert "not judged within 500 ms" in got.told["ResultContent"]["Reason"]
    judge.kill()
    until(lambda: service.ask(SOUND, request_id=f"again-{os.urandom(8).hex()}").verdict == "pass")
    assert service.ask(SOUND, request_id="stopped").body == got.body  # it stays what the line was told


@pytest.mark.skipif(os.name != "posix", reason="processes are stopped by a signal")
def test_a_flood_is_refused_and_what_was_taken_is_answered(service: Service) -> None:
    (judge,) = service.judges()
    judge.suspend()
    refused, more = [], 4  # than one station may have waiting
    with ThreadPoolExecutor(AT_ONCE + more) as pool:
        asked = [pool.submit(service.ask, SOUND, request_id=f"flood-{one}") for one in range(AT_ONCE + more)]
        for one in islice(as_completed(asked), more):
            refused.append(one.result())
        judge.resume()
        answered = [one.result() for one in asked if one.result() not in refused]
    assert [(one.status, one.headers["retry-after"]) for one in refused] == [(429, "1")] * more
    assert [one.status for one in answered] == [200] * AT_ONCE


def test_a_line_takes_no_answer_for_a_reject(service: Service) -> None:
    client = StationClient(f"http://127.0.0.1:{service.port}", station=STATION, token=service.token)
    seen: list[Signals] = []
    line = LineController(
        lambda content, part, seconds: client.ask(content, part=part, seconds=seconds),
        deadline=PATIENCE,
        watch=seen.append,
    )
    assert line.trigger("P1", SOUND) == Signals(result_valid=True, passed=True, code=Code.PASS, counter=1)
    line.acknowledge()
    assert line.trigger("P2", FLAWED) == Signals(result_valid=True, code=Code.REJECT, counter=2)
    assert line.trigger("P3", b"no photo").code is Code.INSPECT
    assert not any(one.busy and one.result_valid for one in seen)
    nobody = StationClient("http://127.0.0.1:9", station=STATION, token="")
    alone = LineController(lambda content, part, _: nobody.ask(content, part=part, seconds=0.3), deadline=PATIENCE)
    assert alone.trigger("P1", SOUND) == Signals(result_valid=True, code=Code.NO_ANSWER, counter=1)
    client.close()


@pytest.fixture
def challenging(service: Service) -> Iterator[Service]:
    """With a sound and a flawed casting as challenge parts."""
    parts = [
        Candidate(photo=one * 64, label=label, score=0.5, margin=0.1, role="borderline")
        for one, label in (("a", Label.OK), ("b", Label.DEFECTIVE))
    ]
    with installation(service.folder):
        chosen = sets.choose(parts, shifts=("06:00",), dataset="drawn", model="starter", actor="Ann", reason="")
    yield service
    with installation(service.folder):
        sets.end(chosen.name, actor="Ann", reason="the test is over")


def test_a_station_passes_nothing_until_its_challenge_is_met_and_a_miss_takes_a_person(challenging: Service) -> None:
    service = challenging
    client = StationClient(f"http://127.0.0.1:{service.port}", station=STATION, token=service.token)
    line = LineController(lambda content, part, _seconds: client.ask(content, part=part), deadline=PATIENCE)
    until(lambda: line.trigger("P0", SOUND).code is Code.BLOCKED)  # a moment after the parts were chosen
    codes = [
        line.trigger(part, content).code
        for part, content in (
            ("P1", SOUND),
            ("CHALLENGE-1", photo(3)),
            ("CHALLENGE-2", photo(4, Label.DEFECTIVE)),
            ("P2", SOUND),
            ("CHALLENGE-2", photo(5)),  # what is called defective passes
            ("P3", SOUND),
        )
    ]
    assert codes == [Code.BLOCKED, Code.CHALLENGE, Code.CHALLENGE, Code.PASS, Code.CHALLENGE, Code.BLOCKED]
    got = service.ask(SOUND, request_id="blocked", part_id="P4")
    content = got.told["ResultContent"]
    assert (got.verdict, content["Challenge"]) == ("inspect", "missed")
    assert "CHALLENGE-2 (defective)" in content["Reason"]
    with installation(service.folder):
        clear(Challenges(), STATION, actor="Ann", reason="another part lay there")
        ledger().verify()
    until(lambda: service.ask(SOUND, request_id=f"cleared-{os.urandom(8).hex()}", part_id="P5").verdict == "pass")
    assert service.ask(SOUND, request_id="blocked", part_id="P4").body == got.body
    client.close()


def test_the_version_in_shadow_judges_after_the_answer_and_is_never_seen(service: Service) -> None:
    with installation(service.folder):
        copy_of_starter("v1")
        shadow.begin("v1", actor="Ann", reason="to see")
    numbers = (f"shadow-{number}" for number in count())

    def seen() -> list[Entry]:
        told = service.ask(FLAWED, request_id=next(numbers)).told
        assert told["RecipeId"]["Id"] == "starter"
        with installation(service.folder):
            return list(ledger().rows(kinds=[Kind.SHADOW_VERDICT], newest=1))

    until(seen)
    row = seen()[0]
    assert (row.values["model"], row.values["verdict"], row.actor) == ("v1", "reject", f"station {STATION}")
    assert (row.values["beside"]["model"], row.values["beside"]["verdict"]) == ("starter", "reject")
    with installation(service.folder):
        assert row.about == service.rows()[0].about, "it is the same photo"
        shadow.end("v1", actor="Ann", reason="seen")
    until(lambda: len(service.judges()) == 1)


def test_the_same_id_gets_the_same_answer_after_kill_9(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        first = service.ask(SOUND, request_id="before")
        assert first.verdict == "pass"
        service.end(signal.SIGKILL)
        service.begin()
        assert service.ask(SOUND, request_id="before").body == first.body
        assert len(service.rows()) == 1


def test_a_version_that_is_gone_lets_nothing_pass_and_the_next_one_is_taken_up(service: Service) -> None:
    assert service.ask(SOUND, request_id="r1").verdict == "pass"
    models = service.folder / "model"
    models.mkdir(exist_ok=True)
    (models / "production").write_text("v9\n")
    got = service.ask(SOUND, request_id="r2")
    assert got.verdict == "inspect"
    assert "no model 'v9'" in got.told["ResultContent"]["Reason"]
    until(lambda: service.get("/ready").status == 503)
    assert service.ask(SOUND, request_id="r1").verdict == "pass"  # it was judged before
    (models / "production").unlink()
    assert service.ask(SOUND, request_id="r3").verdict == "pass"
    until(lambda: service.get("/ready").status == 200)
