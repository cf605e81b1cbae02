"""The board in words, and as plain values."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from casting_core.judging.watch.counts import Counts
from casting_core.wording import count, listed, moment, percent, printable, verb
from casting_core.workflows.watching.board import Board
from casting_core.workflows.watching.changes import DAYS, LOOK, LOOKS, Against, Change, Sign
from casting_core.workflows.watching.outgoing import Drawn, Escapes

WORDS = {  # of what fell, and of what rose
    Sign.LIGHT: ("Photos are{} darker", "Photos are{} brighter"),
    Sign.SHARPNESS: ("Photos are{} less sharp", "Photos are{} sharper"),
    Sign.SCORE: ("Scores are{} lower", "Scores are{} higher"),
    Sign.LOOKS: ("Parts look{} different to the network",) * 2,
}
LEARNED = {
    Sign.LIGHT: "than those it learned from",
    Sign.SHARPNESS: "than those it learned from",
    Sign.SCORE: "than of castings it learned from",
    Sign.LOOKS: "than castings it learned from",
}
NAMES = {Sign.LIGHT: "light", Sign.SHARPNESS: "sharpness", Sign.SCORE: "scores", Sign.LOOKS: "looks"}
UNNUMBERED = "Their parts have no numbers: where several photos show one part, it may be chance."
BUDGET = (
    f"A look comes every {LOOK} parts. Of a line that does not change one look in {LOOKS:,} is a false alarm at most, "
    f"that is one in {LOOKS * LOOK:,} parts, and one in {DAYS} days against earlier days, on average, all signs "
    "together. Scores and looks are compared with castings that were used for validation only: what a network says of "
    "those it was trained on is no measure."
)


def counts(some: Counts) -> str:
    """What became of parts, in a line."""
    told = (
        f"{count(some.judged, 'part')} judged: {some.rejected:,} rejected, {some.inspect:,} to inspect, "
        f"{some.passed:,} passed"
    )
    return told + (f"; {count(some.gated, 'photo')} refused by the gate" if some.gated else "")


def chart(board: Board) -> str:
    """What the chart of rejects says, in a sentence."""
    if board.chart is None:
        return "Too few shifts, or no reject, for limits of the share of rejects."
    outside = [at for at, is_so in enumerate(board.chart.outside) if is_so]
    of_all = f"{percent(board.chart.centre)} of parts were rejected in these weeks"
    if not outside:
        return f"{of_all}; no shift lies outside of its limits."
    last = [f"{board.shifts[at].name()} ({percent(float(board.chart.share[at]))})" for at in outside[:-4:-1]]
    return f"{of_all}; outside of their limits: {count(len(outside), 'shift')}, the last ones {listed(last)}."


def change(one: Change, today: date) -> str:
    """An alarm in a sentence, as: Photos are 20 % darker than those it learned from, since Tuesday."""
    falls, rises = WORDS[one.sign]
    since = "" if one.since is None else f", since {_day(one.since, today)}"
    words = (rises if one.found.rises else falls).format(_by(one))
    others = {Against.EARLIER: "than on earlier days", Against.USUAL: "than what was called usual"}
    than = others.get(one.against, LEARNED[one.sign])
    doubt = "" if one.numbered or one.against is Against.EARLIER else f" {UNNUMBERED}"
    return f"{words} {than}{since}.{doubt}"


def alarms(some: Sequence[Change]) -> list[Change]:
    """The changes to be told: of each sign one, that against what the version learned from first."""
    found: dict[Sign, Change] = {}
    for one in sorted(some, key=lambda one: list(Against).index(one.against)):
        if one.found.alarm:
            found.setdefault(one.sign, one)
    return list(found.values())


def calm(some: Sequence[Change]) -> str:
    """The signs that raised no alarm at all, in a sentence; nothing where all did, or nothing was compared."""
    told, raised = [], {one.sign for one in alarms(some)}
    for against in Against:
        names = [NAMES[one.sign] for one in some if one.against is against and one.sign not in raised]
        if names:
            told.append(f"as in {against.value}: {listed(names)}")
    return f"{'; '.join(told).capitalize()}." if told else ""


def escapes(found: Escapes) -> str:
    """What the outgoing audit proves, in a sentence."""
    if not found.looked:
        return "No passed part was looked at yet, so nothing is proven of escapes."
    tenths = math.ceil(found.upper * 1000) / 10  # upwards, so that it is never less than proven
    seen = (
        f"{found.escaped:,} of {count(found.looked, 'passed part')} looked at {verb(found.escaped, 'were')} defective."
    )
    return f"{seen} With 95 % confidence at most {tenths:.1f} % of passed parts are, whenever one looks."


def text(board: Board, some: Sequence[Change], found: Escapes, to_look: Sequence[Drawn], model: str) -> str:
    """The board for a terminal; ``model`` is the version in production."""
    today = board.shifts[-1].day
    lines = [
        f"Model in use: {model}",
        f"Today: {counts(board.today)}.",
        f"The last 7 working days: {counts(board.week)}.",
        chart(board),
        f"{board.overruled:,} of {count(board.said, 'verdict')} that people spoke about this week overruled; "
        f"{len(board.waiting):,} to inspect that nobody has spoken about.",
        *[f"CHANGE: {change(one, today)}" for one in alarms(some)],
        calm(some) or "Nothing could be compared yet with what the version learned from, or with earlier days.",
        escapes(found),
        f"{count(len(to_look), 'passed part')} to look at for the outgoing audit.",
        *[f"  {printable(one.name)}  judged {moment(one.at)}" for one in to_look],
    ]
    return "\n".join(lines)


def values(
    board: Board, some: Sequence[Change], found: Escapes, to_look: Sequence[Drawn], model: str
) -> dict[str, Any]:
    """The same for machines."""
    limits = board.chart
    return {
        "model": model,
        "today": _values(board.today),
        "week": _values(board.week),
        "shifts": [
            {"start": shift.start, "end": shift.end, **_values(one)}
            | ({} if limits is None else {"lower": _number(limits.lower[at]), "upper": _number(limits.upper[at])})
            for at, (shift, one) in enumerate(zip(board.shifts, board.counts, strict=True))
        ],
        "centre": None if limits is None else limits.centre,
        "varies": None if limits is None else limits.varies,
        "said": board.said,
        "overruled": board.overruled,
        "waiting": [asdict(one) for one in board.waiting],
        "changes": [_change(one, board.shifts[-1].day) for one in some],
        "false_alarms": {"looks": LOOKS, "parts_of_a_look": LOOK, "days": DAYS},
        "escapes": asdict(found) | {"upper": found.upper},
        "to_look_at": [asdict(one) | {"shift": one.shift.start} for one in to_look],
    }


def _values(some: Counts) -> dict[str, int]:
    return {"judged": some.judged} | asdict(some)


def _change(one: Change, today: date) -> dict[str, Any]:
    told = asdict(one) | {"sign": one.sign.value, "against": one.against.value, "outcome": one.outcome.name.lower()}
    numbers = {"usual": _number(one.usual), "now": _number(one.now)}
    since = None if one.since is None else one.since.isoformat()
    return told | numbers | {"since": since, "told": change(one, today) if one.found.alarm else ""}


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _by(one: Change) -> str:
    """By how much, in the median, where a share says it."""
    if one.sign not in (Sign.LIGHT, Sign.SHARPNESS) or not one.usual:
        return ""
    return f" {percent(abs(one.now / one.usual - 1))}"


def _day(day: date, today: date) -> str:
    """A day as people say it: its name in the last week, else its date."""
    if day == today:
        return "today"
    return day.strftime("%A") if today - day < timedelta(days=7) else day.isoformat()
