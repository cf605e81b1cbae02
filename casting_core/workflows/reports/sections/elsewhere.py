"""What other parts of the program bring; where they have brought nothing, the report says that it was not measured."""

from casting_core.workflows.reports.blocks import Block, Section, Words
from casting_core.workflows.reports.values import Report


def stress(report: Report) -> Section:
    """What other light, blur and noise do to the verdicts."""
    absent = "Not measured: nothing is known of how other light, blur, noise or a turned part change the verdicts."
    return _section("Stress", report.stress, absent)


def agreement(report: Report) -> Section:
    """How far version and people agree, and people with each other."""
    absent = "Not measured: nothing is known of how often people agree with this version, or with each other."
    return _section("Agreement with people", report.agreement, absent)


def _section(title: str, told: tuple[Block, ...], absent: str) -> Section:
    return Section(title=title, blocks=told or (Words(text=absent),))
