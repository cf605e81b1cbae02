"""What commands answer, for tests: run as a person would, in this process; and versions to ask them about."""

import json
import shutil
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from PIL import Image

from casting_core.__main__ import main
from casting_core.records.version_files import LEARNED
from casting_core.records.version_folder import finish
from casting_core.settings import settings
from casting_core.workflows.stores import registry


def said(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def answered(*arguments: object) -> Any:
    """The JSON object that a command prints; it must have done its job, and printed nothing else."""
    result = said(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*arguments: object) -> str:
    """The one sentence with which a command refuses."""
    result = said(*arguments)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    errors = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1, result.stderr
    return errors[0]


def casting_photo(path: Path, shade: int = 100) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (40, 40), shade).save(path)
    return path


def copied(version: str, name: str, *, threshold: float = 0.5, silent: bool = False) -> str:
    """Another version with the same graph; a silent one does not say what it learned from."""
    folder = shutil.copytree(settings().model_dir / version, settings().model_dir / name)
    if silent:
        (folder / LEARNED).unlink()
    finish(folder, registry().card(version).model_copy(update={"name": name, "threshold": threshold}))
    return name
