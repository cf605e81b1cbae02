"""`stations challenge`: the challenge parts in force, how stations stand, and clearing one that is blocked."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from casting_core.commands.terminal import answer, as_json, progress, say, sentences
from casting_core.commands.upkeep.stations import who
from casting_core.errors import CastingError
from casting_core.wording import moment, printable
from casting_core.workflows.challenge import margins, proposing, sets, shifts
from casting_core.workflows.challenge.proposing import Candidate
from casting_core.workflows.challenge.standing import Challenges, clear
from casting_core.workflows.challenge.standing import progress as judged
from casting_core.workflows.challenge.values import ChallengeSet
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.measuring.measure import measure, measurement, usual_split
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.stations import tokens

NONE = "No challenge parts are in force; 'stations challenge choose DATA' proposes some."
why = click.option("--why", default="", metavar="REASON", help="Why; it is kept in the ledger.")


@click.group()
def challenge() -> None:
    """Known castings that every station must judge right at the start of a shift: choose, list, clear, end."""


@challenge.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "--each", default=proposing.EACH, show_default=True, type=click.IntRange(1, 7),
    help="Castings of each label that are clear, and as many borderline ones.",
)  # fmt: skip
@click.option(
    "--shifts",
    "starts",
    default=lambda: " ".join(shifts.usual()),
    show_default="CASTING_SHIFT_HOURS",
    help="When shifts begin, by this machine's clock, as '06:00 14:00'.",
)
@click.option("--leave-out", multiple=True, type=click.IntRange(min=1), help="The number of one that is not wanted.")
@click.option("--yes", is_flag=True, help="Do not ask; nobody is asked where no person is at the terminal either.")
@who
@why
@as_json
@sentences
def choose(
    *, data: Path, each: int, starts: str, leave_out: tuple[int, ...], yes: bool, who: str, why: str, as_json: bool
) -> None:
    """Choose challenge parts from the castings of DATA that the version in production judges right.

    Take these castings from the shelf, give each its number, and have every station judge them when a shift begins.
    """
    begins = shifts.starts_in(starts)
    model, dataset = load_model(), open_dataset(data, report=progress("read"))
    split = usual_split(dataset)
    measure(dataset, split, model, read=progress("scored"), compared=progress("compared"))
    found = measurement(model.card, dataset, split, casting_of(dataset))
    if found is None:
        raise CastingError("the photos changed while they were judged; do it again")
    proposed = proposing.propose(found.photos, model.point, each=each)
    wanted = [one for number, one in enumerate(proposed, 1) if number not in leave_out]
    paths = dict(zip(dataset.photos["photo"], dataset.photos["path"], strict=True))
    if not (yes or as_json):
        say("\n".join(_line(number, one, paths[one.photo]) for number, one in enumerate(wanted, 1)), err=True)
        if sys.stdin.isatty() and not click.confirm("Put these challenge parts in force?", err=True):
            raise CastingError("nothing was changed")
    made = sets.choose(wanted, shifts=begins, dataset=dataset.root.name, model=model.card.name, actor=who, reason=why)
    told = [one.body() | {"path": paths[one.photo]} for one in made.parts]
    words = f"{len(made.parts)} challenge parts are in force, due when a shift begins ({', '.join(made.shifts)})."
    answer({"set": made.name, "parts": told, "shifts": list(made.shifts)}, words, as_json=as_json)


@challenge.command("list")
@as_json
@sentences
def list_challenge(*, as_json: bool) -> None:
    """The challenge parts in force, how every station stands, and the margins of each part there."""
    challenges = Challenges()
    known = challenges.now()
    if known is None:
        answer({"set": None, "stations": []}, NONE, as_json=as_json)
        return
    lines = [f"Chosen {moment(known.at)} by {printable(known.who)} from {printable(known.dataset)}:"]
    lines += [f"  {part.name:<14}{part.label.word:<11}{part.role:<12}{part.photo[:12]}" for part in known.parts]
    rows = []
    for name in [one.name for one in tokens.stations() if tokens.Scope.JUDGE in one.scopes]:
        standing = challenges.standing(name)
        table = margins.over_time(challenges.seen(), known, name)
        of_parts = margins.of_parts(table, known)
        word = "may pass" if standing.word is None else standing.word.value
        lines.append(f"{name:<24}{word}, {judged(known, standing)} challenge parts judged right in this shift")
        lines += [f"  {standing.to_fetch_back}"] * bool(standing.missed)
        lines += [_margin(one) for one in of_parts if one.photos]
        told = [asdict(one) | {"part": one.part.name} for one in of_parts]
        rows.append(
            {"station": name, "word": standing.word, "left": [one.name for one in standing.left], "parts": told}
        )
    answer({"set": known.name, "stations": rows}, "\n".join(lines), as_json=as_json)


@challenge.command("clear")
@click.argument("station")
@who
@why
@as_json
@sentences
def clear_station(*, station: str, who: str, why: str, as_json: bool) -> None:
    """Let STATION go on although its challenge is due or was missed, until the next shift; say why."""
    clear(Challenges(), station, actor=who, reason=why)
    answer({"station": station, "cleared": True}, f"Station {station} may go on.", as_json=as_json)


@challenge.command()
@who
@why
@as_json
@sentences
def end(*, who: str, why: str, as_json: bool) -> None:
    """Give the challenge parts up: no station has to judge any; say why."""
    known: ChallengeSet | None = Challenges().now()
    if known is None:
        raise CastingError(NONE[0].lower() + NONE[1:-1])
    sets.end(known.name, actor=who, reason=why)
    answer({"set": known.name, "ended": True}, "No challenge parts are in force any more.", as_json=as_json)


def _line(number: int, one: Candidate, path: str) -> str:
    return f"{number:>3}  {one.label.word:<11}{one.role:<12}score {one.score:.3f}  {printable(path)}"


def _margin(one: margins.Margin) -> str:
    figures = [f"{name} {value:+.3f}" for name, value in _named(one) if value is not None]
    return f"  {one.part.name:<14}{', '.join(figures)}, {one.photos} photos, {one.missed} missed"


def _named(one: margins.Margin) -> list[tuple[str, float | None]]:
    return [("margin at first", one.first), ("lately", one.lately), ("smallest", one.smallest)]
