"""A backup as a job, asked for by a click: into the one folder that the settings name for it."""

from collections.abc import Callable
from pathlib import Path

from casting_core.errors import SettingsError
from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.pulse import counted
from casting_core.records.jobs import Job, Request
from casting_core.roles import Write, require
from casting_core.settings import settings
from casting_core.wording import count, room
from casting_core.workflows.installation.saving import back_up

KIND = "backup"
NOWHERE = "no folder for backups is named: set CASTING_BACKUP_DIR to one on another disk"


def start_backup(*, actor: str) -> Job:
    """Asks for it and returns at once; one that goes on goes on. ``SettingsError`` where no folder is named for it."""
    actor = require(Write.BACK_UP, actor)
    if settings().backup_dir is None:
        raise SettingsError(NOWHERE)
    if not actor.strip():
        raise SettingsError("say who backs up: an auditor will ask")
    request = Request(kind=KIND, inputs={}, about="everything", subject="everything", uses=(), actor=actor.strip())
    return control.ask(request, once=True)


def make_backup(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job does."""
    folder = settings().backup_dir
    if folder is None:
        raise SettingsError(NOWHERE)
    folder.mkdir(parents=True, exist_ok=True)
    step = counted(report, should_stop, "Backing up and reading back")
    made = back_up(Path(folder), actor=inputs.actor, report=step)
    return {"name": made.path.name, "files": made.files, "bytes": made.size, "left_out": list(made.left_out)}


def _outcome(result: Result) -> str:
    if "name" not in result:
        return ""
    left = f"; not in it: {', '.join(result['left_out'])}" if result.get("left_out") else ""
    size = f"{count(result['files'], 'file')}, {room(result['bytes'])}"
    return f"{result['name']}: {size}, written and read back{left}"


BACKUP = Kind(title="Backup", work=make_backup, outcome=_outcome)
