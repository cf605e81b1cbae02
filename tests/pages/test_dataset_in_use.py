"""Which dataset a visitor begins with."""

from casting_core.records.datasets import NamedDataset
from casting_core.workflows.datasets.sample import SAMPLE
from casting_core.workflows.stores import dataset_book
from tests.pages.conftest import Open


def test_peoples_own_photos_come_before_the_drawn_sample_whichever_was_added_last(
    open_page: Open, sample_dataset: NamedDataset
) -> None:
    drawn = dataset_book().find(SAMPLE)
    dataset_book().forget(SAMPLE)
    for dataset in (sample_dataset, drawn):
        dataset_book().add(dataset)
    assert open_page("dashboard.py").session_state["casting"].dataset == sample_dataset.name
