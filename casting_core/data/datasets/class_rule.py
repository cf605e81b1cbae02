"""What class folders mean: ok or defective, by their names; and which names count as one."""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from casting_core.domain import Label
from casting_core.errors import DatasetError

OK_WORDS = frozenset(
    {"ok", "ok_front", "good", "pass", "passed", "sound", "normal", "accept", "accepted", "io", "0_ok"}
)
DEFECTIVE_WORDS = frozenset(
    {
        "def",
        "def_front",
        "defect",
        "defects",
        "defective",
        "bad",
        "ng",
        "nok",
        "not_ok",
        "fail",
        "failed",
        "faulty",
        "reject",
    }
    | {"rejected", "scrap", "nio", "anomaly", "1_defective"}
)
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
LONGEST = 60  # letters of a class folder's name on disk


def folder_key(name: str) -> str:
    """A folder name as rules compare it: case, Unicode form, blanks and hyphens do not matter."""
    return unicodedata.normalize("NFC", name).casefold().strip().replace(" ", "_").replace("-", "_")


@dataclass(frozen=True)
class ClassRule:
    """Which class folders hold ok castings and which hold defective ones. Raises ``DatasetError`` if one holds both."""

    ok: frozenset[str] = field(default=OK_WORDS)
    defective: frozenset[str] = field(default=DEFECTIVE_WORDS)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ok", frozenset(map(folder_key, self.ok)))
        object.__setattr__(self, "defective", frozenset(map(folder_key, self.defective)))
        if both := self.ok & self.defective:
            raise DatasetError(f"the class folder {min(both)!r} cannot be ok and defective at once")

    def label(self, folder: str) -> Label | None:
        """The label of photos in a class folder of this name; ``None`` where the rule does not know it."""
        name = folder_key(folder)
        return Label.OK if name in self.ok else Label.DEFECTIVE if name in self.defective else None

    def assign(self, folder: str, label: Label | None) -> "ClassRule":
        """The same rule, but with this folder meaning ``label``, or nothing."""
        name = folder_key(folder)
        ok, defective = self.ok - {name}, self.defective - {name}
        if label is None:
            return ClassRule(ok, defective)
        return ClassRule(ok | {name}, defective) if label is Label.OK else ClassRule(ok, defective | {name})


def clashes(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of names that differ only in case, Unicode form, blanks or hyphens, and so count as one."""
    groups: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        groups.setdefault(folder_key(name), []).append(name)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def disk_name(folder: str) -> str:
    """What a class folder is called on this machine: its own letters and digits, and nothing a disk could mind.

    Names that count as one get one name, others never do: where something was changed, a part of the sha256 tells.
    """
    wanted = folder_key(folder)
    kept = "".join(letter if letter.isalnum() else "_" for letter in wanted)[:LONGEST]
    if kept == wanted and kept not in RESERVED:
        return kept
    return f"{kept}-{hashlib.sha256(wanted.encode('utf-8', 'replace')).hexdigest()[:6]}"
