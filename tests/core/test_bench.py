"""Each part of the benchmarks measures what it says, on little; how large its figures are a quiet machine says.

What is measured in a browser is tested in ``tests/browser``.
"""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from casting_core.domain import Split
from casting_core.errors import RunError
from casting_core.judging.gating.reference import Reference
from casting_core.judging.localisation import NEAR
from casting_core.learning.recipes.choices import Sampling
from casting_core.records.card import read
from casting_core.records.registry import STARTER, Registry
from casting_core.records.version_files import ANSWERS, CARD, GATE, GRAPH, LEARNED
from casting_core.settings import ROOT
from casting_core.workflows.datasets.opening import open_dataset
from tests.bench import __main__ as command
from tests.bench import (
    aligning,
    defects,
    gate,
    growth,
    photos,
    picture,
    race,
    report,
    scoring,
    starter,
    steps,
    training,
)
from tests.bench.figures import Bar, Figure, figure, timed
from tests.bench.first_point import FirstPoint
from tests.bench.photos import Material
from tests.bench.race import Lap, Race, Racer
from tests.bench.report import Report
from tests.bench.start import Start
from tests.conftest import installation
from tests.spoiled import SPOILED, no_parts

FIGURE = Figure(median=2.0, least=1.0, most=3.0)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """Sixteen photos of drawn castings, read once."""
    room = tmp_path_factory.mktemp("bench")
    with installation(room):
        return photos.read(photos.draw(room / "drawn", photos=16))


@pytest.fixture(autouse=True)
def read_before(material: Material, own_installation: Path) -> None:  # noqa: ARG001 - it has its folders by then
    """This test's own installation has read them, too."""
    open_dataset(material.dataset.root)


def test_a_measurement_has_a_middle_and_a_spread() -> None:
    assert figure([3.0, 1.0, 2.0]) == Figure(median=2.0, least=1.0, most=3.0)
    taken = timed(lambda: sum(range(1000)))
    assert taken.seconds > 0
    assert taken.processor >= 0


@pytest.mark.parametrize(
    ("value", "upper", "kept"),
    [(2, False, True), (1, False, False), (2, True, True), (3, True, False), (None, True, False)],
)
def test_a_bar_is_kept_at_its_limit_and_by_no_value_never(value: float | None, upper: bool, kept: bool) -> None:
    assert Bar(name="two", value=value, limit=2, upper=upper).kept is kept


def test_photos_are_drawn_to_be_learned_from_and_read_as_a_whole(material: Material) -> None:
    assert len(material.dataset.photos) == len(material.dataset.to_train) == 16
    assert material.decoding > 0
    assert material.learn_folder == material.dataset.root / "train"


@pytest.mark.slow
@pytest.mark.long
def test_an_epoch_is_trained_both_ways_in_turns(material: Material) -> None:
    found = training.measure(material, repeats=1)
    assert (found.photos, found.repeats, found.decoded) == (16, 1, 16)
    for way in (found.ours, found.notebook, found.our_processor, found.notebook_processor):
        assert 0 < way.least == way.median == way.most
    assert found.ratio == found.ours.median / found.notebook.median
    assert [bar.value for bar in found.bars] == [found.ratio]


def test_both_ways_give_the_same_score(version: str, sample_folder: Path) -> None:
    found = scoring.compare(version, open_dataset(sample_folder), photos=6, repeats=2)
    assert (found.photos, found.repeats) == (6, 2)
    assert found.difference <= scoring.ALIKE
    assert 0 < found.ours.least <= found.ours.median <= found.ours.most
    assert found.ratio == found.notebook.median / found.ours.median
    assert [bar.value for bar in found.bars] == [found.ratio, found.difference]


@pytest.mark.slow
@pytest.mark.long
def test_three_ways_race_on_castings_that_none_of_them_learned_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(race, "_apart", lambda way: way())  # in this process: three would start TensorFlow thrice
    found = race.measure(
        tmp_path / "race", castings=10, changes={"epochs": 1, "painted": 6, "sampling": Sampling.PHOTO}
    )
    assert [racer.name for racer in found.racers] == ["notebook", "ours, classic", "ours, evidence"]
    drawn = open_dataset(tmp_path / "race")
    assert found.held_out == len(drawn.part(Split.TEST)) > 0
    assert found.racers[0].shown == found.racers[1].shown == len(drawn.to_train)
    for racer in found.racers:
        assert len(racer.laps) == 1
        assert 0 <= racer.laps[0].right <= 1
        assert racer.speed > 0
        assert racer.memory > 100


