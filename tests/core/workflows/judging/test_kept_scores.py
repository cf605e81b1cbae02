"""What a version said of photos is kept: each is scored once, and a file that is damaged is as good as none."""

from pathlib import Path

import pandas as pd
import pytest

from casting_core.settings import settings
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.evaluate import score_table
from casting_core.workflows.judging.measuring import kept_scores
from casting_core.workflows.judging.model import Model, load_model


@pytest.fixture
def scored_now(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many photos were scored, each time that some were."""
    counted: list[int] = []

    def score(scorer: object, photos: pd.DataFrame, **more: object) -> pd.DataFrame:
        counted.append(len(photos))
        return score_table(scorer, photos, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(kept_scores, "score_table", score)
    return counted


@pytest.fixture
def starter() -> Model:
    return load_model("starter")


def test_each_photo_is_scored_once_before_and_after_a_restart(
    sample_folder: Path, starter: Model, scored_now: list[int]
) -> None:
    photos = open_dataset(sample_folder).part("test")
    first = kept_scores.scored(starter, photos.head(4))
    whole = kept_scores.scored(starter, photos.head(6))  # nothing of it in memory: as after a restart
    assert scored_now == [4, 2]
    plain = score_table(starter.scorer, photos.head(6), kinds=starter.kinds)
    pd.testing.assert_frame_equal(whole, plain, check_dtype=False, check_exact=False, atol=1e-5)
    assert first["score"].tolist() == whole["score"].head(4).tolist()
    assert kept_scores.scored(starter, photos.head(0)).empty
    assert scored_now == [4, 2]


@pytest.mark.parametrize("content", [b"", b"nonsense", None])
def test_a_damaged_file_is_as_good_as_none(
    sample_folder: Path, starter: Model, scored_now: list[int], content: bytes | None
) -> None:
    photos = open_dataset(sample_folder).part("test").head(3)
    kept_scores.scored(starter, photos)
    (place,) = settings().cache_dir.glob("scores-*.npz")
    place.write_bytes(place.read_bytes()[:200] if content is None else content)
    assert len(kept_scores.scored(starter, photos)) == 3
    assert scored_now == [3, 3]
