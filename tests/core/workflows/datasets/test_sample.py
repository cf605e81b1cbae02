"""What there is in an installation, and that the sample is drawn once."""

from pathlib import Path

import pytest

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.domain import Label
from casting_core.errors import SettingsError
from casting_core.settings import settings
from casting_core.workflows.datasets import sample
from casting_core.workflows.datasets.opening import names_of, rule_of
from casting_core.workflows.datasets.sample import SAMPLE, ensure_sample
from casting_core.workflows.stores import dataset_book


def test_the_sample_is_drawn_once_and_known_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Path] = []

    def draw(folder: Path, **_: object) -> int:
        folder.mkdir(parents=True)
        drawn.append(folder)
        return 0

    monkeypatch.setattr(sample, "write_sample", draw)
    assert ensure_sample() == ensure_sample() == dataset_book().find(SAMPLE)
    assert drawn == [settings().sample_dir]
    assert len(dataset_book().all()) == 1


def test_a_rule_comes_back_from_its_names() -> None:
    rule = ClassRule().assign("Blow Holes", Label.DEFECTIVE).assign("good", None)
    assert rule_of(names_of(rule)) == rule


@pytest.mark.parametrize("value", ["0", "-5", "much"])
def test_an_impossible_setting_is_said_with_its_name(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("CASTING_MAX_PHOTO_BYTES", value)
    settings.cache_clear()
    with pytest.raises(SettingsError, match=f"CASTING_MAX_PHOTO_BYTES='{value}' will not do"):
        settings()
    monkeypatch.delenv("CASTING_MAX_PHOTO_BYTES")
