"""Text from outside is printed as it is: it runs nothing, reads nothing, and none of its letters vanishes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from casting_core.workflows.reports import pdf as setting
from casting_core.workflows.reports import tables
from casting_core.workflows.reports.blocks import Section, Tone, Words
from casting_core.workflows.reports.letters import ALLOWED, LONGEST, shown
from casting_core.workflows.reports.sections.order import sections
from casting_core.workflows.reports.values import Report, Wrong
from tests.core.workflows.reports.pdf_text import text_of

HOSTILE = (
    '#eval("1+1")',
    '"]), #read("/etc/passwd")',
    '#image("../../etc/passwd")',
    '#import "@preview/x:1.0.0": *',
    "$x^2$ *bold* _under_ `raw` <label> @ref",
    "back\\slash \\u{41} // gone /* gone */ ~ -- ---",
    "[link](https://example.com) = heading",
    "a" * 60 + "_" + "b" * 50,
)


def printed(report: Report) -> str:
    return text_of(setting.pdf(report, sections(report)))


@pytest.fixture(scope="session")
def first(report: Report) -> Wrong:
    return report.missed[0]


def test_what_looks_like_source_is_printed_letter_by_letter(report: Report, first: Wrong) -> None:
    hostile = tuple(replace(first, casting=at, path=text) for at, text in enumerate(HOSTILE, start=1))
    told = printed(replace(report, missed=hostile, dataset=HOSTILE[0]))
    assert [text for text in HOSTILE if text not in told] == []
    assert "root:" not in told
    assert told.count(HOSTILE[0]) > 2  # the title, the facts, and the casting


def test_people_cannot_write_source_either(report: Report, first: Wrong) -> None:
    said = replace(report.missed[0].judgements[0], who='#panic("who")', note='"); #panic("note")', kind="#kind")
    told = printed(replace(report, missed=(replace(first, judgements=(said,)),)))
    assert 'label is right, #kind: "); #panic("note") (#panic("who"), ' in told


def test_letters_that_the_fonts_lack_are_written_by_their_numbers_and_that_is_said(
    report: Report, first: Wrong
) -> None:
    names = ("铸件/缺陷.jpg", "ok 😀.jpg", "abc\u202egpj.exe", "nul\x00tab\tline\n", "zero\u200bwidth", "שלום")
    castings = tuple(replace(first, casting=at, path=name) for at, name in enumerate(names, start=1))
    found = replace(report, missed=castings)
    told = printed(found)
    for name in (
        "<U+94F8 U+4EF6>/<U+7F3A U+9677>.jpg",
        "ok <U+1F600>.jpg",
        "abc<U+202E>gpj.exe",
        "nul<U+0000>tab<U+0009>line<U+000A>",
        "zero<U+200B>width",
        "<U+05E9 U+05DC U+05D5 U+05DD>",
    ):
        assert name in told
    assert setting.MISSING in told
    assert setting.MISSING not in printed(report)
    values = json.loads(tables.as_json(found, sections(found)))
    assert [one["path"] for one in values["missed"]] == list(names)


def test_letters_of_european_languages_are_printed_as_they_are(report: Report, first: Wrong) -> None:
    name = "Gehäuse_Nº5_łódź_ŞİŞE_Ελλάδα_Деталь.jpg"
    assert name in printed(replace(report, missed=(replace(first, path=name),)))
    apart = "Geha\u0308use"  # as some disks write it
    assert shown(apart) == "Gehäuse"


def test_the_fonts_that_come_with_typst_have_every_letter_that_is_let_through(report: Report) -> None:
    letters = "".join(chr(code) for low, high in ALLOWED for code in range(low, high + 1))
    every = tuple(Words(text=letters, tone=tone) for tone in (Tone.PLAIN, Tone.LEAD, Tone.COMMAND))
    told = text_of(setting.pdf(report, [Section(title=letters, blocks=every)]))  # typst refuses what it cannot show
    assert [letter for letter in "ÄÖÜßéłŁžŽΩЖ€№→≤" if told.count(letter) < 4] == []


def test_a_very_long_name_keeps_its_ends_and_leaves_the_page_whole(report: Report, first: Wrong) -> None:
    name = f"begin{'x' * 3000}end.jpg"
    told = printed(replace(report, missed=(replace(first, path=name),)))
    assert "begin" + "x" * 40 in told
    assert "xxxend.jpg" in told
    assert name not in told
    assert LONGEST < 200


def test_typst_is_given_a_folder_with_the_template_the_data_and_pictures_and_nothing_else(
    report: Report, tmp_path: Path
) -> None:
    setting._fill(tmp_path, report, sections(report))
    names = {path.name for path in tmp_path.iterdir()}
    assert {setting.TEMPLATE, setting.DATA} < names
    others = {name for name in names if not name.startswith("picture-")} - {setting.TEMPLATE, setting.DATA}
    assert others == set()
    template = (tmp_path / setting.TEMPLATE).read_text("utf-8")
    assert [word for word in ("eval(", "import", "include", "plugin(", "@preview") if word in template] == []