def test_who_is_there_first_is_told_by_the_laps() -> None:
    laps = [Lap(seconds=9.0, right=0.5), Lap(seconds=2.0, right=0.9), Lap(seconds=4.0, right=0.8)]
    racer = Racer(name="ours", shown=30, laps=laps, memory=1.0)
    assert (racer.epoch, racer.speed) == (3.0, 10.0), "the first epoch warms up"
    assert [racer.reaches(right) for right in (0.5, 0.8, 0.95)] == [9.0, 11.0, None]
    assert Race(held_out=9, racers=(racer, replace(racer, laps=laps[:2]), racer)).goal == 0.9


@pytest.mark.slow
@pytest.mark.long
def test_a_step_is_held_against_what_the_machine_can_do(material: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "TIMES", 1)
    monkeypatch.setattr(steps, "SIDE", 64)
    monkeypatch.setattr(steps, "RECIPE", steps.RECIPE.model_copy(update={"batch_size": 4, "sampling": Sampling.PHOTO}))
    found = steps.measure(material)
    assert found.batch == 4
    assert 0 < found.weights < 100_000
    assert min(found.arithmetic, found.product, found.convolutions, found.step.median, found.epoch.median) > 0
    assert found.least == pytest.approx(found.arithmetic / found.convolutions)
    assert found.share == pytest.approx(found.least / found.step.median)


def test_aligning_is_timed_for_each_drawn_part() -> None:
    found = aligning.measure(photos=2)
    assert {one.part: one.kind for one in found} == {"impeller": "round", "bracket": "registered"}
    for one in found:
        assert 0 < one.each.least <= one.each.median
        assert one.bar.name == f"aligning a drawn {one.part}"


def test_the_growth_of_finding_castings_is_measured_with_its_bar(tmp_path: Path) -> None:
    found = growth.measure(tmp_path / "growing", counts=(20, 40))
    smallest, largest = found.sets
    assert (smallest.photos, largest.photos) == (20, 40)
    assert smallest.precision == largest.precision == 1.0
    assert found.growth == pytest.approx(largest.each / smallest.each)
    assert [bar.value for bar in found.bars] == [found.growth]
    assert len(growth.rows(found)) == 3


def test_castings_put_together_are_right_by_the_pairs() -> None:
    truth, found = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1])
    assert growth.pairwise(truth, found) == (0.5, 0.5)
    assert growth.pairwise(truth[:1], found[:1]) == (1.0, 1.0)


def test_the_curves_of_a_run_are_timed() -> None:
    found = picture.measure(epochs=3, batches=4, repeats=2)
    assert (found.epochs, found.batches) == (3, 4)
    assert 0 < found.seconds.least <= found.seconds.median
    assert [bar.value for bar in found.bars] == [found.seconds.median]


def test_the_starter_is_measured_on_castings_it_has_never_seen(tmp_path: Path) -> None:
    found = defects.measure(tmp_path / "never-seen", castings=8)
    assert found is not None, "a starter model is kept with the program"
    assert (found.castings, found.within) == (8, NEAR)
    assert 0 <= found.near <= found.found <= found.castings
    assert found.share == found.near / found.found
    assert [bar.value for bar in found.bars] == [found.accuracy, found.share]


def test_a_new_starter_is_all_that_judging_needs_of_the_newest_version(version: str, own_installation: Path) -> None:
    made = Registry(own_installation / "model", own_installation / "none")
    (own_installation / "kept").mkdir()
    starter.keep(made, own_installation / "kept" / STARTER)
    again = Registry(own_installation / "none", own_installation / "kept" / STARTER)
    assert again.names() == [STARTER]
    assert (again.card(STARTER).run, again.card(STARTER).name) == (None, STARTER)
    for file in (GRAPH, GATE, LEARNED, ANSWERS):
        assert again.file(STARTER, file) == made.file(version, file)


def test_the_gate_is_asked_about_good_photos_and_bad_ones() -> None:
    known = Reference.from_bytes((ROOT / "model" / STARTER / GATE).read_bytes())
    asked = gate.ask("starter", known, gate.drawn(4), {"two discs": [no_parts()["two discs"]]})
    assert (asked.photos, asked.refused, asked.passed) == (4, 0, {})
    assert asked.spoiled == 4 * len(SPOILED) + 1
    assert all(bar.kept for bar in asked.bars)
    lax = replace(known, ranges={}, photo=None, part=None)
    assert not gate.ask("lax", lax, gate.drawn(4), {}).bars[1].kept
    strict = replace(known, darkest=1000.0)
    assert not gate.ask("strict", strict, gate.drawn(4), {}).bars[0].kept


