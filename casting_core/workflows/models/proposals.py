"""Operating points proposed in one of three ways, each with what it does in a sentence, or what it would take."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casting_core.domain import OperatingPoint
from casting_core.errors import ModelError, SettingsError
from casting_core.judging.operating_point import contract, cost, workload
from casting_core.judging.operating_point.castings import Counting
from casting_core.judging.operating_point.contract import Contract, Proven
from casting_core.judging.operating_point.cost import ByCost, Costs
from casting_core.judging.operating_point.workload import Workload
from casting_core.wording import count, escapes, false_alarms, percent
from casting_core.workflows.models.calibration import CalibrationPhotos
from casting_core.workflows.operating_points import BY_HAND, NOBODY

METHODS = (CONTRACT, COST, WORKLOAD) = ("contract", "cost", "workload")
COUNTED = {
    Counting.ANY_PHOTO: "a casting counts as wrong if one of its photos is",
    Counting.ONE_PHOTO: "one photo of each casting counts, drawn at random",
}


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """An operating point that could be put in force, or why there is none."""

    method: str
    point: OperatingPoint | None  # none where it cannot be proven
    words: str  # what it does on the castings it was chosen on, or what is missing
    details: Mapping[str, Any]  # what was asked for and found, plain values for the ledger and for machines

    def to_put(self, actor: str) -> OperatingPoint:
        """The point, to be put in force by somebody; ``ModelError`` where there is none, or nobody says who decides."""
        if self.point is None:
            raise ModelError(f"this operating point cannot be put in force. {self.words}")
        if not actor.strip():
            raise ModelError(NOBODY)
        return self.point


def by_contract(photos: CalibrationPhotos, wanted: Contract, *, counting: Counting = Counting.ANY_PHOTO) -> Proposal:
    """The threshold at which at most so many defective castings escape, proven, with the fewest ok castings stopped."""
    castings = photos.each_once(counting)
    threshold, proven = contract.choose(castings, wanted)
    asked = f"at most {percent(wanted.share)} of defective castings escape, {percent(wanted.confidence)} sure"
    details = {"share": wanted.share, "confidence": wanted.confidence, "counting": counting.value}
    if threshold is None:
        words = f"Not proven: {asked}. {_missing(proven, 'defective casting', 'escapes')}"
        return Proposal(method=CONTRACT, point=None, words=words, details=details | {"further": proven.further})
    point = OperatingPoint(threshold=threshold, chosen=f"{asked}; {_on(photos)}; {COUNTED[counting]}")
    return Proposal(method=CONTRACT, point=point, words=_what_it_does(photos, point, counting), details=details)


def by_cost(photos: CalibrationPhotos, costs: Costs) -> Proposal:
    """The threshold that costs least at the plant's own defect rate; two of them where a person's look is cheaper."""
    found = cost.choose(photos.each_once(), costs)
    at = f"where {percent(costs.defect_rate)} of castings are defective"
    inspection = "" if costs.inspection is None else f", a look {costs.inspection:g}"
    asked = f"least cost {at}, an escape costs {costs.escape:g}, a false alarm {costs.false_alarm:g}{inspection}"
    point = OperatingPoint(threshold=found.threshold, upper=found.rejects_from, chosen=f"{asked}; {_on(photos)}")
    words = f"{_what_it_does(photos, point)} On average a casting costs {found.cost:.3g}. {_flat(found)}"
    return Proposal(method=COST, point=point, words=words, details=vars(costs) | {"cost": found.cost})


def by_workload(
    photos: CalibrationPhotos, wanted: Workload, *, defect_rate: float, castings_per_shift: int
) -> Proposal:
    """The two thresholds that are proven, with what a person has to look at between them, of so many castings."""
    castings = photos.each_once()
    found = workload.choose(castings, wanted)
    asked = (
        f"at most {percent(wanted.escapes)} of defective castings escape and at most {percent(wanted.false_rejects)} "
        f"of ok castings are rejected unseen, {percent(wanted.confidence)} sure of both"
    )
    details = vars(wanted) | {"defect_rate": defect_rate, "castings_per_shift": castings_per_shift}
    if found.threshold is None or found.rejects_from is None:
        missing = [_missing(found.escapes, "defective casting", "escapes")] * (found.threshold is None)
        missing += [_missing(found.false_rejects, "ok casting", "is rejected")] * (found.rejects_from is None)
        further = {"further_defective": found.escapes.further, "further_ok": found.false_rejects.further}
        words = f"Not proven: {asked}. {' '.join(missing)}"
        return Proposal(method=WORKLOAD, point=None, words=words, details=details | further)
    chosen = f"{asked}; {_on(photos)}; {COUNTED[Counting.ANY_PHOTO]}"
    point = OperatingPoint(threshold=found.threshold, upper=found.rejects_from, chosen=chosen)
    share = workload.share_to_inspect(castings, point, defect_rate)
    looked = f"A person looks at about {percent(share)} of all castings: {share * castings_per_shift:.0f} a shift."
    words = f"{_what_it_does(photos, point)} {looked if share else 'Nobody has to look.'}"
    return Proposal(method=WORKLOAD, point=point, words=words, details=details | {"share_to_inspect": share})


def by_hand(threshold: float, upper: float | None = None, *, photos: CalibrationPhotos | None = None) -> Proposal:
    """A point that a person names; ``SettingsError`` where it cannot be one."""
    try:
        point = OperatingPoint(threshold=threshold, upper=upper, chosen="set by hand, no castings chose it")
    except ValueError as error:
        raise SettingsError(f"this operating point will not do: {error}") from error
    words = "" if photos is None else _what_it_does(photos, point)
    return Proposal(method=BY_HAND, point=point, words=words, details={})


def _on(photos: CalibrationPhotos) -> str:
    return f"chosen on {photos.words}"


def _what_it_does(photos: CalibrationPhotos, point: OperatingPoint, counting: Counting = Counting.ANY_PHOTO) -> str:
    castings = photos.each_once(counting)
    found = castings.outcomes(point)
    told = f"On the castings it was chosen on {escapes(found)}, {false_alarms(found)}."
    bad, good = castings.to_inspect(point)
    looked = f" A person looks at {bad} of the defective and {good} of the ok ones." if bad + good else ""
    return told + looked


def _missing(proven: Proven, noun: str, goes_wrong: str) -> str:
    have = f"There {'is' if proven.castings == 1 else 'are'} {count(proven.castings, noun)}"
    wrong = f", {proven.wrong} of which {goes_wrong} even at the strictest threshold" if proven.wrong else ""
    return f"{have}{wrong}; it would take {proven.further:,} more, none of which {goes_wrong}."


def _flat(found: ByCost) -> str:
    first, last = found.flat
    if first == last:
        return "Any other threshold costs more on these castings."
    return f"Every threshold from {first:g} to {last:g} costs the same on these castings."
