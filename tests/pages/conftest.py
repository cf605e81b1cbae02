"""Pages run by Streamlit's own test harness: real scripts, real caches, folders of their own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from casting_core.data.drawing.synthetic import write_sample
from casting_core.settings import ROOT, settings
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.datasets.sample import ensure_sample
from tests.conftest import installation

PATIENCE = 60  # seconds; the harness's own 3 are too few for a page that scores photos

Open = Callable[[str], AppTest]


@pytest.fixture
def open_page(own_installation: Path, sample_folder: Path) -> Open:
    """Opens a page by its file, cold, as from a bookmark; the drawn sample is there already."""
    shutil.copytree(sample_folder, own_installation / "data" / "sample", dirs_exist_ok=True)
    ensure_sample()  # on a first start its job does this
    st.cache_data.clear()
    st.cache_resource.clear()

    def opened(script: str) -> AppTest:
        return AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=PATIENCE).switch_page(script).run()

    return opened


@pytest.fixture(scope="session")
def leaky_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight drawn castings of three photos each, dealt out photo by photo. Nobody may write into it."""
    folder = tmp_path_factory.mktemp("leaky") / "castings"
    write_sample(folder, castings=8, copies=3, seed=2, leaky=True)
    return folder


@pytest.fixture(scope="session")
def castings_found(leaky_folder: Path, sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The castings of those photos and of the drawn sample, as they were worked out once."""
    with installation(tmp_path_factory.mktemp("found")):
        for folder in (leaky_folder, sample_folder):
            casting_of(open_dataset(folder))
        return list(settings().cache_dir.glob("castings-*.npz"))


@pytest.fixture
def known(castings_found: list[Path], own_installation: Path) -> None:  # noqa: ARG001 - it has its own folders by then
    """This test's own installation knows the castings."""
    settings().cache_dir.mkdir(parents=True, exist_ok=True)
    for kept in castings_found:
        shutil.copy(kept, settings().cache_dir)
