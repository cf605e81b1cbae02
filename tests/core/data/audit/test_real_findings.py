"""The real photos, with the castings that are known of them: what an audit must say of the public data."""

from pathlib import Path

import pandas as pd
import pytest

from casting_core.data.audit import copies, light, odd, proof
from casting_core.data.audit.finding import Severity
from casting_core.data.audit.looks import look_at
from casting_core.data.audit.questions import different
from casting_core.data.datasets.pixel_cache import PixelCache
from casting_core.data.datasets.scan import scan

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "casting_data"

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def photos(cache: Path) -> pd.DataFrame:
    if not (FOLDER / "source_castings.csv").is_file():
        pytest.skip(f"the real photos and their table of castings are not in {FOLDER}")
    known = pd.read_csv(FOLDER / "source_castings.csv").set_index("path")["source_casting"]
    usable = scan(FOLDER, cache_dir=cache).usable
    return usable.assign(casting=usable["path"].map(known))


def test_only_a_handful_of_test_photos_show_a_casting_that_is_new(photos: pd.DataFrame) -> None:
    finding = copies.across_splits(photos)
    assert finding.title == "Only 4 of 552 test photos show a casting that is not in train."
    assert len(finding.photos) == 548
    assert finding.severity is Severity.SERIOUS


def test_46_photos_lie_in_both_splits_and_one_casting_has_two_labels(photos: pd.DataFrame) -> None:
    assert copies.identical_across_splits(photos).figures["photos"] == 46
    both_ways = copies.labelled_both_ways(photos)
    assert (both_ways.figures["castings"], both_ways.figures["ok_photos"]) == (1, 127)
    assert proof.escapes(photos).figures["left_out_as_doubtful"] == 1


def test_light_gives_the_label_away_and_no_photo_is_odd(photos: pd.DataFrame, cache: Path) -> None:
    once = different(photos)
    looks = look_at(list(once["photo"]), PixelCache(cache), report=lambda _done, _total: None)
    for finding in (light.brightness(once, looks), light.background(once, looks)):
        assert finding.severity is Severity.SERIOUS
        assert 0.65 <= finding.figures["auc"] <= 0.9
    for finding in (odd.blur(once, looks), odd.exposure(once, looks), odd.foreign(once, looks), odd.sizes(once)):
        assert finding.severity is Severity.FINE
