"""What every test stands on: folders of its own, a small drawn sample, and a tiny model version trained on it once."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.drawing.synthetic import write_sample
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.database import connect
from casting_core.records.datasets import NamedDataset
from casting_core.settings import settings
from casting_core.workflows.datasets.opening import names_of

CASTINGS, COPIES = 30, 2  # of the drawn sample; 44 photos to train on are just enough for the gate to learn from


@contextmanager
def installation(folder: Path) -> Iterator[Path]:
    """An empty installation in this folder: everything that is written goes into ``data`` and ``model`` in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASTING_DATA_DIR", str(folder / "data"))
        patch.setenv("CASTING_MODEL_DIR", str(folder / "model"))
        patch.delenv("CASTING_DATABASE_URL", raising=False)  # a developer's own
        settings.cache_clear()
        yield folder
        if (settings().data_dir / "casting.sqlite").exists():
            connect(settings().database_url).dispose()
    settings.cache_clear()


@pytest.fixture(autouse=True)
def own_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test sees what another one wrote, nor what a person keeps in the project's own folders."""
    with installation(tmp_path_factory.mktemp("installation")) as folder:
        yield folder


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small drawn sample in the public layout. Nobody may write into it: copy it first."""
    folder = tmp_path_factory.mktemp("sample") / "castings"
    write_sample(folder, castings=CASTINGS, copies=COPIES, seed=1)
    return folder


@pytest.fixture(scope="session")
def sample_dataset(sample_folder: Path) -> NamedDataset:
    """The drawn sample under a name."""
    return NamedDataset(name="castings", folder=str(sample_folder), rule=names_of(ClassRule()))


@pytest.fixture(scope="session")
def trained_once(sample_dataset: NamedDataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder ``model`` with the version ``v1``, trained for two epochs by the project's own workflow."""
    from casting_core.workflows.training.runs import note_run
    from casting_core.workflows.training.train import work

    with installation(tmp_path_factory.mktemp("trained")) as folder:
        work(note_run(sample_dataset, Recipe(epochs=2, batch_size=16)).id)
        return folder / "model"


@pytest.fixture
def version(trained_once: Path, own_installation: Path) -> str:
    """The name of a version in this test's own installation; a test may damage it."""
    shutil.copytree(trained_once, own_installation / "model")
    return "v1"
