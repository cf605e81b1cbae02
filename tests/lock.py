"""``make lock``: works out which packages the requirements bring, on every machine, and writes them with their sums."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST = "3.11"  # of the versions of Python; a lock for all machines covers those after it
HEAD = """\
# Every package that {requirements} brings, with the sums of its files, for Python 3.11 to 3.13 on every machine.
# Made by `make lock`, and not by hand.

"""
OPTIONS = ("--generate-hashes", "--universal", "--python-version", OLDEST, "--no-header", "--no-annotate", "--quiet")


def lock(uv: str, requirements: str, *, within: str = "") -> None:
    """Writes the lock beside these requirements; where packages are in ``within`` too, they are the same."""
    made = [f"--constraint={within}"] if within else []
    command = [uv, "pip", "compile", *OPTIONS, *made, requirements]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    target = (ROOT / requirements).with_suffix(".lock")
    target.write_text(HEAD.format(requirements=requirements) + done.stdout, "utf-8")


if __name__ == "__main__":
    lock(sys.argv[1], "requirements.txt")
    lock(sys.argv[1], "requirements-scale.txt", within="requirements.lock")
    lock(sys.argv[1], "requirements-dev.txt", within="requirements-scale.lock")
    lock(sys.argv[1], "requirements-s3.txt")
