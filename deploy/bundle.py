"""``make bundle``: everything for a plant without a network, in one folder that fits on one medium.

The program as it is committed, its documentation and starter model, and the wheels of every package in the locks, for
machines like this one. ``SHA256SUMS`` names each file; the sum of that file is printed, to be sent another way. On the
other side ``sh install.sh FOLDER`` checks every sum, and installs without a network.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")  # with the second one the plant can run the tests, too
SUMS = "SHA256SUMS"


def name_of(version: str) -> str:
    """What the folder is called: by version, and by the machines it is for."""
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return f"casting-inspection-{version}-{platform.system().lower()}-{platform.machine()}-{python}"


def make(target: Path, *, locks: tuple[str, ...] = LOCKS) -> str:
    """Fills the folder, which must not be there yet; the sum of its list of sums."""
    target.mkdir(parents=True)
    copy_program(target / "program")
    (target / "wheels").mkdir()
    for lock in locks:
        download(ROOT / lock, target / "wheels")
    shutil.copy(ROOT / "deploy" / "install.sh", target / "install.sh")
    return write_sums(target)


def copy_program(target: Path) -> None:
    """The files under version control, as they are now; a bundle of what is not committed says which that is."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, place)
    revision = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, check=True, capture_output=True)
    (target / "REVISION").write_bytes(revision.stdout)


def download(lock: Path, wheels: Path) -> None:
    """The wheels of a lock, each held against its sum; a package that would have to be built is refused."""
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--quiet", "--require-hashes"]
    subprocess.run([*command, "--only-binary", ":all:", "--dest", str(wheels), "--requirement", str(lock)], check=True)


def write_sums(target: Path) -> str:
    """Names every file with its sum, as ``sha256sum --check`` reads it; the sum of that list."""
    files = sorted(path for path in target.rglob("*") if path.is_file() and path.name != SUMS)
    lines = [f"{_sum(path)}  {path.relative_to(target).as_posix()}\n" for path in files]
    (target / SUMS).write_text("".join(lines), "utf-8")
    return _sum(target / SUMS)


def _sum(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


if __name__ == "__main__":
    from casting_core import __version__

    folder = Path(os.environ.get("OUT") or ROOT / "dist") / name_of(__version__)
    print(f"Making {folder} (about 750 MB; a minute or two).")
    made = make(folder)
    print(f"Done. Copy the folder to a medium. Send this sum another way, it stands for every file:\n{made}")
