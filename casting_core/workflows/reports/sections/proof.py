"""What is proven: the first thing that a report says."""

from casting_core.domain import CastingOutcomes, ClassOutcome, Part
from casting_core.wording import at_most, count, escapes, false_alarms, few, rule
from casting_core.wording import proof as proven
from casting_core.workflows.judging.learned import nothing_learned
from casting_core.workflows.judging.scores import NOT_COUNTED
from casting_core.workflows.reports.blocks import Block, Section, Table, Tile, Tiles, Tone, Words
from casting_core.workflows.reports.values import Report

MANY = 0.1  # of the photos judged: where the gate refuses more, the version was hardly made for this part
COLUMNS = ("castings", "defective", "escaped", "escape at most", "ok", "rejected", "rejected at most", "photos")


def proof(report: Report) -> Section:
    """Escapes and false alarms of castings never seen with their bounds, or that nothing is proven."""
    blocks: list[Block] = [Words(text=sentence(report), tone=Tone.LEAD)]
    if worthless := nothing_learned(report.card):
        blocks.append(Words(text=worthless, tone=Tone.WARNING))
    if refused := len(report.judged.refused):
        share = refused / len(report.judged.labels)
        if share > MANY:
            blocks.append(Words(text=_foreign(report, refused), tone=Tone.WARNING))
    outcomes = report.score.outcomes
    if outcomes is not None:
        blocks += [_tiles(outcomes, proves=report.score.proves), _table(report)]
        blocks.append(Words(text=_reading(report, outcomes), tone=Tone.NOTE))
    return Section(title="What is proven", blocks=tuple(blocks))


def _foreign(report: Report, refused: int) -> str:
    _, reason = report.judged.refused[0]
    which = f"{refused:,} of these {count(len(report.judged.labels), 'photo')}"
    return (
        f"At inspection {report.card.name} would give no verdict on {which}: its gate refuses them ({reason}). These "
        "figures count them all the same."
    )


def sentence(report: Report) -> str:
    """What this version is proven to be worth on castings that it has never seen, or that it is not."""
    score, name = report.score, report.card.name
    if score.outcomes is None:
        return f"Nothing is proven of {name}: {score.meaning}."
    counted = f"{escapes(score.outcomes)} and {false_alarms(score.outcomes)}"
    if not score.proves:
        return f"Nothing is proven of {name}. {counted}, but they are {score.meaning}."
    return f"{counted}, all of them castings that {name} has never seen. {proven(score.outcomes)}"


def _tiles(outcomes: CastingOutcomes, *, proves: bool) -> Tiles:
    def tile(one: ClassOutcome, label: str) -> Tile:
        note = f"{at_most(one)} of all such castings, 95 % sure" if proves else "proves nothing"
        return Tile(figure=f"{one.wrong:,} of {one.n:,}", label=label, note=note)

    return Tiles(
        tiles=(
            tile(outcomes.defective, "defective castings escaped"),
            tile(outcomes.ok, "ok castings rejected: false alarms"),
        )
    )


def _table(report: Report) -> Table:
    figures = report.figures
    parts = {
        "never seen: these prove": figures.never_seen,
        "learned from": figures.seen,
        "chose something of the version": figures.chose,
        "all": figures.whole,
    }
    rows = [_row(name, part) for name, part in parts.items() if part is not None]
    return Table(columns=COLUMNS, rows=tuple(rows), numbers=tuple(range(1, len(COLUMNS))))


def _row(name: str, part: Part) -> tuple[str, ...]:
    if part.outcomes is None:
        return (name, *[NOT_COUNTED] * (len(COLUMNS) - 2), f"{part.photos:,}")
    bad, good = part.outcomes.defective, part.outcomes.ok
    told = [f"{bad.n:,}", f"{bad.wrong:,}", bound(bad), f"{good.n:,}", f"{good.wrong:,}", bound(good)]
    return (name, *told, f"{part.photos:,}")


def bound(one: ClassOutcome) -> str:
    """The bound of a class for a cell of a table; a dash where there is no casting."""
    return at_most(one).removeprefix("at most ") if one.n else "–"


def _reading(report: Report, outcomes: CastingOutcomes) -> str:
    told = [
        "At most: of all such castings, with 95 % confidence, exact and one-sided (Clopper and Pearson 1934).",
        rule(outcomes),
        few(outcomes) if not report.score.proves else "",
    ]
    if report.figures.seen is None:
        told.append("Which of these castings the version has learned from is not known.")
    elif report.figures.never_seen is None:
        told.append("Not all photos that the version learned from are here, so nobody can say which castings are new.")
    return " ".join(filter(None, told))
