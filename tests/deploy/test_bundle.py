"""The bundle for plants without a network: every file has its sum, and nothing is installed once one was touched."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from casting_core.settings import ROOT
from deploy import bundle

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists() or shutil.which("sha256sum") is None,
    reason="a bundle is made from a git checkout, and checked by sha256sum",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle without wheels: what is looked at before any of them is installed. A test leaves it as it found it."""
    folder = tmp_path_factory.mktemp("medium") / "casting-inspection"
    bundle.make(folder, locks=())
    return folder


def install(made: Path, *words: str) -> subprocess.CompletedProcess[str]:
    target = made.parent / "plant"
    command = ["sh", str(made / "install.sh"), str(target), *words]
    environment = os.environ | {"PYTHON": "no-such-python"}  # all that is looked at comes before it is wanted
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert not target.exists()
    return done


def test_a_bundle_holds_program_starter_model_papers_and_locks_and_names_each_file(made: Path) -> None:
    program = made / "program"
    for name in ("dashboard.py", "model/starter/card.json", "docs/sign-in.md", "requirements.lock", "REVISION"):
        assert (program / name).stat().st_size > 0
    named = [line.split("  ", 1)[1] for line in (made / bundle.SUMS).read_text("utf-8").splitlines()]
    here = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    assert set(named) == here - {bundle.SUMS}


def test_whole_it_gets_as_far_as_looking_for_python(made: Path) -> None:
    assert "there is no no-such-python with venv" in install(made, bundle.write_sums(made)).stderr


def test_nothing_is_installed_where_a_file_was_changed_added_or_lacks_or_the_sum_is_another(made: Path) -> None:
    right = bundle.write_sums(made)
    page = made / "program" / "dashboard.py"
    kept = page.read_bytes()
    page.write_bytes(kept + b"\n")
    assert "is not as it was made" in install(made).stderr
    bundle.write_sums(made)  # as somebody does who knows how
    assert "not the one that was sent" in install(made, right).stderr
    page.write_bytes(kept)
    assert bundle.write_sums(made) == right
    (made / "wheels" / "numpy-9-py3-none-any.whl").touch()
    assert "that the list of sums does not name" in install(made, right).stderr
    (made / "wheels" / "numpy-9-py3-none-any.whl").unlink()
    page.unlink()
    assert "is not as it was made" in install(made, right).stderr
    page.write_bytes(kept)


@pytest.mark.long
@pytest.mark.skipif(shutil.which("unshare") is None, reason="without unshare a network cannot be taken away")
def test_it_installs_and_both_commands_of_the_readme_work_without_any_network(tmp_path: Path) -> None:
    folder, plant = tmp_path / bundle.name_of("0"), tmp_path / "plant"
    total = bundle.make(folder)
    script = f"""
      set -eu
      ip link set lo up
      test -z "$(ip route)"
      sh {folder}/install.sh {plant} {total}
      cd {plant}
      PORT=8599 CASTING_DATA_DIR={plant}/data timeout 600 make run > {tmp_path}/run.log 2>&1 &
      until {sys.executable} -c 'import urllib.request as u; u.urlopen("http://127.0.0.1:8599/_stcore/health")'; do
        sleep 1
        kill -0 $!
      done 2> {tmp_path}/waiting.log
      kill $!
      make test ARGS='-q tests/core/test_lock.py tests/core/judging/test_bounds.py tests/pages/test_start.py'
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    command = ["unshare", "--map-root-user", "--net", "sh", "-c", script]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
