"""An audit as a plain text that a person files: every question, what was found, and the photos behind it."""

from collections.abc import Iterator
from datetime import UTC
from textwrap import wrap

import pandas as pd

from casting_core.data.audit.finding import Finding, Remedy, Severity
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.wording import count, duration, moment, printable
from casting_core.workflows.audit.audit import Audit

WIDTH = 100  # letters of a line
SIDE_BY_SIDE = 2  # photos of a group, in the short form
HEADINGS = {Severity.SERIOUS: "Serious", Severity.WORTH_KNOWING: "Worth knowing", Severity.FINE: "Fine"}


def text(made: Audit, dataset: Dataset, *, name: str, longest: int | None = None) -> str:
    """The report. ``longest``: how many photos or files are listed for a finding; all of them if not given."""
    lines = [
        f"Audit of {printable(name)}",
        "",
        *wrap(made.headline, WIDTH),
        "",
        f"made         {moment(made.made, UTC)} UTC, in {duration(made.seconds)}",
        f"folder       {printable(made.folder)}",
        f"files        {made.files:,}, {made.photos:,} usable photos that differ, {made.castings:,} castings",
        f"fingerprint  {made.fingerprint}",
        f"questions    version {made.version}; bounds are one-sided, confidence 95 %",
    ]
    places = _places(dataset)
    for severity, heading in HEADINGS.items():
        findings = [finding for finding in made.findings if finding.severity is severity]
        if findings:
            lines += ["", "", heading.upper()]
        for finding in findings:
            lines += ["", *_finding(finding, places, dataset.problems, longest)]
    return "\n".join(lines) + "\n"


def _finding(finding: Finding, places: "pd.Series[str]", problems: pd.DataFrame, longest: int | None) -> Iterator[str]:
    yield from wrap(finding.title, WIDTH)
    yield from _indented(finding.consequence)
    if finding.remedy is not Remedy.NONE:
        yield from _indented(f"What helps: {finding.remedy}.")
    behind = list(_behind(finding, places, problems, longest))
    shown = behind if longest is None else behind[:longest]
    yield from (f"    - {printable(line)}" for line in shown)
    if len(shown) < len(behind):
        yield f"    - and {len(behind) - len(shown):,} more"


def _behind(finding: Finding, places: "pd.Series[str]", problems: pd.DataFrame, longest: int | None) -> Iterator[str]:
    """The photos, groups or files behind a finding, a line each."""
    reasons = dict(zip(problems["path"], problems["problem"], strict=True))
    if finding.groups:
        for at, group in enumerate(finding.groups):
            name = finding.names[at] if finding.names else count(len(group), "photo")
            shown = group if longest is None else group[:SIDE_BY_SIDE]
            listed = "; ".join(str(places.get(photo, photo)) for photo in shown)
            yield f"{name}: {listed}" + ("; ..." if len(shown) < len(group) else "")
    elif finding.files:
        yield from (f"{path}: {reasons[path]}" if path in reasons else path for path in finding.files)
    else:
        yield from (str(places.get(photo, photo)) for photo in finding.photos)


def _places(dataset: Dataset) -> "pd.Series[str]":
    """Where each photo lies, by its sha256, with its label; all its places where it has several."""
    rows = dataset.usable
    words = [f"{path} ({Label(label).word})" for path, label in zip(rows["path"], rows["label"], strict=True)]
    return pd.Series(words, index=rows["photo"]).groupby(level=0).agg(" = ".join)


def _indented(words: str) -> list[str]:
    return wrap(words, WIDTH, initial_indent="    ", subsequent_indent="    ")
