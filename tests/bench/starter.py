"""Makes the starter model version anew: draws the sample, trains on it as a user would, and keeps what judging needs.

``make starter`` calls it; the figures of the result are measured by ``make bench`` on castings of another seed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from casting_core.records.registry import GATE, GRAPH, LEARNED, STARTER, Registry, finish
from casting_core.settings import ROOT

COMMAND = (sys.executable, "-m", "casting_core")


def main() -> None:
    """Trains in a folder of its own and replaces ``model/starter`` when all is done."""
    with tempfile.TemporaryDirectory() as folder:
        sample, models = Path(folder) / "Drawn sample", Path(folder) / "model"
        here = os.environ | {"CASTING_DATA_DIR": str(Path(folder) / "data"), "CASTING_MODEL_DIR": str(models)}
        subprocess.run([*COMMAND, "sample", str(sample)], env=here, check=True)
        train = ["train", "--data", str(sample), "--network", "evidence", "--validation-share", "0.2"]
        subprocess.run([*COMMAND, *train], env=here, check=True)
        starter = keep(Registry(models, models / "none"), Path(folder) / STARTER)
        shutil.rmtree(ROOT / "model" / STARTER, ignore_errors=True)
        shutil.copytree(starter, ROOT / "model" / STARTER)


def keep(made: Registry, starter: Path) -> Path:
    """The new folder, with what judging needs of the newest version, and a card that names no run."""
    starter.mkdir()
    for file in (GRAPH, GATE, LEARNED):
        (starter / file).write_bytes(made.file(made.newest(), file))
    finish(starter, made.card(made.newest()).model_copy(update={"name": STARTER, "run": None}))
    return starter


if __name__ == "__main__":
    main()
