"""What the card in the browser says, read as what it may be: anybody could send anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casting_core.errors import DatasetError
from casting_core.workflows.review.judgements import LONGEST, LONGEST_ID, Judged, Region, Said

AT_ONCE = 400  # judgements of one message
SIDES = ("left", "top", "width", "height")  # of a region, pixels
LONGEST_NAME = 60  # letters of a person's name, and of a kind of defect
DIGITS = frozenset("0123456789abcdef")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the card has, where it is, and what it has to tell."""

    number: int = 0  # of the message
    who: str = ""
    tab: str = ""  # of the browser: each has a name of its own
    open: str = ""  # the key of the card that a person looks at there
    deck: str = ""  # the one it knows
    at: tuple[str, ...] = ()  # the key of the card it shows, and those of the next ones
    place: int = 0
    cards: tuple[int, int] = (0, 0)  # those that it has of that deck: from, to
    full: frozenset[str] = frozenset()  # photos that it has in full size
    wish: str = ""  # one more that somebody wants to see
    said: tuple[Said, ...] = ()


def read(state: object) -> dict[str, Any]:
    """The message in the state of the component; nothing where there is none."""
    told = state.get("said") if isinstance(state, Mapping) else None
    return dict(told) if isinstance(told, Mapping) else {}


def asked(told: Mapping[str, Any], *, scope: str) -> Asked:
    """What a message says; judgements of another dataset than ``scope`` are left where they are."""
    first, last = [*_numbers(told.get("cards")), 0, 0][:2]
    return Asked(
        number=_number(told.get("n")),
        who=_text(told.get("who"), LONGEST_NAME),
        tab=_text(told.get("tab"), LONGEST_ID),
        open=told["open"] if _is_photo(told.get("open")) else "",
        deck=_text(told.get("deck"), LONGEST_ID),
        at=tuple(key for key in _list(told.get("at"))[:10] if _is_photo(key)),
        place=_number(told.get("place")),
        cards=(first, max(first, last)),
        full=frozenset(str(key) for key in _list(told.get("full"))[:200]),
        wish=told["wish"] if _is_photo(told.get("wish")) else "",
        said=tuple(
            said
            for one in _list(told.get("ops"))[:AT_ONCE]
            if isinstance(one, Mapping) and one.get("scope") == scope and (said := _said(one)) is not None
        ),
    )


def _said(told: Mapping[str, Any]) -> Said | None:
    """One judgement, or what takes one back; none where it is neither."""
    named, photo, judged = told.get("id"), told.get("photo"), told.get("judged")
    if not isinstance(named, str) or not 8 <= len(named) <= LONGEST_ID or not _is_photo(photo):
        return None
    undoes = _text(told.get("undoes"), LONGEST_ID)
    if (judged not in set(Judged)) == (not undoes):
        return None
    score = told.get("score")
    return Said(
        id=named,
        photo=str(photo),
        who=_text(told.get("who"), LONGEST_NAME),
        judged=None if undoes else Judged(str(judged)),
        undoes=undoes,
        label=_text(told.get("label"), 20),
        kind=_text(told.get("kind"), LONGEST_NAME),
        note=_text(told.get("note"), LONGEST),
        model=_text(told.get("model"), 100),
        score=float(score) if isinstance(score, int | float) and 0 <= score <= 1 else 0.0,
        also=tuple(one for one in _list(told.get("also"))[:2000] if _is_photo(one)),
        second=told.get("second") is True,
        check=told.get("check") is True,
        region=_region(told.get("region")),
    )


def _region(told: object) -> Region | None:
    """What was marked on a photo; none where it is none."""
    if not isinstance(told, Mapping) or not _is_photo(told.get("photo")):
        return None
    sides = {name: told.get(name) for name in SIDES}
    try:
        return Region(photo=str(told["photo"]), **{name: _number(side) for name, side in sides.items()})
    except DatasetError:
        return None


def _is_photo(text: object) -> bool:
    return isinstance(text, str) and len(text) == 64 and DIGITS.issuperset(text)


def _text(value: object, longest: int) -> str:
    return "".join(letter for letter in value if letter.isprintable())[:longest] if isinstance(value, str) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 10**9 else 0


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _numbers(value: object) -> list[int]:
    return [_number(one) for one in _list(value)]
