"""Charts: axes end where values can, epochs are whole, and runs that meet are told apart."""

import pandas as pd
import pytest

from pages.parts import charts

EPOCHS = pd.DataFrame(
    {
        "epoch": [1, 2, 3],
        "loss": [0.9, 0.4, 0.3],
        "validation_loss": [0.8, 0.5, 0.6],
        "accuracy": [0.62, 0.9, 1.0],
        "validation_accuracy": [0.55, 0.97, 1.0],
    }
)
NONE = pd.DataFrame()
BATCHES = pd.DataFrame({"epoch": [0.1, 0.5, 1.0], "loss": [1.0, 0.9, 0.9], "accuracy": [0.31, 0.5, 0.62]})


@pytest.mark.parametrize("epochs", [EPOCHS, EPOCHS.iloc[:1], EPOCHS.tail(1)])
@pytest.mark.parametrize("batches", [NONE, BATCHES])
def test_accuracy_lies_between_0_and_1_and_epochs_are_whole(epochs: pd.DataFrame, batches: pd.DataFrame) -> None:
    figure = charts.curves(epochs, batches, "accuracy")
    low, high = figure.layout.yaxis.range
    lowest = min(float(table["accuracy"].min()) for table in (epochs, batches) if len(table))
    assert 0 <= low < lowest
    assert 1 < high < 1.05
    assert figure.layout.xaxis.dtick == 1
    assert figure.layout.xaxis.range[1] == pytest.approx(max(float(epochs["epoch"].max()), 1), abs=1.2)


def test_many_epochs_are_counted_in_steps() -> None:
    many = pd.concat([EPOCHS] * 34).assign(epoch=range(1, 103))
    assert charts.curves(many, NONE, "loss").layout.xaxis.dtick == 9
    assert charts.compared({"run 1": many}, "validation_accuracy", "x").layout.yaxis.range[1] == pytest.approx(1.01)


def test_runs_that_lie_over_each_other_are_told_apart_by_more_than_colour() -> None:
    figure = charts.compared({f"run {number}": EPOCHS for number in range(4)}, "validation_loss", "validation loss")
    assert len({line.line.dash for line in figure.data}) == 4
    sizes = [line.marker.size for line in figure.data]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 4


@pytest.mark.parametrize("cell", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_the_frame_of_the_chosen_cell_lies_on_the_cell_and_not_on_the_page(cell: tuple[int, int]) -> None:
    frame = charts.confusion([[5, 1], [2, 9]], cell).layout.shapes[0]
    truth, said = cell
    assert said - 0.48 < frame.x0 < frame.x1 < said + 0.48
    assert truth - 0.48 < frame.y0 < frame.y1 < truth + 0.48