@pytest.mark.long
def test_gate_figures_and_list_of_the_starter_are_what_the_photos_of_its_training_say(tmp_path: Path) -> None:
    kept = ROOT / "model" / STARTER
    copied = shutil.copytree(kept, tmp_path / STARTER)
    starter.complete(copied)
    assert (copied / LEARNED).read_bytes() == (kept / LEARNED).read_bytes()
    again, old = (Reference.from_bytes((folder / GATE).read_bytes()).arrays() for folder in (copied, kept))
    for name in ("darkest", "brightest", "mean", "strangest", "farthest", "low", "high"):
        assert np.allclose(again[name], old[name], rtol=1e-6), name  # sums come in another order on another day
    assert read((copied / CARD).read_bytes()).metrics == read((kept / CARD).read_bytes()).metrics


@pytest.fixture
def whole() -> Report:
    """A report whose bars are all kept but one."""
    racer = Racer(name="ours", shown=30, laps=[Lap(seconds=1.0, right=0.9)], memory=200.0)
    return Report(
        photos="drawn photos",
        quick=True,
        training=training.Training(
            photos=16, repeats=1, ours=replace(FIGURE, median=9.0), notebook=FIGURE, our_processor=FIGURE,
            notebook_processor=FIGURE, decoded=16, decoding=0.5,
        ),
        race=Race(held_out=9, racers=(racer, racer, replace(racer, laps=[Lap(seconds=1.0, right=0.1)]))),
        steps=steps.Steps(
            batch=4, weights=9, arithmetic=8.0, product=2.0, convolutions=4.0, step=FIGURE, epoch=FIGURE
        ),
        aligned=[aligning.Aligned(part="bracket", kind="registered", photos=2, each=FIGURE)],
        scoring=scoring.Scoring(
            photos=2, repeats=1, ours=FIGURE, notebook=replace(FIGURE, median=90.0), difference=1e-7,
            difference_from_bytes=1e-3,
        ),
        growth=growth.Growth(sets=(growth.Grown(photos=20, seconds=1.0, compared=9, precision=1.0, recall=0.9),)),
        defects=None,
        picture=picture.Picture(epochs=60, batches=100, seconds=replace(FIGURE, median=0.1)),
        start=Start(starts=1, seconds=FIGURE),
        first_point=FirstPoint(network="Evidence", seconds=20.0),
    )  # fmt: skip


def test_a_report_names_the_bars_that_were_missed(whole: Report) -> None:
    assert [bar.name for bar in whole.bars] == [
        "training against the notebook",
        "scoring against the notebook",
        "difference of the scores",
        "growth of the time to find castings",
        "the curves of a long run",
        "first page on screen",
        "from Start to the first point of a curve",
        "aligning a drawn bracket",
    ]
    assert whole.missed == ["from Start to the first point of a curve"]
    values = json.loads(json.dumps(report.values(whole)))
    assert values["missed"] == [bar["name"] for bar in values["bars"] if not bar["kept"]] == whole.missed
    assert (values["training"]["ratio"], values["scoring"]["ratio"], values["race"]["goal"]) == (4.5, 45.0, 0.9)
    assert (values["steps"]["least"], values["steps"]["share"], values["defects"]) == (2.0, 1.0, None)


def test_a_report_is_read_by_a_person(whole: Report) -> None:
    text = report.text(whole)
    assert "A quick run: too few photos for its figures to mean anything." in text
    assert report.NO_STARTER in text
    assert "never" in text, "the third way never is as often right as the second"
    assert "20.00 s         (at most 15)" in text
    blind = report.text(replace(whole, start=None, first_point=None))
    assert report.NO_BROWSER in blind
    assert "first point" not in blind


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command sets in the environment ends with the test."""
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize(("options", "code"), [([], 1), (["--quick"], 0)])
def test_a_missed_bar_is_an_exit_code_but_a_quick_run_holds_none(
    options: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def measure(*_: object, **told: Any) -> list[str]:
        asked.update(told)
        return ["too slow"]

    monkeypatch.setattr(command, "_measure", measure)
    result = CliRunner().invoke(command.main, options)
    assert result.exit_code == code
    assert ("Missed: too slow" in result.stderr) == bool(code)
    assert asked == {"photos": 2048, "repeats": 3, "quick": not code, "as_json": False}


@pytest.mark.usefixtures("silent")
def test_what_cannot_be_measured_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RunError("no photos")

    monkeypatch.setattr(command, "_measure", fail)
    result = CliRunner().invoke(command.main, [])
    assert (result.exit_code, result.stderr) == (2, "Error: no photos\n")
