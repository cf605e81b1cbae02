"""Which sections a report has, in which order. A new one is a function and a line here."""

from collections.abc import Callable

from casting_core.workflows.reports.blocks import Section
from casting_core.workflows.reports.sections import castings, closing, elsewhere, photos, proof, result, version
from casting_core.workflows.reports.values import Report

SECTIONS: tuple[Callable[[Report], Section], ...] = (
    proof.proof,
    version.identity,
    photos.data,
    photos.audit,
    photos.split,
    version.recipe,
    version.curves,
    result.verdicts,
    result.operating_point,
    result.kinds,
    castings.missed,
    castings.false_alarms,
    elsewhere.stress,
    elsewhere.agreement,
    closing.limits,
    closing.ledger,
    closing.signatures,
)


def sections(report: Report) -> tuple[Section, ...]:
    """The whole report, section by section."""
    return tuple(section(report) for section in SECTIONS)
