"""A report as PDF/A, set by typst from ``report.typ``, which lies beside this file.

Every text reaches typst as data, in a JSON file; none of it is ever source, so no name of a file or of a person can run
or read anything. typst's root is a folder that holds the template, that file and the pictures, and nothing else.
"""

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

import typst

from casting_core.errors import CastingError
from casting_core.records.version_files import GRAPH
from casting_core.workflows.reports.blocks import Section
from casting_core.workflows.reports.letters import shown
from casting_core.workflows.reports.values import Report

ARCHIVED: Final = "a-2a"  # kept for ever, with structure for who cannot see the page; typst checks both
READABLE: Final = "ua-1"
TEMPLATE, DATA = "report.typ", "data.json"
MISSING = (
    "Letters that the fonts of this report lack, or that turn or hide text, are written by their numbers, as "
    "<U+4E2D>; the table and the JSON that belong to it have them as they are."
)


def pdf(report: Report, sections: Sequence[Section]) -> bytes:
    """The report as PDF/A-2a and PDF/UA-1; the same report always gives the same bytes.

    Raises ``CastingError`` where typst refuses it, as it does where a letter cannot be shown.
    """
    with tempfile.TemporaryDirectory(prefix="report-") as name:
        folder = Path(name)
        _fill(folder, report, sections)
        # No fonts and no packages of this machine: only what comes with typst, so that bytes are the same everywhere.
        beside = str(folder / "packages")
        compiler = typst.Compiler(
            str(folder / TEMPLATE),
            root=name,
            ignore_system_fonts=True,
            package_path=beside,
            package_cache_path=beside,
        )
        try:
            made = compiler.compile(
                format="pdf", pdf_standards=[ARCHIVED, READABLE], timestamp=int(report.made.timestamp())
            )
        except typst.TypstError as error:
            raise CastingError(f"the report cannot be set: {error}") from error
    assert isinstance(made, bytes)
    return made


def pages(report: Report, sections: Sequence[Section], *, ppi: float = 80) -> list[bytes]:
    """The pages of the same report as PNG, for whoever looks at them."""
    with tempfile.TemporaryDirectory(prefix="report-") as name:
        _fill(Path(name), report, sections)
        made = typst.Compiler(str(Path(name) / TEMPLATE), root=name, ignore_system_fonts=True).compile(
            format="png", ppi=ppi
        )
    return [made] if isinstance(made, bytes) else list(made or [])


def conformance(content: bytes) -> tuple[str, ...]:
    """The standards that a PDF says in its metadata that it keeps to, as ``PDF/A-2A``."""
    part = re.search(rb"<pdfaid:part>(\d)</pdfaid:part>", content)
    level = re.search(rb"<pdfaid:conformance>(\w)</pdfaid:conformance>", content)
    access = re.search(rb"<pdfuaid:part>(\d)</pdfuaid:part>", content)
    told = [f"PDF/A-{part[1].decode()}{level[1].decode() if level else ''}"] if part else []
    return (*told, *([f"PDF/UA-{access[1].decode()}"] if access else []))


def _fill(folder: Path, report: Report, sections: Sequence[Section]) -> None:
    """Writes the template, the data and the pictures, and nothing else."""
    (folder / TEMPLATE).write_bytes(Path(__file__).with_name(TEMPLATE).read_bytes())
    pictures: dict[str, bytes] = {}
    plain = {"dataset": report.dataset, "sections": _plain([*sections], pictures)}
    printable = _printable(plain)
    for name, content in pictures.items():
        (folder / name).write_bytes(content)
    data = {
        "version": report.card.name,
        **printable,
        "graph": report.card.files.get(GRAPH, ""),
        "program": report.program,
        "made": report.made.strftime("%Y-%m-%d %H:%M UTC"),
        "day": report.made.strftime("%Y-%m-%d"),
        "moment": list(report.made.timetuple()[:6]),
        "in_production": report.in_production,
        "missing": MISSING if printable != plain else "",
    }
    (folder / DATA).write_text(json.dumps(data, ensure_ascii=True), "utf-8")


def _plain(value: Any, pictures: dict[str, bytes]) -> Any:
    """A value as JSON can hold it; pictures and drawings become names of files."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return _file(value, "jpg", pictures)
    if isinstance(value, list | tuple):
        return [_plain(one, pictures) for one in value]
    if is_dataclass(value):
        return {"kind": type(value).__name__.lower(), **dict(_members(value, pictures))}
    return value


def _members(value: Any, pictures: dict[str, bytes]) -> Iterator[tuple[str, Any]]:
    for one in fields(value):
        held = getattr(value, one.name)
        yield one.name, _file(held.encode(), "svg", pictures) if one.name == "svg" else _plain(held, pictures)


def _file(content: bytes, kind: str, pictures: dict[str, bytes]) -> str:
    name = f"picture-{len(pictures) + 1}.{kind}"
    pictures[name] = content
    return name


def _printable(value: Any) -> Any:
    """The same values with every text as it can be printed."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, list):
        return [_printable(one) for one in value]
    if isinstance(value, dict):
        return {name: _printable(one) for name, one in value.items()}
    return value
