"""An audit: what is wrong with a dataset and what follows from it, worked out once and then kept."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from casting_core import files
from casting_core.data.audit.finding import Finding, Severity
from casting_core.data.datasets.columns import Column
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Progress
from casting_core.errors import DatasetError
from casting_core.settings import settings
from casting_core.wording import count
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.stores import pixel_cache

VERSION = 4  # of the questions; an audit of an earlier version is made anew
STATE = [
    Column.PATH,
    Column.PHOTO,
    Column.SPLIT,
    Column.LABEL,
    Column.PROBLEM,
]  # a change in these makes it another audit
GROUPING, LOOKING, ASKING = "Finding photos of one casting", "Looking at light and sharpness", "Asking the questions"
PARTS = {GROUPING: 0.9, LOOKING: 0.07, ASKING: 0.03}  # of the time it takes, measured on 5,550 photos

Report = Callable[[str, float], None]  # what is being done, and how far the audit is, 0 to 1


@dataclass(frozen=True, kw_only=True)
class Audit:
    """The report: of which photos, made when, and what was found, the most serious first."""

    version: int
    fingerprint: str  # of the dataset
    made: float  # seconds since 1970
    seconds: float  # it took
    folder: str
    files: int
    photos: int  # usable and different by content
    castings: int
    findings: tuple[Finding, ...]

    def count(self, severity: Severity) -> int:
        """How many findings are this severe."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def headline(self) -> str:
        """The result in one sentence."""
        serious, known = self.count(Severity.SERIOUS), self.count(Severity.WORTH_KNOWING)
        asked = f"{count(self.photos, 'different photo')} of {count(self.castings, 'casting')}"
        if not serious and not known:
            return f"Nothing stands against these data: {asked}, {len(self.findings)} questions asked."
        start = count(serious, "serious finding") if serious else "No serious finding"
        return (
            f"{start}, {known} worth knowing, {self.count(Severity.FINE)} fine: {asked}, "
            f"{len(self.findings)} questions asked."
        )


def audit(
    dataset: Dataset,
    *,
    report: Report = lambda _doing, _share: None,
    should_stop: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.time,
) -> Audit:
    """Audits a dataset and keeps the result; ``DatasetError`` where no photo can be used, or when told to stop."""
    if dataset.usable.empty:
        raise DatasetError(f"no photo in {str(dataset.root)!r} can be used, so there is nothing to audit")
    from casting_core.data.audit.looks import look_at  # OpenCV, which the start of the dashboard must not pay for
    from casting_core.data.audit.questions import different, findings
    from casting_core.data.imaging.headers import read_header

    began, steps = clock(), _Steps(report, should_stop)
    steps.of(GROUPING)(0, 1)
    castings = casting_of(dataset, report=steps.of(GROUPING), should_stop=should_stop)
    photos = dataset.usable.assign(casting=dataset.usable["photo"].map(castings))
    once = different(photos)
    headers = [read_header(dataset.root / path) for path in once["path"]]
    looks = look_at(list(once["photo"]), pixel_cache(), report=steps.of(LOOKING))
    steps.of(ASKING)(0, 1)
    made = Audit(
        version=VERSION,
        fingerprint=dataset.fingerprint,
        made=clock(),
        seconds=clock() - began,
        folder=str(dataset.root),
        files=len(dataset.photos),
        photos=len(once),
        castings=int(once["casting"].nunique()),
        findings=findings(photos, dataset.problems, looks, headers),
    )
    files.replace(kept_at(dataset), _AS_JSON.dump_json(made))
    report(ASKING, 1.0)
    return made


def kept(dataset: Dataset) -> Audit | None:
    """The audit of just these files, if it was made before; one that is damaged or of an earlier version is none."""
    return read(kept_at(dataset))


def read(place: Path) -> Audit | None:
    """The audit that is kept there; none where it is missing, damaged or of an earlier version."""
    try:
        found = _AS_JSON.validate_json(place.read_bytes())
    except (OSError, ValidationError):
        return None
    return found if found.version == VERSION else None


def kept_at(dataset: Dataset) -> Path:
    """Where the audit of these files is kept."""
    rows = dataset.photos[STATE].sort_values(Column.PATH).to_csv(index=False, header=False)
    state = f"{VERSION}\n{dataset.fingerprint}\n{rows}"
    return settings().audits_dir / f"{hashlib.sha256(state.encode()).hexdigest()[:32]}.json"


def as_values(made: Audit) -> dict[str, Any]:
    """An audit as plain values, for machines."""
    values = _AS_JSON.dump_python(made, mode="json")
    return {"headline": made.headline, **values}


class _Steps:
    """Turns the steps of each part into how far the whole audit is, which only grows."""

    def __init__(self, report: Report, should_stop: Callable[[], bool]) -> None:
        self._report, self._should_stop, self._furthest = report, should_stop, 0.0

    def of(self, doing: str) -> Progress:
        """What one part of the audit reports its own steps to; it raises ``DatasetError`` when it is time to stop."""
        names = list(PARTS)
        before = sum(PARTS[name] for name in names[: names.index(doing)])

        def step(done: int, total: int) -> None:
            if self._should_stop():
                raise DatasetError("the audit was stopped before its end; nothing was kept")
            self._furthest = max(self._furthest, before + PARTS[doing] * done / max(total, 1))
            self._report(doing, self._furthest)

        return step


_AS_JSON = TypeAdapter(Audit)
