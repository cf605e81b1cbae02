"""Events out of rows: whatever version of the program wrote them, pages get events or nothing."""

from typing import Any

import pytest

from casting_core.learning.recipes.events import BatchDone, EpochDone, Prepared, decode

BATCH = {"epoch": 1, "batch": 2, "loss": 0.5, "accuracy": 1}


def test_fields_that_an_older_program_did_not_write_have_their_defaults() -> None:
    assert decode("batch", BATCH) == BatchDone(epoch=1, batch=2, loss=0.5, accuracy=1.0, seconds=0.0)
    sizes = {"epochs": 4, "batches": 2, "train_photos": 40, "validation_photos": 4, "parameters": 9}
    assert decode("prepared", sizes) == Prepared(**sizes)


def test_fields_of_a_newer_program_are_left_out() -> None:
    assert decode("batch", BATCH | {"weather": "fine"}) == decode("batch", BATCH)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("weather", {"text": "fine"}),
        ("batch", {"epoch": 1}),
        ("batch", BATCH | {"loss": "low"}),
        ("batch", BATCH | {"epoch": None}),
        ("batch", [1, 2]),
        ("note", {"text": 7}),
    ],
    ids=["unknown kind", "without what it is about", "text for a number", "nothing for a number", "list", "no text"],
)
def test_what_is_no_event_of_this_program_is_none(kind: str, values: Any) -> None:
    assert decode(kind, values) is None


def test_an_epoch_of_an_older_program_does_not_say_what_was_missed() -> None:
    figures = {"loss": 0.5, "accuracy": 0.8, "validation_loss": 0.6, "validation_accuracy": 0.7}
    old = decode("epoch", figures | {"epoch": 1, "seconds": 1.0, "photos_per_second": 9.0})
    assert isinstance(old, EpochDone)
    assert not old.counts_known
    new = decode("epoch", {**vars(old), "f1_ok": 1.0, "f1_defective": 1.0, "learning_rate": 0.0})
    assert isinstance(new, EpochDone)
    assert new.counts_known
