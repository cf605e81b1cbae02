"""Pages run by Streamlit's own test harness: real scripts, real caches, folders of their own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from casting_core.settings import ROOT, settings

PATIENCE = 60  # seconds; the harness's own 3 are too few for a page that scores photos

Open = Callable[[str], AppTest]


@pytest.fixture
def open_page(own_installation: Path, sample_folder: Path) -> Open:
    """Opens a page by its file, cold, as from a bookmark; the drawn sample is there already."""
    shutil.copytree(sample_folder, own_installation / "data" / "sample", dirs_exist_ok=True)
    assert settings().sample_dir.is_dir()
    st.cache_data.clear()
    st.cache_resource.clear()

    def opened(script: str) -> AppTest:
        return AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=PATIENCE).switch_page(script).run()

    return opened
