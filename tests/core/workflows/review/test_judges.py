"""Twenty people judge at once, on SQLite and on PostgreSQL: each judgement is there once, and in order."""

from itertools import count
from pathlib import Path

import pytest

from casting_core.records.database.access import connect
from casting_core.settings import settings
from tests.bench import judges


def test_twenty_people_who_judge_at_once_leave_each_judgement_once_and_in_order(
    url: str, sample_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``python -m tests.bench.judges`` does the same for a minute and from several processes."""
    monkeypatch.setenv("CASTING_DATABASE_URL", url)
    monkeypatch.setattr(judges, "LONGEST", 0.0)
    settings.cache_clear()
    messages = count()
    judges.judge(sample_folder, range(judges.PEOPLE), lambda: next(messages) < 3 * judges.PEOPLE)
    number, wrong = judges.wrong()
    assert wrong == []
    assert number == 3 * judges.PEOPLE * judges.AT_ONCE
    connect(url).dispose()
    settings.cache_clear()
