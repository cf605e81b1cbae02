"""The castings that were judged wrongly: every missed one with its photo, then the false alarms."""

from datetime import UTC

from casting_core.wording import count, moment
from casting_core.workflows.reports.blocks import Block, Card, Cards, Section, Table, Tone, Words
from casting_core.workflows.reports.letters import short
from casting_core.workflows.reports.values import Report, Wrong
from casting_core.workflows.review.judgements import Judgement

RING = "Left the photo as the network saw it, right the evidence: the ring marks its strongest place."
KNOWN = {True: "never seen by the version", False: "learned from, or used to choose", None: "not known whether seen"}


def missed(report: Report) -> Section:
    """Every defective casting with a photo that was passed, by its worst photo."""
    title = "Missed castings"
    if not report.missed:
        return Section(title=title, blocks=(Words(text="No defective casting judged here was missed in any photo."),))
    told = (
        f"{count(len(report.missed), 'defective casting')} with a photo that was passed, the lowest score first. {RING}"
    )
    cards = Cards(cards=tuple(_card(one) for one in report.missed))
    return Section(title=title, blocks=(Words(text=told), cards))


def false_alarms(report: Report) -> Section:
    """Every ok casting with a photo that was rejected; the worst of them with their photos."""
    title, found = "False alarms", report.false_alarms
    if not found:
        return Section(title=title, blocks=(Words(text="No ok casting judged here was rejected in any photo."),))
    shown = tuple(_card(one) for one in found if one.picture)
    told = f"{count(len(found), 'ok casting')} with a photo that was rejected, the highest score first. {RING}"
    if len(shown) < len(found):
        told += f" The table lists all of them, the first {len(shown)} are shown."
    blocks: list[Block] = [Words(text=told), Cards(cards=shown)]
    rows = tuple(
        (f"{one.casting}", f"{one.wrong} of {one.photos}", f"{one.score:.3f}", short(one.path), one.photo[:16])
        for one in found
    )
    columns = ("casting", "photos rejected", "score", "worst photo", "sha256 begins")
    blocks.append(Table(columns=columns, rows=rows, numbers=(0, 1, 2), wide=(3,), codes=(4,)))
    blocks.append(Words(text="A score of 1 is also given where the part was not found in the photo.", tone=Tone.NOTE))
    return Section(title=title, blocks=tuple(blocks))


def _card(one: Wrong) -> Card:
    disputed = ", labelled both ways" if one.both_ways else ""
    facts = [
        ("worst photo", short(one.path)),
        ("score", f"{one.score:.3f}"),
        ("photos wrong", f"{one.wrong} of {one.photos}"),
        ("casting", KNOWN[one.new] + disputed),
        *([("kind of defect", short(one.kind))] if one.kind else []),
        ("judgement", "; ".join(map(_judgement, one.judgements)) or "none: nobody has judged it yet"),
        ("sha256", one.photo),
    ]
    return Card(title=f"Casting {one.casting}", photo=one.picture, evidence=one.evidence, facts=tuple(facts))


def _judgement(one: Judgement) -> str:
    kind, note = (f", {one.kind}" if one.kind else ""), (f": {one.note}" if one.note else "")
    return f"{one.judged}{kind}{note} ({short(one.who)}, {moment(one.at, UTC)} UTC)"
