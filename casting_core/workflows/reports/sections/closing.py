"""What ends a report: the limits of use, the head of the ledger, and the lines to sign on."""

import math
from collections.abc import Iterator
from datetime import UTC

from casting_core.data.audit.finding import Kind, Severity
from casting_core.judging.bounds import CONFIDENCE
from casting_core.records.chain import Entry
from casting_core.records.version_files import GRAPH
from casting_core.wording import count, few, moment, verb
from casting_core.workflows.reports.blocks import Block, Facts, Listed, Section, Signatures, Tone, Words
from casting_core.workflows.reports.letters import short
from casting_core.workflows.reports.values import Report

SHORTCUTS = (Kind.BRIGHTNESS, Kind.BACKGROUND, Kind.FILES)  # what may tell the label beside the defects
WANTED = 0.01  # a share of escapes that many plants ask for
ROLES = ("Prepared", "Checked", "Released")


def limits(report: Report) -> Section:
    """What this version must not be used for, in sentences made from what is known of it."""
    return Section(title="Limits of use", blocks=(Listed(items=tuple(_limits(report))),))


def _limits(report: Report) -> Iterator[str]:
    card, outcomes = report.card, report.score.outcomes
    learned = count(card.data.trained_on, "photo")
    yield (
        f"Made for one part only: {card.name} learned from {learned} of {short(card.data.name)}. For another part, or "
        "after a change of camera, lens, light or position, nothing in this report holds until it is measured again."
    )
    if report.score.proves:
        yield "The bounds hold for castings drawn like those counted here, with as many photos each; not for others."
    else:
        yield "No casting proves what this version is worth: every figure here may be too good."
    if outcomes is not None and few(outcomes):
        yield few(outcomes)
    if report.score.proves and outcomes is not None and outcomes.defective.upper > WANTED:
        yield (
            f"To prove that at most 1 % of defective castings escape takes {_castings_for(WANTED)} defective castings "
            f"never seen, none of which escapes; here are {outcomes.defective.n:,}."
        )
    light = [one for one in report.audit.findings if one.kind in SHORTCUTS and one.severity is not Severity.FINE]
    for finding in light:
        yield f"Something beside the defects may tell the label: {finding.title.rstrip('.')}. {finding.consequence}"
    if not light:
        yield (
            "Light: keep it as it was. The audit found no sign that it tells the label; how much it may change is not "
            "known."
        )
    if checks := sum(bool(one.check) for one in report.points):
        yield (
            f"The test castings were looked at for {count(checks, 'operating point')} that people set: the more often, "
            "the less they prove of the one that was kept."
        )
    for sentence in report.size_limits:
        yield f"{sentence[:1].upper()}{sentence[1:].rstrip('.')}."
    yield (
        "The verdict inspect means that the part was not found as the version knows it: a person must look, and the "
        "part must not pass. A photo that the gate refuses gets no verdict: it is taken again."
    )
    refused = report.judged.refused
    if refused:
        number, first = len(refused), f"{short(refused[0][0])}: {refused[0][1]}"
        yield (
            f"{count(number, 'photo')} judged here {verb(number, 'are')} counted, though the gate would have refused "
            f"{f'them, the first of them {first}' if number > 1 else f'it, {first}'}."
        )
    yield "Labels are taken as true. A wrong label counts as a wrong verdict, and the other way round."


def _castings_for(part: float) -> int:
    """How many castings without an escape prove at most this share (1 - part)**n <= 5 %."""
    return math.ceil(math.log(1 - CONFIDENCE) / math.log(1 - part))


def ledger(report: Report) -> Section:
    """Who put the version in production, and the head by which rows that are cut off later are found."""
    blocks: list[Block] = []
    if report.broken:
        blocks.append(Words(text=f"{report.broken[:1].upper()}{report.broken[1:]}.", tone=Tone.WARNING))
    rows = [(f"{moment(row.at / 1000, UTC)} UTC", _signed(row)) for row in report.promotions]
    if rows:
        blocks += [Words(text="The version was put in production:"), Facts(rows=tuple(rows))]
    else:
        blocks.append(Words(text="The ledger of this installation has no row that puts this version in production."))
    blocks.append(Facts(rows=(("head of the ledger", str(report.head)),)))
    told = (
        "Decisions, judgements, promotions and verdicts are rows of a ledger in which each carries the hash of the one "
        f"before; it had {count(report.head.number, 'row')}. To see that none was altered, taken out or cut off since:"
    )
    command = f"python -m casting_core ledger verify --head {report.head}"
    blocks += [Words(text=told, tone=Tone.NOTE), Words(text=command, tone=Tone.COMMAND)]
    return Section(title="Ledger", blocks=tuple(blocks))


def _signed(row: Entry) -> str:
    return ": ".join(filter(None, (f"by {row.actor or 'nobody named'}", row.reason)))


def signatures(report: Report) -> Section:
    """What is signed, so that a page torn off still says it, and lines for those who answer for it."""
    made, graph = moment(report.made.timestamp(), UTC), report.card.files.get(GRAPH, "not on its card")
    told = (
        f"Signed is the report of {made} UTC on {report.card.name} (graph {graph}), on {short(report.dataset)}, "
        f"revision {report.revision}, with the ledger at row {report.head.number:,}."
    )
    return Section(title="Signatures", blocks=(Words(text=told, tone=Tone.NOTE), Signatures(roles=ROLES)))
