"""What class folders mean: ok or defective, by their names; and which names count as one."""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from casting_core.data.datasets.reading.words import class_word
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


@lru_cache(maxsize=4096)  # asked of every photo, and very many photos lie in few folders
def folder_key(name: str) -> str:
    """A folder name as rules compare it: case, Unicode form, blanks and hyphens do not matter."""
    return unicodedata.normalize("NFC", name).casefold().strip().replace(" ", "_").replace("-", "_")


@dataclass(frozen=True)
class ClassRule:
    """Which class folders hold ok castings and which hold defective ones. Raises ``DatasetError`` if one holds both.

    What a person said of a folder counts by its name as ``folder_key`` has it. All other names are read in every
    spelling that ``reading.words`` knows, unless the rule is ``exact``: as rules were before, so that what was read
    with one of them is read in the same way for ever.
    """

    ok: frozenset[str] = field(default=OK_WORDS)
    defective: frozenset[str] = field(default=DEFECTIVE_WORDS)
    neither: frozenset[str] = frozenset()  # what a person said holds neither, whatever it is called
    exact: bool = False

    def __post_init__(self) -> None:
        for name in ("ok", "defective", "neither"):
            object.__setattr__(self, name, frozenset(map(folder_key, getattr(self, name))))
        if both := self.ok & self.defective:
            raise DatasetError(f"the class folder {min(both)!r} cannot be ok and defective at once")

    def label(self, folder: str) -> Label | None:
        """The label of photos in a class folder of this name; ``None`` where the rule does not know it."""
        name = folder_key(folder)
        if name in self.ok:
            return Label.OK
        if name in self.defective:
            return Label.DEFECTIVE
        return None if self.exact or name in self.neither else class_word(folder)

    def says_neither(self, folder: str) -> bool:
        """Whether a person said that photos in a class folder of this name are neither ok nor defective."""
        return folder_key(folder) in self.neither

    def assign(self, folder: str, label: Label | None) -> "ClassRule":
        """The same rule, but with this folder meaning ``label``, or nothing."""
        name = folder_key(folder)
        without = {part: getattr(self, part) - {name} for part in ("ok", "defective", "neither")}
        goal = "neither" if label is None else label.word
        return replace(self, **without | {goal: without[goal] | {name}})


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
