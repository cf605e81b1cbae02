"""What lies in deploy/ fits together, and to the program; what has a tool of its own on this machine is read by it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from casting_core.settings import ROOT, Settings

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def test_the_proxy_asks_at_the_ports_that_are_listened_at() -> None:
    asked = dict(re.findall(r"server (\w+):(\d+);", text("nginx.conf")))
    assert asked == {"dashboard": "8501", "serve": "8600"}
    assert "8600" in text("compose.yaml").partition("  serve:")[2].partition("  proxy:")[0]
    assert all(port in text("Dockerfile") for port in asked.values())
    units = "".join(unit.read_text("utf-8") for unit in UNITS)
    assert all(f"port {port}" in units for port in asked.values())


def test_every_setting_named_in_it_is_one() -> None:
    known = {f"CASTING_{name.upper()}" for name in Settings.model_fields}
    files = [path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    named = {name for path in files for name in re.findall(r"\bCASTING_[A-Z_]+[A-Z]\b", path.read_text("utf-8"))}
    assert named
    assert named <= known


def test_the_image_and_the_units_run_as_nobody_who_owns_anything_and_write_into_their_folders_only() -> None:
    assert re.search(r"^USER 10001:10001$", text("Dockerfile"), flags=re.MULTILINE)
    services = re.split(r"^  (?=\w+:$)", text("compose.yaml").partition("\nservices:\n")[2], flags=re.MULTILINE)[1:]
    assert all("read_only: true" in one or "<<: *casting" in one for one in services[:4])
    for unit in UNITS:
        assert {"User=casting", "ProtectSystem=strict", "NoNewPrivileges=true"} <= set(unit.read_text().splitlines())


def test_secrets_and_photos_do_not_get_into_the_image() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert lines[1] == "*", "nothing does that is not named"
    assert not {"!.streamlit", "!data", "!model", "!deploy/secrets.toml"} & set(lines)
    assert "/deploy/secrets.toml" in (ROOT / ".gitignore").read_text("utf-8")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    programs = {"/opt/casting/.venv/bin/streamlit": "/bin/true", "/opt/casting/.venv/bin/python": sys.executable}
    for unit in UNITS:
        told = unit.read_text("utf-8")
        for installed, here in programs.items():
            told = told.replace(installed, here)
        (tmp_path / unit.name).write_text(told.replace("/opt/casting", str(ROOT)), "utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
