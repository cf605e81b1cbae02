"""What there is in an installation, and that the sample is drawn once."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.drawing import synthetic
from casting_core.data.drawing.synthetic import read_castings, write_sample
from casting_core.domain import Label
from casting_core.errors import SettingsError, StoppedError
from casting_core.jobs import control
from casting_core.jobs.pulse import PULSE
from casting_core.jobs.work import do
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Request, State, Wish
from casting_core.settings import settings
from casting_core.workflows.datasets import castings as work_on_castings
from casting_core.workflows.datasets import removing, sample
from casting_core.workflows.datasets.opening import names_of, open_dataset, rule_of
from casting_core.workflows.datasets.sample import SAMPLE, ensure_sample, find_sample, sample_wanted, start_sample
from casting_core.workflows.kinds import KINDS
from casting_core.workflows.stores import dataset_book
from tests.core.jobs.counting import over, until


def test_the_sample_is_drawn_once_and_known_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Path] = []

    def draw(folder: Path, **_: object) -> int:
        folder.mkdir(parents=True)
        drawn.append(folder)
        return 0

    monkeypatch.setattr(synthetic, "write_sample", draw)
    assert ensure_sample() == ensure_sample() == dataset_book().find(SAMPLE)
    assert drawn == [settings().sample_dir]
    assert len(dataset_book().all()) == 1


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample of a few castings; by this process only."""
    monkeypatch.setattr(synthetic, "write_sample", partial(write_sample, castings=6, copies=2))


def noted_sample(*, again: bool = False) -> int:
    """A job that draws the sample, waiting for this process to do it."""
    folder = str(settings().sample_dir)
    request = Request(kind=sample.KIND, inputs={"again": again}, about=SAMPLE, subject=folder)
    return control.queue().ask(request)[0].id


@pytest.mark.usefixtures("small")
def test_the_castings_of_the_sample_are_known_once_it_is_drawn_and_nobody_searches_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The search would compare pixels; the job writes down what was drawn."""
    job = noted_sample()
    monkeypatch.setattr(work_on_castings, "pixel_cache", lambda: pytest.fail("castings were searched for"))
    assert do(job, KINDS) == {"name": SAMPLE}
    dataset = open_dataset(settings().sample_dir)
    assert work_on_castings.casting_known(dataset)
    found = work_on_castings.casting_of(dataset)
    drawn = read_castings(settings().sample_dir)
    paths = dataset.photos.set_index("photo")["path"]
    assert found.nunique() == 6
    truth = paths[found.index].map(drawn)
    assert truth.groupby(found.to_numpy()).nunique().eq(1).all()
    assert truth.nunique() == found.nunique()


@pytest.mark.usefixtures("small")
def test_photos_beside_the_drawn_ones_are_not_said_to_be_of_a_casting() -> None:
    ensure_sample()
    other = settings().sample_dir / "train" / "ok_front" / "own.png"
    Image.new("L", (40, 40), 90).save(other)
    do(noted_sample(), KINDS)
    assert not work_on_castings.casting_known(open_dataset(settings().sample_dir))


def test_five_first_visitors_make_one_sample() -> None:
    """Each of them a thread of the server, at the same moment."""
    with ThreadPoolExecutor(5) as pool:
        asked = list(pool.map(lambda _: start_sample(), range(5)))
    assert {job.id for job in asked} == {1}
    control.stop(1)
    ended = until(over, 1)
    assert ended.state in (State.STOPPED, State.FINISHED)
    assert len(control.known(kind=sample.KIND)) == 1


@pytest.mark.usefixtures("small")
def test_the_sample_is_begun_by_whoever_comes_first_until_somebody_says_otherwise() -> None:
    assert sample_wanted()
    job = noted_sample()
    assert not sample_wanted(), "it is being drawn"
    do(job, KINDS)
    assert not sample_wanted(), "it is there"
    dataset_book().add(NamedDataset(name="another", folder="/elsewhere", rule={"ok": [], "defective": []}))
    removing.remove(SAMPLE)
    removing.settle()
    assert not sample_wanted(), "somebody removed it"
    assert do(noted_sample(), KINDS) == {"name": None}
    assert do(noted_sample(again=True), KINDS) == {"name": SAMPLE}


@pytest.mark.parametrize(("state", "wanted"), [(State.FAILED, False), (State.STOPPED, False), (State.FINISHED, True)])
def test_a_sample_that_failed_or_was_stopped_is_not_begun_again_by_itself(state: State, wanted: bool) -> None:
    job = noted_sample()
    control.log().end(job, state)
    found = find_sample()
    assert found is not None
    assert found.id == job
    assert sample_wanted() is wanted


@pytest.mark.usefixtures("small")
def test_a_sample_whose_drawing_is_stopped_leaves_nothing_and_begins_anew() -> None:
    job = noted_sample()

    def stop(_event: object) -> None:
        """Says so once, and waits until the pulse has heard it."""
        control.log().wish(job, Wish.STOP)
        time.sleep(2 * PULSE)

    with pytest.raises(StoppedError):
        do(job, KINDS, listen=stop)
    assert control.find(job).state is State.STOPPED
    assert sample.sample_missing()
    control.queue().rejoin(job)
    assert do(job, KINDS) == {"name": SAMPLE}


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
