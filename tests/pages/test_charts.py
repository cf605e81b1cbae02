"""Charts: axes end where values can, epochs are whole, runs that meet are told apart, and one look reads all."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from casting_core.learning.recipes.events import BatchDone, Event, Prepared
from pages.parts.charts import dataset_charts, training_charts
from pages.parts.charts.training_charts import board, curves
from pages.parts.train.run_curves import of_batches

EPOCHS = pd.DataFrame(
    {
        "epoch": [1, 2, 3],
        "loss": [0.9, 0.4, 0.3],
        "validation_loss": [0.8, 0.5, 0.6],
        "accuracy": [0.62, 0.9, 1.0],
        "validation_accuracy": [0.55, 0.97, 1.0],
        "missed": [9.0, 3.0, 4.0],
        "false_alarms": [2.0, 1.0, 0.0],
        "f1_ok": [0.5, 0.9, 1.0],
        "f1_defective": [0.4, 0.8, 1.0],
        "learning_rate": [0.001] * 3,
    }
)
NONE = pd.DataFrame()
BATCHES = pd.DataFrame({"epoch": [0.1, 0.5, 1.0], "loss": [1.0, 0.9, 0.9], "accuracy": [0.31, 0.5, 0.62]})
BATCHES = BATCHES.assign(smooth_loss=BATCHES["loss"], smooth_accuracy=BATCHES["accuracy"])


@pytest.mark.parametrize("epochs", [NONE, EPOCHS, EPOCHS.iloc[:1], EPOCHS.tail(1)])
@pytest.mark.parametrize("batches", [NONE, BATCHES])
def test_accuracy_lies_between_0_and_1_and_epochs_are_whole(epochs: pd.DataFrame, batches: pd.DataFrame) -> None:
    if epochs.empty and batches.empty:
        return
    figure = board(epochs, batches, {})
    low, high = figure.layout.yaxis2.range
    lowest = min(float(table["accuracy"].min()) for table in (epochs, batches) if len(table))
    assert 0 <= low < lowest
    assert 1 < high < 1.05
    assert figure.layout.xaxis.dtick == 1
    last = max(float(table["epoch"].max()) for table in (epochs, batches) if len(table))
    assert figure.layout.xaxis.range[1] == pytest.approx(max(last, 1), abs=1.2)


def test_one_look_reads_all_curves_of_an_epoch() -> None:
    figure = board(EPOCHS, BATCHES, {})
    assert (figure.layout.hovermode, figure.layout.hoversubplots) == ("x unified", "axis")
    read = [line.hovertemplate.partition(":")[0] for line in figure.data if line.hoverinfo != "skip"]
    assert read == [
        "loss, train", "loss, validation", "accuracy, train", "accuracy, validation", "validation photos, missed",
        "validation photos, false alarms", "F1, ok", "F1, defective", "learning rate, this run",
    ]  # fmt: skip
    assert {line.xaxis for line in figure.data} == {"x"}


def test_rows_do_not_lie_over_each_other() -> None:
    layout = board(EPOCHS, BATCHES, {}).layout
    rows = [layout[f"yaxis{number or ''}"].domain for number in (0, 2, 3, 4, 5)]
    assert rows[0][1] == 1
    assert rows[-1][0] == pytest.approx(0, abs=1e-9)
    assert all(upper[0] > lower[1] for upper, lower in pairwise(rows))


def test_a_run_of_an_older_program_shows_what_it_told() -> None:
    figure = board(EPOCHS[["epoch", "loss", "validation_loss", "accuracy", "validation_accuracy"]], NONE, {})
    assert len(figure.data) == 4


def test_many_epochs_are_counted_in_steps() -> None:
    many = pd.concat([EPOCHS] * 34).assign(epoch=range(1, 103))
    assert board(many, NONE, {}).layout.xaxis.dtick == 9
    assert curves(many, "loss").layout.xaxis.dtick == 9
    assert curves(many, "accuracy").layout.yaxis.range[1] == pytest.approx(1.01)


def test_runs_that_lie_over_each_other_are_told_apart_by_more_than_colour() -> None:
    figure = board(EPOCHS, NONE, {f"run {number}": EPOCHS for number in range(4)})
    laid_over = [line for line in figure.data if line.yaxis == "y" and line.name.startswith("run")]
    assert len(laid_over) == 4
    assert len({line.line.dash for line in laid_over}) == 4
    assert [line.name for line in figure.data if line.name.startswith("run") and line.showlegend] == [
        f"run {number}" for number in range(4)
    ]
    assert len({line.line.color for line in [*laid_over, figure.data[0], figure.data[1]]}) == 6


def batch_events(number: int, per_epoch: int) -> list[Event]:
    """Events of so many batches; their loss jumps up and down."""
    prepared = Prepared(epochs=60, batches=per_epoch, train_photos=40, validation_photos=4, parameters=9)
    batches = (
        BatchDone(epoch=1 + at // per_epoch, batch=1 + at % per_epoch, loss=float(at % 2), accuracy=1.0)
        for at in range(number)
    )
    return [prepared, *batches]


def test_smoothing_takes_the_jumps_out_of_the_line_within_epochs() -> None:
    events = batch_events(100, 10)
    rough, smooth = (of_batches(events, smoothing=share) for share in (0.0, 0.95))
    assert rough["smooth_loss"].tolist() == rough["loss"].tolist()
    assert np.ptp(smooth["smooth_loss"].tail(20)) < 0.1 < np.ptp(smooth["loss"])
    assert rough["epoch"].tolist() == pytest.approx([(at + 1) / 10 for at in range(100)])


def test_many_batches_are_drawn_as_a_line_of_few_points_without_a_gap() -> None:
    table = of_batches(batch_events(6000, 100), smoothing=0.6)
    assert len(table) <= training_charts.POINTS
    assert np.diff(table["epoch"]).max() < 2 * 60 / len(table)
    assert table["epoch"].max() == pytest.approx(60, abs=0.2)


@pytest.mark.parametrize("colour", ["label", "casting", "score"])
def test_the_map_is_drawn_in_browsers_without_webgl_too(colour: str) -> None:
    places = pd.DataFrame({"photo": ["a", "b"], "x": [0.0, 1.0], "y": [1.0, 0.0], "path": ["a.png", "b.png"]})
    figure = dataset_charts.photo_map(places.assign(label=[0, 1], casting=[3, 4], score=[0.2, 0.9]), colour)
    assert {trace.type for trace in figure.data} == {"scatter"}


def test_numbers_on_bars_are_written_as_everywhere_else() -> None:
    table = pd.DataFrame({"split": ["train"], "label": [0], "photos": [5550]})
    for figure in (dataset_charts.counts(table), dataset_charts.bars(pd.Series({"300 x 300": 5550}), title="pixels")):
        assert {trace.texttemplate for trace in figure.data} == {"%{y:,}"}
        assert figure.layout.yaxis.tickformat == ","
