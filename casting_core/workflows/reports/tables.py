"""The same content as a table for a spreadsheet, and as JSON for machines."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from casting_core.domain import WRONG_CASTING
from casting_core.records.version_files import GRAPH
from casting_core.wording import spreadsheet_cell
from casting_core.workflows.audit.audit import as_values as audit_values
from casting_core.workflows.reports.blocks import (
    Block,
    Cards,
    Charts,
    Facts,
    Listed,
    Matrices,
    Section,
    Signatures,
    Table,
    Tiles,
    Words,
)
from casting_core.workflows.reports.sections.proof import sentence
from casting_core.workflows.reports.values import Report, Wrong

COLUMNS = ("section", "row", "name", "value")
OF_THIS_MACHINE = ("folder", "made", "seconds")  # of an audit: made again elsewhere it finds the same

Row = tuple[str, str, str]  # row, name, value


def as_csv(report: Report, sections: Sequence[Section]) -> str:
    """The report for a spreadsheet, which runs none of its cells: a line for each value, in the order of the PDF."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerow(_cells("Report", "", "version", report.card.name))
    table.writerow(_cells("Report", "", "dataset", report.dataset))
    table.writerow(_cells("Report", "", "made", _moment(report)))
    for section in sections:
        for block in section.blocks:
            for row in _rows(block):
                table.writerow(_cells(section.title, *row))
    return written.getvalue()


def as_json(report: Report, sections: Sequence[Section]) -> str:
    """The report for machines: the figures as ``evaluate --json`` gives them, every casting, and all sections."""
    return json.dumps(as_values(report, sections), indent=1, sort_keys=False) + "\n"


def as_values(report: Report, sections: Sequence[Section]) -> dict[str, Any]:
    """The same as plain values."""
    card = report.card
    return {
        "model": card.name,
        "graph": card.files.get(GRAPH, ""),
        "program": report.program,
        "made": _moment(report),
        "in_production": report.in_production,
        "dataset": {
            "name": report.dataset,
            "revision": report.revision,
            "fingerprint": report.fingerprint,
            "learned_from": report.same_data,
            "photos": [vars(group) for group in report.groups],
        },
        "split": report.split,
        "threshold": report.point.threshold,
        "upper": report.point.upper,
        "threshold_chosen": report.point.chosen,
        "points": [vars(one) | {"point": vars(one.point)} for one in report.points],
        "proof": sentence(report),
        "proves": report.score.proves,
        "castings_rule": WRONG_CASTING,
        "figures": report.figures.model_dump(mode="json"),
        "inspect": report.judged.not_found + report.judged.between,
        "refused": [{"path": path, "reason": reason} for path, reason in report.judged.refused],
        "missed": [_wrong(one) for one in report.missed],
        "false_alarms": [_wrong(one) for one in report.false_alarms],
        "audit": {name: told for name, told in audit_values(report.audit).items() if name not in OF_THIS_MACHINE},
        "defect_rate": report.defect_rate,
        "ledger": {"head": str(report.head), "broken": report.broken},
        "card": card.model_dump(mode="json"),
        "sections": [_section(section) for section in sections],
    }


def _moment(report: Report) -> str:
    return report.made.isoformat().replace("+00:00", "Z")


def _wrong(one: Wrong) -> dict[str, Any]:
    told = {name: value for name, value in vars(one).items() if name not in ("picture", "evidence", "judgements")}
    return told | {"judgements": [vars(said) for said in one.judgements]}


def _section(section: Section) -> dict[str, Any]:
    rows = [{"row": row, "name": name, "value": value} for block in section.blocks for row, name, value in _rows(block)]
    return {"title": section.title, "rows": rows}


def _rows(block: Block) -> Iterator[Row]:
    match block:
        case Words():
            yield "", block.tone.value, block.text
        case Listed():
            yield from (("", "limit", item) for item in block.items)
        case Facts():
            yield from (("", name, value) for name, value in block.rows)
        case Table():
            for number, row in enumerate(block.rows, start=1):
                yield from ((str(number), name, cell) for name, cell in zip(block.columns, row, strict=True))
        case Tiles():
            yield from (("", tile.label, f"{tile.figure}; {tile.note}") for tile in block.tiles)
        case Matrices():
            for one in block.matrices:
                for label, (passed, rejected) in (("ok", one.ok), ("defective", one.defective)):
                    yield one.of, f"{label}, passed", str(passed)
                    yield one.of, f"{label}, rejected", str(rejected)
        case Charts():
            yield from (("", "chart", f"{chart.title}: {chart.alt}") for chart in block.charts)
        case Cards():
            yield from ((card.title, name, value) for card in block.cards for name, value in card.facts)
        case Signatures():
            yield from (("", "to sign", role) for role in block.roles)


def _cells(*texts: str) -> list[str]:
    return [spreadsheet_cell(text) for text in texts]
