"""What to say of a panel first: a version that reads the lamp, and not the metal, is called that."""

from dataclasses import dataclass
from enum import StrEnum

from casting_core.data.audit.separation import FEWEST, SHORTCUT
from casting_core.data.imaging.disturbances import Disturbance
from casting_core.domain import ClassOutcome, Label
from casting_core.judging.panel.background import Background
from casting_core.judging.panel.panel import Panel
from casting_core.judging.panel.stress import Borne, StressCurve, all_told, right, told, wrong_in
from casting_core.wording import count, listed, percent

# What lamps and cameras do within a year, where a person sees no other photo: a lamp loses two fifths of its light as
# it ages, another camera bends grey levels by a quarter. Brighter than this, photos lose their bright places, and with
# them defects that nobody could see.
LAMP = {Disturbance.LIGHT: (0.6, 1.25), Disturbance.GAMMA: (0.8, 1.25)}
MORE = 0.25  # of the castings of a class: so many more go wrong before a disturbance is said to matter
AT_LEAST = 2  # castings: one alone may have lain on the threshold
HALF = 0.5  # of the castings of a class: where fewer are right as taken, a disturbance can hardly show
CHANCE = 0.6  # AUC up to which a version hardly orders castings better than a guess does
TELLS = SHORTCUT  # AUC from which the background is said to tell the classes apart, as an audit says it of light
KEPT = 0.25  # of the distance between the classes: where less of it is left, what is left decides no verdict


