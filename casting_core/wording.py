"""Numbers, lengths of time and lists in words, for pages, commands, audits and reports alike."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

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
    """A share of one as a percentage with as many digits as it takes to see a single photo: ``99.6 %``."""
    return f"{100 * part:.1f} %"


def percent(part: float) -> str:
    """A share of one as a percentage with two digits that count: ``3.5 %``, ``63 %``, ``100 %``."""
    return f"{100 * part:.0f} %" if part >= 0.0995 else f"{100 * part:.2g} %"


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


def listed(words: Sequence[str], *, most: int | None = None) -> str:
    """Words one after the other, ``a, b, c``; of more than ``most`` the others are counted: ``a, b and 3 more``."""
    shown = ", ".join(words[:most])
    left = len(words) - len(words[:most])
    return f"{shown} and {left:,} more" if left else shown


def printable(text: str) -> str:
    """Text from outside without control characters: a file name must not drive a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
