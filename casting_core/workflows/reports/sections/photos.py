"""The photos: which there are, what the audit found, and how they are split."""

from casting_core.data.audit.finding import Finding, Remedy, Severity
from casting_core.domain import Label, Split
from casting_core.wording import count, verb
from casting_core.workflows.datasets.splits import FOLDERS
from casting_core.workflows.reports.blocks import Block, Facts, Section, Table, Tone, Words
from casting_core.workflows.reports.letters import short
from casting_core.workflows.reports.values import Group, Report


def data(report: Report) -> Section:
    """Which photos of which castings there are, as people decided about their labels."""
    blocks: list[Block] = [
        Facts(
            rows=(
                ("dataset", f"{short(report.dataset)}, revision {report.revision}"),
                ("fingerprint, sha256", report.fingerprint),
                ("files", f"{report.audit.files:,}; {count(report.audit.photos, 'usable photo')} that differ"),
                ("castings", f"{report.audit.castings:,}, found by comparing photos, or as people joined them"),
                ("learned from", _learned(report)),
            )
        ),
        _groups(report),
    ]
    if not report.same_data:
        used = report.card.data
        told = f"{report.card.name} learned from other photos or labels: {short(used.name)}, as it was with fingerprint"
        blocks.append(Words(text=f"{told} {used.fingerprint}.", tone=Tone.WARNING))
    if report.corrected:
        changed = count(report.corrected, "photo")
        told = f"Since the version was made, people have corrected {changed}: given another label, or left out."
        blocks.append(Words(text=told))
    return Section(title="Data", blocks=tuple(blocks))


def _learned(report: Report) -> str:
    used = report.card.data
    which = "these" if report.same_data else "others: see below"
    learned = count(used.trained_on, "photo") + used.learned_often
    return f"{learned}, and validated on {used.validated_on:,}{used.learned_then}, of {which}"


def _groups(report: Report) -> Table:
    """Photos and castings of each class, a row per split."""
    known = {(one.split, one.label): one for one in report.groups}
    none = Group(split="", label="", photos=0, castings=0)
    rows = []
    for part in dict.fromkeys(one.split for one in report.groups):
        of_class = [known.get((part, label.word), none) for label in (Label.DEFECTIVE, Label.OK)]
        rows.append((part, *(f"{number:,}" for one in of_class for number in (one.castings, one.photos))))
    columns = ("split", "defective castings", "defective photos", "ok castings", "ok photos")
    return Table(columns=columns, rows=tuple(rows), numbers=(1, 2, 3, 4))


def audit(report: Report) -> Section:
    """What the audit of these photos found, the most serious first."""
    made = report.audit
    open_ones = [one for one in made.findings if one.severity is not Severity.FINE]
    fine = [one for one in made.findings if one.severity is Severity.FINE]
    blocks: list[Block] = [Words(text=made.headline)]
    if open_ones:
        rows = tuple((one.severity.value, _told(one)) for one in open_ones)
        blocks.append(Table(columns=("severity", "what was found, and what follows"), rows=rows, wide=(1,)))
    if fine:
        told = " ".join(_stopped(one.title) for one in fine)
        blocks.append(Words(text=f"{count(len(fine), 'question')} found nothing wrong. {told}", tone=Tone.NOTE))
    return Section(title="Audit of the data", blocks=tuple(blocks))


def _told(finding: Finding) -> str:
    helps = "" if finding.remedy is Remedy.NONE else f" What helps: {finding.remedy}."
    return f"{_stopped(finding.title)} {finding.consequence}{helps}"


def _stopped(title: str) -> str:
    return title if title.endswith(".") else f"{title}."


def split(report: Report) -> Section:
    """Which castings were learned from and which judged, and whether one casting is on both sides."""
    own = report.card.data.split
    learned = "that of the folders" if own == FOLDERS else f"the kept split {own}"
    rows = [
        ("split that it was trained by", learned),
        ("photos judged here", _which(report)),
        ("castings on both sides", _both_sides(report)),
    ]
    return Section(title="Split", blocks=(Facts(rows=tuple(rows)),))


def _which(report: Report) -> str:
    whole = report.figures.whole
    castings = f" of {count(whole.castings, 'casting')}" if whole is not None else ""
    named = "all photos" if report.split == "all" else f"the part {report.split}"
    known = {Split.TEST.value, "all"}
    kept = "" if report.split in known else ", as it is kept with the dataset"
    return f"{named}{kept}: {count(report.figures.photos, 'photo')}{castings}"


def _both_sides(report: Report) -> str:
    seen = report.figures.seen
    if seen is None:
        return "not known: the version does not say what it learned from"
    if not seen.castings:
        return "none: no casting that was judged here had been learned from"
    return f"{seen.castings:,}: {count(seen.photos, 'photo')} {verb(seen.photos, 'show')} castings learned from"
