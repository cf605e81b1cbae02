"""What the benchmarks measure in a real browser, on little; how quick it is there is for a quiet machine to say."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from casting_core.data.drawing.synthetic import write_sample
from tests.bench import first_point, scale, start

pytestmark = pytest.mark.long


@pytest.fixture
def little(tmp_path: Path) -> Path:
    """A folder for a dashboard whose sample is of twenty castings, and was drawn before."""
    write_sample(tmp_path / "dashboard" / "data" / "sample", castings=20, copies=2, seed=1)
    return tmp_path / "dashboard"


def test_the_first_page_is_timed(browser: Browser, little: Path) -> None:
    found = start.measure(little, browser, starts=1)
    assert found.starts == 1
    assert 0 < found.seconds.least == found.seconds.median == found.seconds.most
    assert [bar.name for bar in found.bars] == ["first page on screen"]


def test_the_way_from_start_to_the_first_point_of_a_curve_is_timed(browser: Browser, little: Path) -> None:
    found = first_point.measure(little, browser, network="Classic")
    assert found.network == "Classic"
    assert found.seconds > 0
    (bar,) = found.bars
    assert (bar.name, bar.value, bar.upper) == ("from Start to the first point of a curve", found.seconds, True)


def test_many_photos_are_scanned_and_walked_through(browser: Browser, tmp_path: Path) -> None:
    found = scale.measure(tmp_path, browser, photos=300, turns=1)
    assert (found.first.photos, found.again.opened) == (found.photos, 0) == (300, 0)
    assert len(found.walked.clicks) == 9
    assert all(click.milliseconds > 0 for click in found.walked.clicks)
    assert [len(found.bars(many=many)) for many in (False, True)] == [1, 5]
