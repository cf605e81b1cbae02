"""Which photos of verdicts are kept, for how long and in how much room; each change is a row of the ledger."""

import json
import math
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from casting_core import files
from casting_core.domain import Verdict
from casting_core.errors import CastingError, SettingsError
from casting_core.records.chain import Kind
from casting_core.roles import Write, require
from casting_core.settings import settings
from casting_core.workflows.stores import ledger


class Keep(StrEnum):
    """Which photos are kept."""

    ALL = "all"
    NOT_PASSED = "not passed"  # rejects, parts to inspect, and photos without a verdict
    NONE = "none"

    def wants(self, verdict: Verdict | None) -> bool:
        """Whether the photo of this verdict is kept; of none, it is one to be taken again."""
        return self is Keep.ALL or (self is Keep.NOT_PASSED and verdict is not Verdict.PASS)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What is kept. Raises ``SettingsError`` where a limit is none."""

    keep: Keep = Keep.ALL
    days: float | None = None  # after which a photo may go; none: never
    gigabytes: float | None = None  # in all, from which on the oldest may go; 10**9 bytes each; none: no limit

    def __post_init__(self) -> None:
        for name, value in (("days", self.days), ("gigabytes", self.gigabytes)):
            if value is not None and not (math.isfinite(value) and 0 < value <= 1_000_000):
                raise SettingsError(f"{value:g} {name} will not do: more than 0 and up to a million will")

    @property
    def words(self) -> str:
        """The rule in a sentence."""
        which = {
            Keep.ALL: "The photo of every verdict is kept",
            Keep.NOT_PASSED: "Photos of parts that did not pass are kept",
            Keep.NONE: "No photo is kept",
        }[self.keep]
        limits = [] if self.days is None else [f"for {self.days:g} days"]
        limits += [] if self.gigabytes is None else [f"in at most {self.gigabytes:g} GB"]
        return which + ("" if self.keep is Keep.NONE or not limits else f", {' and '.join(limits)}") + "."


def rule() -> Rule:
    """The rule in force; every photo is kept as long as nobody has said otherwise.

    Raises ``CastingError`` where the file that says so cannot be read: what somebody wanted is then not guessed.
    """
    try:
        told: dict[str, Any] = json.loads(_place().read_text("utf-8"))
        return Rule(keep=Keep(told["keep"]), days=_number(told["days"]), gigabytes=_number(told["gigabytes"]))
    except FileNotFoundError:
        return Rule()
    except (OSError, ValueError, KeyError, TypeError, SettingsError) as error:
        raise CastingError(f"{str(_place())!r} cannot be read: it does not say which photos are kept") from error


def set_rule(wanted: Rule, *, actor: str) -> None:
    """Puts a rule in force and on record; ``SettingsError`` where nobody is named."""
    actor = require(Write.KEEP, actor)
    if not actor.strip():
        raise SettingsError("say who decides about kept photos: an auditor will ask")
    told = asdict(wanted)
    with ledger().adding(Kind.KEEPING, about="photos of verdicts", body=told, actor=actor.strip()):
        files.replace(_place(), json.dumps(told) + "\n")


def _number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    raise TypeError


def _place() -> Path:
    return settings().data_dir / "photos" / "rule.json"
