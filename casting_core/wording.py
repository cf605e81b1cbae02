"""Numbers, lengths of time and lists in words, for pages, commands, audits and reports alike."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from decimal import ROUND_HALF_UP, Context, Decimal

from casting_core.domain import FEW, WRONG_CASTING, CastingOutcomes, ClassOutcome

FORMULAS = frozenset("=+-@\t\r")  # what a spreadsheet runs if a cell begins with it
# Halves are rounded up, as tables of quality assurance print them: 6.25 % is 6.3 %, where Python says 6.2.
TWO_DIGITS = Context(prec=2, rounding=ROUND_HALF_UP)
SINGULAR = {"are": "is", "were": "was", "have": "has"}  # of the verbs that do not just take an s


def count(number: int, noun: str) -> str:
    """A number and its noun: ``1 photo``, ``2,875 photos``, ``3 categories``."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """More than one of something; of several words the last one is changed: ``test photos``, ``classes``."""
    before, blank, last = noun.rpartition(" ")
    if last.endswith("y") and last[-2:-1] not in tuple("aeiou"):
        last = f"{last[:-1]}ies"
    else:
        hissing = last.endswith(("s", "x", "z", "ch", "sh")) and not last.endswith("och")  # an epoch ends with a k
        last = f"{last}es" if hissing else f"{last}s"
    return f"{before}{blank}{last}"


def verb(number: int, word: str) -> str:
    """The verb for so many things, given as it is for several: ``lie`` or ``lies``, ``are`` or ``is``."""
    return word if number != 1 else SINGULAR.get(word, f"{word}s")


def share(part: float) -> str:
    """A share of one as a percentage with as many digits as it takes to see a single photo: ``99.6 %``.

    It says 100 and 0 % only of all and of none: 7,499 of 7,500 are ``99.99 %``.
    """
    for digits in range(1, 10):
        told = str(Decimal(repr(float(100 * part))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
        if float(told) not in (0.0, 100.0) or part in (0.0, 1.0):
            return f"{told} %"
    return f"{100 * round(part):.1f} %"  # what is nearer than that is rounding of the machine


def percent(part: float) -> str:
    """A share of one as a percentage with two digits that count: ``3.5 %``, ``63 %``; ``100 %`` only of all."""
    rounded = float(TWO_DIGITS.create_decimal(repr(float(100 * part))))
    if part < 0.0995:
        return f"{rounded:.2g} %"
    whole = f"{rounded:.0f} %"
    return share(part) if whole == "100 %" and part < 1 else whole


def at_most(outcome: ClassOutcome) -> str:
    """What the outcome of a class proves: ``at most 20.2 %``, rounded up so that it is never less than proven."""
    tenths = -(-outcome.upper * 1000 // 1)  # upwards
    return f"at most {min(tenths / 10, 100):.1f} %"


def escapes(outcomes: CastingOutcomes) -> str:
    """How many defective castings escaped: ``2 of 29 defective castings escaped``."""
    return f"{outcomes.defective.wrong:,} of {count(outcomes.defective.n, 'defective casting')} escaped"


def false_alarms(outcomes: CastingOutcomes) -> str:
    """How many ok castings were rejected: ``0 of 3 ok castings rejected``."""
    return f"{outcomes.ok.wrong:,} of {count(outcomes.ok.n, 'ok casting')} rejected"


def proof(outcomes: CastingOutcomes) -> str:
    """What the outcomes of both classes prove, in a sentence, and where castings are too few for much."""
    told = (
        f"With 95 % confidence {at_most(outcomes.defective)} of defective castings escape, and "
        f"{at_most(outcomes.ok)} of ok castings are rejected."
    )
    return f"{told} {few(outcomes)}".rstrip()


def few(outcomes: CastingOutcomes) -> str:
    """A sentence where fewer than ten castings of a class stand behind a figure; else nothing."""
    classes = {"defective": outcomes.defective, "ok": outcomes.ok}
    short = [count(one.n, f"{word} casting") for word, one in classes.items() if one.few]
    if not short:
        return ""
    return f"Only {' and '.join(short)}: fewer than {FEW} of a class prove next to nothing."


def rule(outcomes: CastingOutcomes) -> str:
    """What counts as a wrong casting, beside every number of them; and how many were left out by it."""
    left = outcomes.both_ways
    return WRONG_CASTING + (f" {count(left, 'casting')} of that kind {verb(left, 'are')} left out." if left else "")


def moment(seconds: float, zone: tzinfo | None = None) -> str:
    """A moment given in seconds since 1970, as date and time of day; of this machine if no zone is given."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def duration(seconds: float) -> str:
    """A length of time as people say it: ``45 s``, ``3 min 20 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def roughly(seconds: float) -> str:
    """An estimated length of time, no finer than anybody can know it: ``about 3 minutes``, ``about 2 h 10 min``."""
    minutes = round(seconds / 60)
    if seconds < 45:
        return "less than a minute"
    if minutes < 60:
        return f"about {count(max(1, minutes), 'minute')}"
    hours, tens = divmod(round(minutes / 10), 6)
    return f"about {hours} h {10 * tens} min" if tens else f"about {hours} h"


def room(size: float) -> str:
    """So many bytes as people say it, with two digits that count or more: ``640 kB``, ``1.4 MB``, ``12 GB``."""
    for unit, many in (("GB", 10**9), ("MB", 10**6)):
        if size >= many:
            return f"{size / many:,.1f} {unit}" if size < 10 * many else f"{size / many:,.0f} {unit}"
    return f"{size / 1000:,.0f} kB"


def listed(words: Sequence[str], *, most: int | None = None) -> str:
    """Words one after the other, ``a, b, c``; of more than ``most`` the others are counted: ``a, b and 3 more``."""
    shown = ", ".join(words[:most])
    left = len(words) - len(words[:most])
    return f"{shown} and {left:,} more" if left else shown


def printable(text: str) -> str:
    """Text from outside without control characters: a file name must not drive a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def is_unicode(text: str) -> bool:
    """Whether a name that an old disk holds is text; its bytes are none that this system's encoding knows, if not."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def readable(text: str) -> str:
    """The same name as text that a database, a page and a file can hold: what is no letter becomes ``?``."""
    return text.encode("utf-8", "replace").decode("utf-8")


def spreadsheet_cell(text: str) -> str:
    """A text for a cell: one that a spreadsheet would run, wide letters among them, begins with an apostrophe."""
    return f"'{text}" if unicodedata.normalize("NFKC", text[:1]) in FORMULAS else text
