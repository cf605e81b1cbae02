"""Who may what: the roles, everything that can be written, and the role that each write takes.

Whoever writes asks ``require``. On one machine nobody signs in, and everybody there may do everything. A server that
people sign in to says with ``asks`` how it finds out who acts; from then on nobody writes in another person's name.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from casting_core.errors import RoleError


class Role(StrEnum):
    """What a person is here for; each may do what those before it may."""

    VIEWER = "viewer"  # sees every page and changes nothing
    INSPECTOR = "inspector"  # judges photos and parts
    MANAGER = "manager"  # decides on labels, trains, puts versions in production
    ADMINISTRATOR = "administrator"  # says who may what; removes datasets, takes in versions from elsewhere

    def covers(self, other: "Role") -> bool:
        """Whether it may do all that the other one may."""
        return _ORDER.index(self) >= _ORDER.index(other)


_ORDER = list(Role)


class Write(StrEnum):
    """Everything that can be changed, as it is said of whoever may not."""

    RECORD = "put a verdict on record"
    BATCH = "have a batch of photos judged"
    JUDGE = "judge photos"
    OPINION = "say what an inspected part is"
    APPRAISE = "answer in a study of agreement"
    DECIDE = "decide on labels, tags and castings of a dataset"
    SPLIT = "change the splits of a dataset"
    CASTINGS = "have castings searched for"
    IMPORT = "add photos"
    DATASET = "rename a dataset or say what its folders mean"
    AUDIT = "have a dataset audited"
    TRAIN = "train networks"
    MEASURE = "have a version measured"
    REPORT = "have a report written"
    ALIKE = "have look-alikes searched for"
    FETCH_BACK = "put on record that parts are fetched back"
    USUAL = "call the photos of a line usual"
    PLAN = "plan a study of agreement"
    PROMOTE = "put a version in production"
    POINT = "put an operating point in force"
    SHADOW = "put a version in shadow or end that"
    STATUS = "say how far a version has come"
    CHALLENGE = "choose challenge parts or let a blocked station go on"
    REMOVE = "remove a dataset or bring one back"
    DELETE = "delete a version"
    TAKE_IN = "take in a version from elsewhere"
    KEEP = "say which photos are kept, or have kept ones removed"
    BACK_UP = "back up everything"
    STATION = "give a station a token or take it away"
    PEOPLE = "say who may what"
    RESTORE = "put a backup in the database's place"
    OTHER = "do this"  # what nobody has given a role yet


NEEDS: Mapping[Write, Role] = {
    Write.RECORD: Role.INSPECTOR,
    Write.BATCH: Role.INSPECTOR,
    Write.JUDGE: Role.INSPECTOR,
    Write.OPINION: Role.INSPECTOR,
    Write.APPRAISE: Role.INSPECTOR,
    Write.ALIKE: Role.INSPECTOR,
    Write.DECIDE: Role.MANAGER,
    Write.SPLIT: Role.MANAGER,
    Write.CASTINGS: Role.MANAGER,
    Write.IMPORT: Role.MANAGER,
    Write.DATASET: Role.MANAGER,
    Write.AUDIT: Role.MANAGER,
    Write.TRAIN: Role.MANAGER,
    Write.MEASURE: Role.MANAGER,
    Write.REPORT: Role.MANAGER,
    Write.FETCH_BACK: Role.MANAGER,
    Write.USUAL: Role.MANAGER,
    Write.PLAN: Role.MANAGER,
    Write.PROMOTE: Role.MANAGER,
    Write.POINT: Role.MANAGER,
    Write.SHADOW: Role.MANAGER,
    Write.STATUS: Role.MANAGER,
    Write.CHALLENGE: Role.MANAGER,
    Write.REMOVE: Role.ADMINISTRATOR,
    Write.DELETE: Role.ADMINISTRATOR,
    Write.TAKE_IN: Role.ADMINISTRATOR,
    Write.KEEP: Role.ADMINISTRATOR,
    Write.BACK_UP: Role.ADMINISTRATOR,
    Write.STATION: Role.ADMINISTRATOR,
    Write.PEOPLE: Role.ADMINISTRATOR,
    Write.RESTORE: Role.ADMINISTRATOR,
    Write.OTHER: Role.ADMINISTRATOR,
}

ROWS: Mapping[str, Write] = {  # of the ledger, by their kind
    "decision": Write.JUDGE,  # who judges a label wrong corrects it; other decisions take more, and their workflow asks
    "promotion": Write.PROMOTE,
    "inspection": Write.RECORD,
    "batch": Write.BATCH,
    "judgement": Write.JUDGE,
    "reviewer check": Write.JUDGE,
    "queue": Write.JUDGE,
    "opinion": Write.OPINION,
    "outgoing audit": Write.OPINION,
    "usual photos": Write.USUAL,
    "operating point": Write.POINT,
    "station": Write.STATION,
    "agreement": Write.APPRAISE,  # to plan one takes more, which its workflow asks for
    "challenge": Write.CHALLENGE,
    "shadow": Write.SHADOW,
    "shadow verdict": Write.RECORD,
    "status": Write.STATUS,
    "deletion": Write.DELETE,
    "fetch-back": Write.FETCH_BACK,
    "keeping": Write.JUDGE,  # somebody has looked at a batch; a rule, or photos that go, take more
    "backup": Write.BACK_UP,
    "signature": Write.PROMOTE,
    "role": Write.PEOPLE,
    "session": Write.PEOPLE,  # the server writes down who signs in and out
}

JOBS: Mapping[str, Write] = {  # by their kind
    "run": Write.TRAIN,
    "search worker": Write.TRAIN,
    "cross-validation": Write.TRAIN,
    "audit": Write.AUDIT,
    "batch": Write.BATCH,
    "batch in shadow": Write.BATCH,
    "castings": Write.CASTINGS,
    "import": Write.IMPORT,
    "measurement": Write.MEASURE,
    "panel": Write.MEASURE,
    "look at what was learned from": Write.MEASURE,
    "look-alikes": Write.ALIKE,
    "operating point": Write.POINT,
    "retention": Write.KEEP,
    "backup": Write.BACK_UP,
    "report": Write.REPORT,
    "agreement plan": Write.PLAN,
    "sample": Write.IMPORT,
}


@dataclass(frozen=True, kw_only=True)
class Acting:
    """Who acts now."""

    name: str  # of the person, as the ledger tells it; empty where nobody signed in
    role: Role
    signed_in: bool = True


HERE = Acting(name="", role=Role.ADMINISTRATOR, signed_in=False)  # on this machine, as commands, jobs and services are

_usual: list[Callable[[], Acting]] = [lambda: HERE]
_instead: ContextVar[Acting | None] = ContextVar("acting", default=None)


def asks(who: Callable[[], Acting]) -> None:
    """From now on this process finds out by ``who`` who acts; it raises ``RoleError`` where nobody does who may."""
    _usual[:] = [who]


@contextmanager
def acting_as(who: Acting) -> Iterator[None]:
    """What is done here and in no other thread is done by ``who``: by ``HERE`` where the server does it by itself."""
    before = _instead.set(who)
    try:
        yield
    finally:
        _instead.reset(before)


def acting() -> Acting:
    """Who acts; ``RoleError`` where a person must sign in first."""
    return _instead.get() or _usual[0]()


def require(write: Write, name: str = "") -> str:
    """The name to write it down by: of whoever signed in, or else the one that was given.

    Raises ``RoleError`` where the role of whoever acts does not bear it.
    """
    who = acting()
    if not who.role.covers(NEEDS[write]):
        raise RoleError(
            f"{who.name} is {_with_article(who.role)} here and may not {write}; {_with_article(NEEDS[write])} may"
        )
    return who.name if who.signed_in else name


def require_row(kind: str, name: str) -> str:
    """The same for a row of the ledger of this kind; of a kind that has no role yet, as for an administrator."""
    return require(ROWS.get(kind, Write.OTHER), name)


def require_job(kind: str, name: str = "") -> str:
    """The same for a job of this kind: asking for it, stopping it, taking it up again."""
    return require(JOBS.get(kind, Write.OTHER), name)


def require_own(name: str, write: Write) -> None:
    """Raises ``RoleError`` where somebody who signed in would write in the name of another person."""
    own = require(write, name)
    if own.casefold() != name.strip().casefold():
        raise RoleError(f"this is for {name[:80]!r} to say, and you are signed in as {own!r}")


def _with_article(role: Role) -> str:
    return f"{'an' if role.value[0] in 'aeiou' else 'a'} {role}"
