"""Twenty people who judge at once, on SQLite and on PostgreSQL: ``python -m tests.bench.judges``.

They are spread over several processes, as over several servers. Each sends a few judgements at a time, every third
time twice, as a browser does that had no answer. Afterwards each must be in the ledger once, those of a person
in the order in which they were said, and the chain whole. Exit codes: 0 when all of that holds, 1 when not, 2 where
there is no PostgreSQL.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import create_engine, text

PEOPLE, PROCESSES = 20, 4
AT_ONCE = 3  # judgements of one message
LONGEST = 0.2  # seconds between two messages of a person, at most


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(min=1), help="How long they judge.")
@click.option("--part", nargs=3, hidden=True, help="Folder, first person and number of people: one of the processes.")
def main(seconds: float, part: tuple[str, str, str] | None) -> None:
    """Let twenty people judge at once, and look whether each judgement is there once and in order."""
    if part is not None:
        folder, first, number = part
        end = time.monotonic() + seconds
        judge(Path(folder), range(int(first), int(first) + int(number)), lambda: time.monotonic() < end)
        return
    from tests.core import postgresql

    if reason := postgresql.missing():
        click.echo(reason, err=True)
    whole = _on("SQLite", lambda room: f"sqlite:///{(room / 'casting.sqlite').as_posix()}", seconds)
    if not reason:
        with postgresql.served() as address:
            _create(address)
            whole &= _on("PostgreSQL", lambda _room: address.format("judges"), seconds)
    sys.exit(2 if reason else 0 if whole else 1)


def judge(folder: Path, people: range, go_on: Callable[[], bool]) -> None:
    """These people judge the photos of a dataset, each in a thread, for as long as they are let."""
    from casting_core.domain import Label
    from casting_core.workflows.datasets.opening import open_dataset
    from casting_core.workflows.review.judgements import Judged, Said, record

    dataset = open_dataset(folder)
    photos = dataset.usable["photo"].tolist()
    failed: list[BaseException] = []

    def work(person: int) -> None:
        number = 0
        try:
            while go_on():
                said = [
                    Said(
                        id=f"{person:02d}-{at:08d}",
                        photo=photos[(7 * person + at) % len(photos)],
                        judged=Judged.LABEL_RIGHT if at % 5 else Judged.LABEL_WRONG,
                        label=Label(at % 2).word,
                        who=f"person {person}",
                    )
                    for at in range(number, number + AT_ONCE)
                ]
                for _ in range(2 if number // AT_ONCE % 3 == 0 else 1):
                    assert record(dataset, said).written == tuple(one.id for one in said)
                number += AT_ONCE
                time.sleep(LONGEST * ((person * 31 + number) % 10) / 10)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if failed:
        raise failed[0]


def wrong() -> tuple[int, list[str]]:
    """How many judgements there are in this installation, and what is not as it should be with them."""
    from casting_core.records.chain import Kind
    from casting_core.workflows import stores

    ids: dict[str, list[str]] = defaultdict(list)
    for row in stores.ledger().walk(kinds=[Kind.JUDGEMENT]):
        ids[row.actor].append(str(row.values["id"]))
    found = [f"{who}: twice" for who, said in ids.items() if len(set(said)) < len(said)]
    for who, said in ids.items():
        numbers = [int(one.split("-")[1]) for one in said]
        if numbers != list(range(len(numbers))):
            found.append(f"{who}: not in order, or some are missing")
    stores.ledger().verify()
    return sum(map(len, ids.values())), found


def _on(name: str, address: Callable[[Path], str], seconds: float) -> bool:
    """Lets them judge on one database; whether all was well."""
    from casting_core.data.drawing.synthetic import write_sample

    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as passing:
        room = Path(passing)
        with _installation(room, address(room)) as environment:
            write_sample(room / "drawn", castings=10, copies=1)
            each = PEOPLE // PROCESSES
            command = [sys.executable, "-m", "tests.bench.judges", "--seconds", str(seconds), "--part"]
            parts = [
                subprocess.Popen([*command, str(room / "drawn"), str(first), str(each)], env=environment)
                for first in range(0, PEOPLE, each)
            ]
            ended = [one.wait() for one in parts]
            number, found = wrong()
    found += [f"a process ended with {code}" for code in ended if code]
    click.echo(
        f"{name}: {PEOPLE} people, {seconds:g} s, {number:,} judgements, {'; '.join(found) or 'each once, in order'}"
    )
    return not found and number > 0


@contextmanager
def _installation(room: Path, address: str) -> Iterator[dict[str, str]]:
    from casting_core.records.database.access import connect
    from casting_core.settings import settings

    here = {"CASTING_DATA_DIR": str(room), "CASTING_DATABASE_URL": address}
    os.environ |= here
    settings.cache_clear()
    try:
        yield dict(os.environ)
    finally:
        connect(address).dispose()


def _create(address: str) -> None:
    server = create_engine(address.format("postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE judges"))
    server.dispose()


if __name__ == "__main__":
    main()
