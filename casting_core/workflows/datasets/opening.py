"""A dataset as one table: read from its folder, and as people decided about its photos."""

from pathlib import Path

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.scan import Dataset, scan
from casting_core.domain import Progress
from casting_core.settings import settings
from casting_core.workflows.review.decisions import decided
from casting_core.workflows.stores import decision_log

SPELLINGS = "in every spelling"  # how a rule reads the names of class folders, since there are more than one


def open_dataset(
    folder: Path | str,
    *,
    rule: ClassRule | None = None,
    chosen: str = "",
    report: Progress = lambda _done, _total: None,
) -> Dataset:
    """The photos of a folder as one table, as people decided about them; only files new or changed are read."""
    return as_decided(scan_folder(folder, rule=rule, chosen=chosen, report=report))


def scan_folder(
    folder: Path | str,
    *,
    rule: ClassRule | None = None,
    chosen: str = "",
    report: Progress = lambda _done, _total: None,
) -> Dataset:
    """The photos of a folder as its files and folders say, without what people decided."""
    return scan(Path(folder), cache_dir=settings().cache_dir, rule=rule, chosen=chosen, report=report)


def as_decided(dataset: Dataset) -> Dataset:
    """A dataset as its folders say, with everything that people decided about its photos."""
    return decided(dataset, decision_log().all(str(dataset.root)))


def rule_of(named: dict[str, list[str]]) -> ClassRule:
    """The class rule that was written down as names of folders; one of before other spellings were known is exact."""
    return ClassRule(
        ok=frozenset(named["ok"]),
        defective=frozenset(named["defective"]),
        neither=frozenset(named.get("neither", ())),
        exact=SPELLINGS not in named.get("read", ()),
    )


def names_of(rule: ClassRule) -> dict[str, list[str]]:
    """The way back: the rule as names of folders, ready to be written down."""
    names = {"ok": sorted(rule.ok), "defective": sorted(rule.defective)}
    names |= {"neither": sorted(rule.neither)} if rule.neither else {}
    return names if rule.exact else names | {"read": [SPELLINGS]}
