"""The results of a batch as people look at them: the worst first, filtered, and each with its photo once more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from casting_core.data.imaging.images import identity
from casting_core.domain import Verdict
from casting_core.errors import CastingError, PhotoError
from casting_core.judging.bounds import upper_bound
from casting_core.wording import percent
from casting_core.workflows.judging.batch import kept
from casting_core.workflows.judging.batch.kept import Batch
from casting_core.workflows.judging.batch.material import Item, Read, kept_list, reading
from casting_core.workflows.judging.batch.results import Judged
from casting_core.workflows.judging.inspect import Finding, judge
from casting_core.workflows.judging.model import Model
from casting_core.workflows.keeping import photos as kept_photos

CHANGED = "the file is not the one that was judged any more"
WORST_FIRST = {Verdict.REJECT: 0, Verdict.INSPECT: 1, Verdict.PASS: 2, None: 3}


class Order(StrEnum):
    """How the photos of a batch are sorted."""

    WORST = "Rejects first"
    NAME = "By name"
    SCORE = "By score"
    JUDGED = "As judged"


@dataclass(frozen=True, kw_only=True)
class Photo:
    """The bytes of a photo of a batch, or the reason why they cannot be shown any more."""

    content: bytes = b""
    reason: str = ""


def arranged(judged: Sequence[Judged], *, verdicts: Collection[Verdict], wanted: str, order: Order) -> list[Judged]:
    """The photos with a verdict, those of these ``verdicts`` if any is named, whose path has ``wanted`` in it."""
    told = wanted.strip().casefold()
    found = [
        one
        for one in judged
        if one.verdict is not None and (not verdicts or one.verdict in verdicts) and told in one.path.casefold()
    ]
    match order:
        case Order.WORST:
            return sorted(found, key=lambda one: (WORST_FIRST[one.verdict], -_score(one), one.number))
        case Order.SCORE:
            return sorted(found, key=lambda one: (-_score(one), one.number))
        case Order.NAME:
            return sorted(found, key=lambda one: (one.path.casefold(), one.number))
        case Order.JUDGED:
            return sorted(found, key=lambda one: one.number)


def without_verdict(judged: Sequence[Judged]) -> list[Judged]:
    """The files that got none: first those that are no photos, then parts that have to be photographed anew."""
    return sorted((one for one in judged if one.verdict is None), key=lambda one: (one.retake, one.number))


def photos(batch: Batch, wanted: Sequence[Judged]) -> list[Photo]:
    """The photos of these results, in order; each is there only as long as it is the one that was judged."""
    listed = kept_list(kept.folder_of(batch.mark) / kept.ITEMS)
    if listed is None:
        return [_kept(one, "the list of its files is gone") for one in wanted]
    items = listed.items
    try:
        with reading(batch.found) as read:
            return [_photo(one, items[one.number], read) for one in wanted]
    except CastingError as error:  # the folder of its photos, or what was put down here, is gone
        return [_kept(one, str(error)) for one in wanted]


def _photo(one: Judged, item: Item, read: Read) -> Photo:
    try:
        content = read(item)
    except PhotoError as error:
        return _kept(one, str(error))
    return Photo(content=content) if identity(content) == one.sha256 else _kept(one, CHANGED)


def _kept(one: Judged, reason: str) -> Photo:
    """The photo that was kept with the verdict, where it is not to be had from where it came; else the reason."""
    content = kept_photos.find(one.sha256)
    return Photo(reason=reason) if content is None else Photo(content=content)


def finding(content: bytes, used: Model, batch: Batch) -> Finding:
    """What the version of a batch says of one of its photos, with the evidence; at the threshold of the batch."""
    return judge(content, used, point=batch.point)


def used_by(batch: Batch, version: Model) -> Model:
    """The version as the batch used it: at the thresholds of then, whatever is in force by now."""
    return replace(version, point=batch.point)


def proves(counts: Mapping[str, int]) -> str:
    """What the verdicts of a batch prove of such parts, in a sentence; nothing where there are none."""
    rejects = counts.get(Verdict.REJECT.value, 0)
    all_of_them = sum(counts.get(verdict.value, 0) for verdict in Verdict)
    if not all_of_them:
        return ""
    most = percent(upper_bound(rejects, all_of_them))
    return (
        f"Of such parts the version rejects at most {most}, with 95 % confidence, if each photo shows another part. "
        "How often it is right, a batch without labels cannot say: that is on the card of the version."
    )


def _score(one: Judged) -> float:
    return -1.0 if one.score is None else one.score
