"""``python -m tests.bench.watching_drift``: how often the board alarms of nothing, what it finds, and its bound.

Lines are simulated with the spread of light that real castings have: 7 grey levels of 150 between castings, 1.4 between
the copies of one, 2 between days. Nothing is trained. Exit codes: 0 when the bars were kept, 1 when not.
"""

import sys
from dataclasses import dataclass

import click
import numpy as np
from numpy.typing import NDArray

from casting_core.judging.watch import escape_bound
from casting_core.judging.watch.drift import level
from casting_core.workflows.watching.changes import DAYS, EARLIER, FRESH, LOOK, LOOKS, Sign, compare

LIGHT, BETWEEN, WITHIN, LAMP = 150.0, 7.0, 1.4, 2.0  # grey levels: usual, and the spreads of castings, copies, days
COPIES = 12  # photos of a casting at most
DARKER = 0.8
KNOWN = 100  # castings learned from
CONFIDENCE = 0.05

Values = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Alarms:
    """What came of looks at lines."""

    looks: int
    alarms: int
    lines: int  # with an alarm


def photos(random: np.random.Generator, castings: int, lamp: float = 0.0) -> tuple[Values, NDArray[np.int64]]:
    """The light of all photos of so many castings, and which casting each shows."""
    copies = random.integers(1, COPIES + 1, castings)
    casting = np.repeat(np.arange(castings), copies)
    return random.normal(LIGHT + lamp, BETWEEN, castings)[casting] + random.normal(0, WITHIN, len(casting)), casting


def first_of_each(light: Values, casting: NDArray[np.int64]) -> Values:
    """One photo of each casting, as the board takes them."""
    return light[np.unique(casting, return_index=True)[1]]


def by_part(replays: int, looks: int, *, factor: float = 1.0) -> Alarms:
    """Looks of ``LOOK`` parts each, one photo of each, dealt anew part by part; ``factor``: the light from then on."""
    alpha, alarms, lines = level(looks=LOOKS, tests=len(Sign)), 0, 0
    for seed in range(replays):
        random = np.random.default_rng(seed)
        known = first_of_each(*photos(random, KNOWN))
        found = 0
        for _ in range(looks):
            values = np.concatenate([known, factor * first_of_each(*photos(random, LOOK))])[:, None]
            found += compare(values, np.arange(len(values)), KNOWN, Sign.LIGHT, alpha).alarm
        alarms, lines = alarms + found, lines + (found > 0)
    return Alarms(looks=replays * looks, alarms=alarms, lines=lines)


def by_photo(replays: int, looks: int) -> Alarms:
    """The same with photos as independent trials, which they are not: the last ``LOOK`` photos, whatever they show."""
    alpha, alarms, lines = level(looks=LOOKS, tests=len(Sign)), 0, 0
    for seed in range(replays):
        random = np.random.default_rng(seed)
        known, found = photos(random, KNOWN)[0], 0
        for _ in range(looks):
            values = np.concatenate([known, photos(random, LOOK)[0][:LOOK]])[:, None]
            found += compare(values, np.arange(len(values)), len(known), Sign.LIGHT, alpha).alarm
        alarms, lines = alarms + found, lines + (found > 0)
    return Alarms(looks=replays * looks, alarms=alarms, lines=lines)


def by_day(replays: int, *, factor: float = 1.0, castings: int = 20) -> Alarms:
    """One look each at three fresh days and earlier ones, dealt anew day by day; all photos, whatever they show."""
    alpha, alarms = level(looks=DAYS, tests=len(Sign)), 0
    for seed in range(replays):
        random = np.random.default_rng(seed)
        days = [photos(random, castings, random.normal(0, LAMP))[0] for _ in range(EARLIER + FRESH + 6)]
        days[-FRESH:] = [factor * one for one in days[-FRESH:]]
        values, block = np.concatenate(days)[:, None], np.repeat(np.arange(len(days)), [len(one) for one in days])
        alarms += compare(values, block, int(np.sum(block < len(days) - FRESH)), Sign.LIGHT, alpha).alarm
    return Alarms(looks=replays, alarms=alarms, lines=alarms)


def ever_below(truth: float, streams: int, parts: int, *, fixed: bool = False) -> float:
    """The share of streams whose bound, looked at after every part, was ever below the true share of escapes.

    ``fixed``: with the bound for a number of parts that is fixed beforehand, which is not meant to be looked at so.
    """
    escaped = (np.random.default_rng(0).random((streams, parts)) < truth).cumsum(axis=1)
    if fixed:  # Clopper and Pearson's bound is below it where so few escapes come with less than 5 %
        from scipy.stats import binom

        return float((binom.cdf(escaped, np.arange(1, parts + 1), truth) < CONFIDENCE).any(axis=1).mean())
    below = 0
    for stream in escaped.tolist():
        below += any(escape_bound.upper(wrong, looked) < truth for looked, wrong in enumerate(stream, start=1))
    return below / streams


def luck(average: float) -> float:
    """So many alarms come by chance in all but one of a thousand simulations, where so many do on average."""
    from scipy.stats import poisson

    return float(poisson.ppf(0.999, average))


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--replays", default=200, show_default=True, type=click.IntRange(min=10))
@click.option("--looks", default=100, show_default=True, type=click.IntRange(min=10), help="Of each replay.")
@click.option("--streams", default=2000, show_default=True, type=click.IntRange(min=100))
def main(replays: int, looks: int, streams: int) -> None:
    """Simulate lines that do not change, lines that grow dark, and outgoing audits."""
    calm, wrong = by_part(replays, looks), by_photo(20, 20)
    allowed = calm.looks / (LOOKS * len(Sign))
    click.echo(
        f"{replays} lines that do not change, {calm.looks:,} looks of {LOOK} parts: {calm.alarms} false alarms of the "
        f"light ({allowed:.1f} allowed on average)"
    )
    click.echo(f"photos as independent trials: {wrong.alarms:,} false alarms in {wrong.looks:,} looks")
    dark = by_part(replays, 1, factor=DARKER)
    click.echo(f"light x {DARKER}: found in the first {LOOK} parts in {dark.alarms} of {replays} lines")
    days, dark_days = by_day(5 * replays), by_day(replays, factor=DARKER)
    by_days = days.looks / (DAYS * len(Sign))
    click.echo(
        f"day by day, photos without part numbers: {days.alarms} false alarms in {days.looks:,} looks "
        f"({by_days:.1f} allowed on average); light x {DARKER} found in {dark_days.alarms} of {replays}"
    )
    kept = calm.alarms <= luck(allowed) and days.alarms <= luck(by_days) and dark.alarms == replays
    for truth in (0.002, 0.01, 0.03):
        share, broken = ever_below(truth, streams, 1000), ever_below(truth, streams, 1000, fixed=True)
        kept = kept and share <= CONFIDENCE
        click.echo(
            f"{streams:,} audits of 1,000 parts, {truth:.1%} escape: the bound was ever below in {share:.1%}; one that "
            f"is meant for a fixed number of parts in {broken:.0%}"
        )
    sys.exit(0 if kept and wrong.alarms > wrong.looks / 10 else 1)


if __name__ == "__main__":
    main()
