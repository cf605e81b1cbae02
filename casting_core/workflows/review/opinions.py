"""What a person says of a part that was inspected: what it is, and so whether the verdict was right.

An opinion never overwrites another one: the latest counts, and the earlier ones stay.
"""

from dataclasses import asdict, dataclass, fields

from casting_core import roles
from casting_core.domain import Label, Verdict
from casting_core.errors import DatasetError
from casting_core.records.chain import Entry, Kind
from casting_core.roles import Write
from casting_core.workflows.stores import ledger

LONGEST = 60  # letters of a part number and of whatever else is known of a part


@dataclass(frozen=True, kw_only=True)
class PartData:
    """What is known of the part beside its photo; whatever nobody said is empty."""

    part: str = ""  # its number
    heat: str = ""  # the melt it was poured from
    line: str = ""
    shift: str = ""

    @property
    def words(self) -> str:
        """What is known, in a line: ``part 4711, heat H3``."""
        return ", ".join(f"{name} {value}" for name, value in asdict(self).items() if value)


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What a person said of one inspected photo."""

    number: int  # of its row in the ledger
    at: float  # seconds since 1970, UTC
    who: str
    photo: str  # sha256
    label: Label | None  # what the part is; none where the person cannot tell
    verdict: str  # that the version had given; empty where there was none
    model: str
    data: PartData
    kind: str  # of defect
    note: str

    @property
    def overrules(self) -> bool:
        """Whether the verdict says otherwise; a part to be inspected had no verdict to overrule."""
        meant = {Verdict.PASS.value: Label.OK, Verdict.REJECT.value: Label.DEFECTIVE}.get(self.verdict)
        return meant is not None and self.label is not None and meant is not self.label

    @property
    def words(self) -> str:
        """The opinion in a few words."""
        if self.label is None:
            return "cannot tell"
        if not self.verdict or self.verdict == Verdict.INSPECT:
            return f"says {self.label.word}"
        return f"{'overrules' if self.overrules else 'agrees'}: {self.label.word}"


def say(
    photo: str,
    label: Label | None,
    *,
    verdict: Verdict | None,
    model: str,
    who: str,
    data: PartData,
    kind: str = "",
    note: str = "",
) -> Entry:
    """Writes down what a person says of an inspected photo; ``DatasetError`` where nobody is named."""
    who = roles.require(Write.OPINION, who)
    if not who.strip():
        raise DatasetError("say who decides about this part: an auditor will ask")
    known = {field.name: getattr(data, field.name).strip()[:LONGEST] for field in fields(data)}
    body = {
        **known,
        "says": "" if label is None else label.word,
        "verdict": "" if verdict is None else verdict.value,
        "model": model,
        "kind": kind.strip()[:LONGEST] if label is Label.DEFECTIVE else "",
    }
    return ledger().add(Kind.OPINION, about=photo, body=body, actor=who.strip(), reason=note.strip())


def opinions(photo: str) -> list[Opinion]:
    """What people said of this photo, the latest first: that one counts."""
    return [read(row) for row in ledger().rows(kinds=[Kind.OPINION], about=photo)]


def read(row: Entry) -> Opinion:
    """What a row of such an opinion says, whatever somebody may have made of it."""
    said = row.values
    label = next((label for label in Label if label.word == said.get("says")), None)
    known = {field.name: str(said.get(field.name, "")) for field in fields(PartData)}
    return Opinion(
        number=row.number,
        at=row.at / 1000,
        who=row.actor,
        photo=row.about,
        label=label,
        verdict=str(said.get("verdict", "")),
        model=str(said.get("model", "")),
        data=PartData(**known),
        kind=str(said.get("kind", "")),
        note=row.reason,
    )