class Reads(StrEnum):
    """What a version goes by, as far as these tests can tell."""

    LAMP = "the lamp"
    SURROUNDINGS = "the surroundings"
    NOTHING = "nothing"
    UNKNOWN = "not known"
    METAL = "the metal"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What to say of a version, in sentences."""

    reads: tuple[Reads, ...]
    first: str
    others: tuple[str, ...] = ()

    @property
    def honest(self) -> bool:
        """Whether nothing was found that it reads instead of the metal."""
        return self.reads == (Reads.METAL,)


def verdict(panel: Panel) -> Verdict:
    """What to say of a panel first, and then."""
    found: dict[Reads, str] = {}
    unknown = _too_wrong(panel.stress) or _too_few(panel.stress)
    if not _too_few(panel.stress) and (words := _nothing(panel)):
        found[Reads.NOTHING] = words
    if words := _lamp(panel.stress):
        found[Reads.LAMP] = words
    if panel.background is not None and (words := _surroundings(panel.background)):
        found[Reads.SURROUNDINGS] = words
    then = () if _too_wrong(panel.stress) else _limits(panel.stress)
    if not _too_wrong(panel.stress) and Reads.SURROUNDINGS not in found:
        then = (*_beside(panel), *then)
    if not found and unknown:
        return Verdict(reads=(Reads.UNKNOWN,), first=unknown, others=then)
    if not found:
        return Verdict(reads=(Reads.METAL,), first=_metal(panel), others=then)
    return Verdict(reads=tuple(found), first=" ".join(found.values()), others=then)


def _nothing(panel: Panel) -> str:
    if panel.curves is None or panel.curves.auc >= CHANCE:
        return ""
    return (
        f"It tells defective from ok castings hardly better than a guess: AUC {panel.curves.auc:.2f} by castings, "
        "where a guess has 0.50."
    )


def _too_few(stress: tuple[StressCurve, ...]) -> str:
    """Why nobody can tell, where a class has too few castings under stress."""
    for label in Label:
        here = wrong_in(stress[0].as_taken.outcomes, label).n if stress else 0
        if here < FEWEST:
            return (
                "Nothing was found that it reads instead of the metal. But that it reads the metal cannot be told from "
                f"{count(here, f'{label.word} casting')}: it takes at least {FEWEST} of either class. Add photos of "
                "more castings, and measure anew."
            )
    return ""


def _too_wrong(stress: tuple[StressCurve, ...]) -> str:
    """Why nobody can tell, where most castings of a class are judged wrongly as they were taken."""
    for label in Label:
        here = wrong_in(stress[0].as_taken.outcomes, label) if stress else None
        if here is not None and right(here) < HALF:
            return (
                f"What it reads cannot be told: it is wrong too often on the photos as they were taken, where "
                f"{_of(here, label)} {_fate(label)}. Train it anew before you ask what it bears."
            )
    return ""


def _lamp(stress: tuple[StressCurve, ...]) -> str:
    """The worst that a moderate change of light does, where that is bad."""
    found = _in_other_light(stress, bad=True)
    return f"It reads the lamp and not the metal: {found}." if found else ""


def _in_other_light(stress: tuple[StressCurve, ...], *, bad: bool) -> str:
    """The worst that a moderate change of light does; empty where nothing goes wrong, or nothing ``bad``."""
    worst: tuple[float, str] = (0.0, "")
    for curve in stress:
        low, high = LAMP.get(curve.disturbance, (1.0, 1.0))
        for point in curve.stressed:
            if not low <= point.strength <= high:
                continue
            for label in Label:
                if _matters(point, curve.as_taken, label) or not bad:
                    worst = max(worst, (_rise(point, curve.as_taken, label), _what(curve, point, label)))
    return worst[1] if worst[0] > 0 else ""


def _surroundings(found: Background) -> str:
    if found.auc is None or found.kept is None or found.auc < max(TELLS, found.lucky) or found.kept < KEPT:
        return ""
    return (
        "It reads the surroundings and not the metal: the background alone tells the classes apart with an AUC of "
        f"{found.auc:.2f} (a guess: 0.50, by chance up to {found.lucky:.2f}), and {percent(min(found.kept, 1.0))} of "
        "the distance between their scores is left when the part is painted over."
    )


def _metal(panel: Panel) -> str:
    background = panel.background
    beside = ""
    if background is not None and background.auc is not None:
        beside = (
            f" With the part painted over it tells the classes apart with an AUC of {background.auc:.2f}: a guess has "
            "0.50."
            if background.auc < max(TELLS, background.lucky)
            else f" With the part painted over {percent(max(background.kept or 0.0, 0.0))} of the distance between the "
            "scores of the classes is left."
        )
    at_worst = _in_other_light(panel.stress, bad=False)
    light = f"the worst that other light does is this: {at_worst}" if at_worst else "in other light no more go wrong"
    return f"It reads the metal, as far as these tests can tell; {light}.{beside}"


def _beside(panel: Panel) -> tuple[str, ...]:
    """Whether there is something beside the part to be read, and that it is not."""
    found = panel.background
    if found is None:
        return ("Where the part lies in these photos is not known, so nobody can tell what the background scores.",)
    if found.told is None or found.told < TELLS:
        return ()
    return (
        f"The background of these photos gives the label away (AUC {found.told:.2f} by grey levels beside the part); "
        "this version does not go by it. Take photos of both classes in the same light and place.",
    )


def _limits(stress: tuple[StressCurve, ...]) -> tuple[str, ...]:
    """From which strength on each disturbance matters, and which do not at all."""
    fails, bears = [], []
    for curve in stress:
        at = next(
            (
                _what(curve, point, label)
                for point in curve.stressed
                for label in (Label.DEFECTIVE, Label.OK)
                if _matters(point, curve.as_taken, label)
            ),
            None,
        )
        if at is None:
            bears.append(all_told(curve.disturbance))
        else:
            fails.append(f"It fails from here on: {at}.")
    return (*fails, *([f"It bears {listed(bears)}."] if bears else []))


def _what(curve: StressCurve, point: Borne, label: Label) -> str:
    """What one strength does to the castings of one class, and what became of them as taken."""
    now, before = wrong_in(point.outcomes, label), wrong_in(curve.as_taken.outcomes, label)
    said = f"at {told(curve.disturbance, point.strength)} {_of(now, label)} {_fate(label)} (as taken: {before.wrong})"
    if 2 * point.refused <= point.asked:
        return said
    return f"{said}, though the gate turns away {point.refused:,} of {count(point.asked, 'photo')} there"


def _fate(label: Label) -> str:
    """What becomes of castings of this class that are judged wrongly."""
    return "escape" if label is Label.DEFECTIVE else "are rejected"


def _of(outcome: ClassOutcome, label: Label) -> str:
    return f"{outcome.wrong:,} of {count(outcome.n, f'{label.word} casting')}"


def _matters(point: Borne, as_taken: Borne, label: Label) -> bool:
    now, before = wrong_in(point.outcomes, label), wrong_in(as_taken.outcomes, label)
    return now.wrong - before.wrong >= max(AT_LEAST, MORE * now.n)


def _rise(point: Borne, as_taken: Borne, label: Label) -> float:
    now, before = wrong_in(point.outcomes, label), wrong_in(as_taken.outcomes, label)
    return (now.wrong - before.wrong) / max(now.n, 1)
