"""What every test stands on: folders of its own, a small drawn sample, and a tiny model version trained on it once."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.drawing.synthetic import write_sample
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.card import ModelCard
from casting_core.records.database.access import connect
from casting_core.records.datasets import NamedDataset
from casting_core.settings import settings
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import names_of, open_dataset
from casting_core.workflows.stores import registry

CASTINGS, COPIES = 30, 2  # of the drawn sample; 44 photos to train on are just enough for the gate to learn from

PROVEN = Recipe(epochs=1, batch_size=16, folds=2, learning_curve=True, calibrate=True)

Make = Callable[[Path], object]


@pytest.hookimpl(trylast=True)  # after tests were chosen, and those in a browser marked
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with the longest tests come first: one that begins last keeps the other core waiting."""
    files: dict[Path, int] = {}
    for item in items:
        files[item.path] = files.get(item.path, 0) + weight(item)
    items.sort(key=lambda item: -files[item.path])  # stable: else as they were found


def weight(item: pytest.Item) -> int:
    """About how long a test takes, by its marks."""
    marks = {mark.name for mark in item.iter_markers()}
    return 1 + 100 * ("long" in marks) + 20 * ("browser" in marks) + 20 * ("slow" in marks)


def made_once(factory: pytest.TempPathFactory, name: str, make: Make) -> Path:
    """The folder that ``make`` fills: the first worker of this run to come does, and the others wait for it.

    Nobody may write into it: copy it first.
    """
    room = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        room = room.parent  # each worker has a folder of its own in it
    folder, whole = room / "shared" / name, room / "shared" / f"{name}.whole"
    folder.parent.mkdir(exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)  # what somebody left half made
            make(folder)
            whole.touch()
    return folder


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


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """A page leaves its script as ``__main__``; processes that a later test spawns would run it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small drawn sample in the public layout. Nobody may write into it: copy it first."""

    def draw(folder: Path) -> None:
        write_sample(folder / "castings", castings=CASTINGS, copies=COPIES, seed=1)

    return made_once(tmp_path_factory, "sample", draw) / "castings"


@pytest.fixture(scope="session")
def sample_dataset(sample_folder: Path) -> NamedDataset:
    """The drawn sample under a name."""
    return NamedDataset(name="castings", folder=str(sample_folder), rule=names_of(ClassRule()))


@pytest.fixture(scope="session")
def castings_of_sample(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder ``cache`` of an installation that has worked out the castings of the drawn sample."""
    return made_once(tmp_path_factory, "castings", lambda folder: work_out_castings(folder, sample_folder))


def work_out_castings(folder: Path, photos: Path) -> None:
    """Fills a folder with what an installation keeps of the castings of these photos."""
    with installation(folder.with_name(f"{folder.name}-made")):
        casting_of(open_dataset(photos))
        folder.mkdir()
        for kept in settings().cache_dir.glob("castings-*.npz"):
            shutil.copy(kept, folder)


@pytest.fixture
def castings_known(castings_of_sample: Path, own_installation: Path) -> None:  # noqa: ARG001 - it has its folders by then
    """This test's own installation need not work out the castings of the drawn sample any more."""
    shutil.copytree(castings_of_sample, settings().cache_dir, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def trained_once(
    sample_dataset: NamedDataset, castings_of_sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder ``model`` with the version ``v1``, trained for two epochs by the project's own workflow."""

    def train(folder: Path) -> None:
        from casting_core.workflows.training.runs import note_run
        from casting_core.workflows.training.train import work

        with installation(folder):
            shutil.copytree(castings_of_sample, settings().cache_dir)
            work(note_run(sample_dataset, Recipe(epochs=2, batch_size=16)).id)

    return made_once(tmp_path_factory, "trained", train) / "model"


@pytest.fixture(scope="session")
def proven_once(
    sample_dataset: NamedDataset, castings_of_sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """An installation whose one run has proven all that a run can prove of its version, ``v1``."""

    def prove(folder: Path) -> None:
        from casting_core.workflows.training.runs import note_run
        from casting_core.workflows.training.train import work

        with installation(folder):
            shutil.copytree(castings_of_sample, settings().cache_dir)
            work(note_run(sample_dataset, PROVEN).id)

    return made_once(tmp_path_factory, "proven", prove)


@pytest.fixture
def proven(proven_once: Path, own_installation: Path) -> ModelCard:
    """The version of that run in this test's own installation, and the run with it."""
    shutil.copytree(proven_once, own_installation, dirs_exist_ok=True)
    return registry().card("v1")


@pytest.fixture(scope="session")
def measured_once(sample_folder: Path, castings_of_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder ``data`` of an installation that has made the panel of the starter on the drawn sample."""

    def measure(folder: Path) -> None:
        from casting_core.workflows.judging.model import load_model
        from casting_core.workflows.judging.panel.compute import compute

        with installation(folder):
            shutil.copytree(castings_of_sample, settings().cache_dir)
            compute(open_dataset(sample_folder), load_model("starter"))

    return made_once(tmp_path_factory, "measured", measure) / "data"


@pytest.fixture
def panel_kept(measured_once: Path, castings_known: None) -> Path:  # noqa: ARG001 - and so they are known here, too
    """The file of that panel in this test's own installation; a test may damage it."""
    (made,) = (measured_once / "panels").glob("*.json")
    shutil.copytree(made.parent, settings().data_dir / "panels")
    return settings().data_dir / "panels" / made.name


@pytest.fixture
def version(trained_once: Path, own_installation: Path) -> str:
    """The name of a version in this test's own installation; a test may damage it."""
    shutil.copytree(trained_once, own_installation / "model")
    return "v1"
