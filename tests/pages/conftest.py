"""Pages run by Streamlit's own test harness: real scripts, real caches, folders of their own."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from casting_core.data.drawing.synthetic import write_sample
from casting_core.settings import ROOT, settings
from casting_core.workflows.datasets.sample import ensure_sample
from tests.conftest import made_once, work_out_castings
from tests.patience import PATIENCE

Open = Callable[[str], AppTest]


@pytest.fixture(scope="session", autouse=True)
def no_components_in_packages() -> Iterator[None]:
    """Streamlit's harness looks through every installed package for components at each run; none of them has any."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streamlit.components.v2.manifest_scanner.scan_component_manifests", list)
        yield


@pytest.fixture(autouse=True)
def stood_by(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """For which kinds of jobs a page has let a process stand by; no such process is begun here."""
    kinds: list[str] = []

    def begin(kind: str, *, environment: Mapping[str, str]) -> None:  # noqa: ARG001 - that of this process
        kinds.append(kind)

    monkeypatch.setattr("casting_core.jobs.process.stand_by", begin)
    return kinds


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

    def draw(folder: Path) -> None:
        write_sample(folder / "castings", castings=8, copies=3, seed=2, leaky=True)

    return made_once(tmp_path_factory, "leaky", draw) / "castings"


@pytest.fixture(scope="session")
def castings_of_leaky(leaky_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder ``cache`` of an installation that has worked out the castings of those photos."""
    return made_once(tmp_path_factory, "castings-leaky", lambda folder: work_out_castings(folder, leaky_folder))


@pytest.fixture
def known(castings_known: None, castings_of_leaky: Path) -> None:  # noqa: ARG001 - those of the sample are known by then
    """This test's own installation knows the castings of both."""
    shutil.copytree(castings_of_leaky, settings().cache_dir, dirs_exist_ok=True)
