"""The result: verdicts against labels, the operating point they were given at, and each kind of defect."""

from datetime import UTC

from casting_core.domain import CastingOutcomes, KindOutcome, Label, OperatingPoint
from casting_core.records.card import CROSS_CALIBRATED, CROSS_VALIDATION
from casting_core.wording import escapes, false_alarms, listed, moment, percent, share
from casting_core.workflows.judging import plant
from casting_core.workflows.judging.evaluate import not_found, to_look_at
from casting_core.workflows.judging.scores import NOT_COUNTED, Score, scores
from casting_core.workflows.judging.seen import chosen_on_validation
from casting_core.workflows.operating_points import BY_HAND
from casting_core.workflows.reports import charts
from casting_core.workflows.reports.blocks import (
    Block,
    Chart,
    Charts,
    Facts,
    Matrices,
    Matrix,
    Section,
    Table,
    Tone,
    Words,
)
from casting_core.workflows.reports.letters import short
from casting_core.workflows.reports.sections.proof import bound
from casting_core.workflows.reports.values import Report

NO_POINTS = "Nobody has set another operating point for this version than the one it was registered with."


def verdicts(report: Report) -> Section:
    """How many castings and photos of each class were passed and rejected, and what their scores were."""
    found = report.figures
    (passed, alarms), (missed, rejected) = found.confusion
    matrices = [Matrix(of="photos", ok=(passed, alarms), defective=(missed, rejected))]
    if found.whole is not None and found.whole.outcomes is not None:
        matrices.insert(0, _of_castings(found.whole.outcomes))
    told = f"Of {found.photos:,} photos {share(found.accuracy)} are judged rightly."
    if found.auc is not None:
        told += f" The area under the ROC curve is {found.auc:.4f}; a guess has 0.5, no mistake is 1."
    blocks: list[Block] = [Matrices(matrices=tuple(matrices)), Words(text=told), Charts(charts=_drawn(report))]
    if report.judged.not_found:
        blocks.append(Words(text=not_found(report.judged.not_found)))
    if report.judged.between:
        blocks.append(Words(text=to_look_at(report.judged.between)))
    others = tuple(_other(score) for score in scores(report.card))
    if others:
        blocks.append(Words(text="On the card of the version stand also these figures, measured when it was made:"))
        columns = ("photos of", "castings", "photos right", "which castings these are")
        blocks.append(Table(columns=columns, rows=others, wide=(1, 3)))
    return Section(title="Verdicts against labels", blocks=tuple(blocks))


def _of_castings(outcomes: CastingOutcomes) -> Matrix:
    bad, good = outcomes.defective, outcomes.ok
    return Matrix(of="castings", ok=(good.n - good.wrong, good.wrong), defective=(bad.wrong, bad.n - bad.wrong))


def _drawn(report: Report) -> tuple[Chart, ...]:
    judged, at = report.judged, report.point.threshold
    spread = charts.histogram(judged.scores, judged.labels, threshold=at, upper=report.point.upper)
    bad = judged.labels.count(Label.DEFECTIVE)
    alt = f"Scores of {bad} defective and {len(judged.labels) - bad} ok photos; the threshold is {at:.3g}"
    drawn = [Chart(title="Photos by score", svg=spread, alt=alt)]
    if curve := charts.roc(judged.scores, judged.labels, threshold=at):
        alt = "The share of defective photos rejected by the share of ok photos rejected"
        drawn.append(Chart(title="ROC curve of photos", svg=curve, alt=alt))
    return tuple(drawn)


def _other(score: Score) -> tuple[str, ...]:
    castings = NOT_COUNTED
    if score.outcomes is not None:
        castings = f"{escapes(score.outcomes)}, {false_alarms(score.outcomes)}"
    meaning = score.meaning if score.proves else f"{score.meaning}: they prove nothing"
    return score.name, castings, f"{share(score.right)} of {score.photos:,}", meaning


def operating_point(report: Report) -> Section:
    """The threshold, how it was chosen, on what, and what a reject means at the plant's own defect rate."""
    card = report.card
    chosen = chosen_on_validation(card)
    rows = [
        ("in force", _limits(report.point)),
        ("how it was chosen", report.point.chosen),
        ("chosen on validation castings", listed(chosen) if chosen else "nothing"),
        ("chosen on the castings that prove", _on_proving(report)),
    ]
    told = "A score is the network's probability of defective where both classes are equally frequent, from 0 to 1."
    if {CROSS_VALIDATION, CROSS_CALIBRATED} & set(card.metrics):
        told += " Networks of a cross-validation are siblings of this version: what they chose holds approximately."
    blocks: list[Block] = [Facts(rows=tuple(rows)), Words(text=told, tone=Tone.NOTE)]
    if report.defect_rate is None:
        rate = (
            "Nobody has said how many of the plant's castings are defective, so what a reject means there is not told."
        )
    elif report.score.outcomes is None:
        rate = "What a reject means at the plant's defect rate cannot be told: castings were not counted."
    else:
        rate = plant.meaning(report.score.outcomes, report.defect_rate)
    blocks += [Words(text=rate), *_set_by_people(report)]
    return Section(title="Operating point", blocks=tuple(blocks))


def _on_proving(report: Report) -> str:
    if not report.score.proves:
        return "there are no castings that prove"
    if report.points and report.points[0].method == BY_HAND:
        return "not known: the operating point was set by hand"
    return "nothing"


def _limits(point: OperatingPoint) -> str:
    if point.rejects_from == point.threshold:
        return f"{point.threshold:g}: a photo with this score or a higher one is rejected"
    return f"{point.limits}: below the lower one a photo passes, from the upper one on it is rejected; between, inspect"


def _set_by_people(report: Report) -> tuple[Block, ...]:
    """The operating points that people set, each with who, how, why, and what became of the test castings then."""
    if not report.points:
        return (Words(text=NO_POINTS),)
    rows = tuple(
        (
            f"{moment(one.at, UTC)} UTC",
            one.point.limits,
            one.method,
            "; ".join(filter(None, (short(one.who), one.why))),
            one.check or "not checked on test castings",
        )
        for one in report.points
    )
    columns = ("set", "threshold", "method", "by whom, and why", "test castings then")
    return Words(text="Operating points that people set, the latest first:"), Table(
        columns=columns, rows=rows, wide=(3, 4)
    )


def kinds(report: Report) -> Section:
    """What became of the defective castings of each kind of defect."""
    new = report.figures.never_seen
    part = new if new is not None and new.photos else report.figures.whole
    if part is None or not part.kinds:
        text = "Not measured: no defective photo judged here says which kind of defect it shows."
        return Section(title="Kinds of defect", blocks=(Words(text=text),))
    rows = tuple(_of_kind(kind, one) for kind, one in part.kinds.items())
    columns = ("kind of defect", "castings", "found", "escaped", "escapes at most", "photos found", "named rightly")
    counted = "castings never seen" if part is new else "all castings judged here, which prove nothing"
    told = f"Counted: {counted}. A casting may show several kinds. Found: all of its photos were rejected."
    table = Table(columns=columns, rows=rows, numbers=(1, 2, 3, 4, 5, 6))
    return Section(title="Kinds of defect", blocks=(table, Words(text=told, tone=Tone.NOTE)))


def _of_kind(kind: str, one: KindOutcome) -> tuple[str, ...]:
    right = one.n - one.wrong
    found = f"{right:,}" + (f" ({percent(right / one.n)})" if one.n else "")
    named = "–" if one.named is None else f"{one.named:,}"
    return short(kind), f"{one.n:,}", found, f"{one.wrong:,}", bound(one), f"{one.found:,}", named
