"""A study as text for people and as plain values for machines."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from casting_core.domain import Label
from casting_core.judging.agreement import bands
from casting_core.judging.agreement.kappas import Coefficient
from casting_core.judging.agreement.values import Appraiser, Disputed, Share, Wrong
from casting_core.wording import percent, printable
from casting_core.workflows.agreement.result import Outcome

ALIKE, RIGHT = "same answer in every trial", "right in every trial (effectiveness)"


def in_words(found: Share) -> str:
    """A share of parts with its bounds: ``42 of 50 (84 %, 71 to 93 %)``."""
    if found.value is None:
        return "none counted"
    return (
        f"{found.of_parts:,} of {found.parts:,} ({percent(found.value)}, {percent(found.lower)} to "
        f"{percent(found.upper)})"
    )


def wrong_in_words(found: Wrong) -> str:
    """What went wrong by decisions and by parts: ``3 of 48 decisions (6.3 %), 3 of 16 parts``."""
    if found.rate is None:
        return "none counted"
    return (
        f"{found.wrong:,} of {found.decisions:,} decisions ({percent(found.rate)}), {found.parts_wrong:,} of "
        f"{found.parts:,} parts (of all such parts at most {percent(found.upper)})"
    )


def coefficient(found: Coefficient) -> str:
    """A coefficient with its bounds: ``0.86 (0.77 to 0.94)``; why there is none, or no bounds."""
    if found.value is None:
        return "none"
    if found.lower is None or found.upper is None:
        return f"{found.value:.2f} (no bounds: nobody disagreed)"
    return f"{found.value:.2f} ({found.lower:.2f} to {found.upper:.2f})"


def with_band(found: Coefficient) -> str:
    """A kappa with its bounds, and what it is called by AIAG."""
    return coefficient(found) + ("" if found.value is None else f", {bands.kappa(found.value)}")


def verdict(one: Appraiser) -> str:
    """What an appraiser is called, by AIAG and in the words of VDA: ``marginal: capable with restrictions``."""
    return (
        "no reference, so nobody knows who is right"
        if one.band is None
        else f"{one.band}: {bands.CAPABILITY[one.band]}"
    )


def answers_in_words(part: Disputed) -> str:
    """Who said what of a part, trial by trial."""
    told = (f"{name}: {', '.join(label.word for label in said)}" for name, said in part.answers if said)
    return "; ".join(told)


def as_text(outcome: Outcome) -> str:
    """All of it, for a terminal."""
    study = outcome.study
    lines = [f"{study.parts} parts, of them {study.defective} defective by the reference; {study.trials} trials", ""]
    for one in study.appraisers:
        lines += [printable(one.name), *(f"  {line}" for line in _appraiser(one)), ""]
    for pair in study.pairs:
        lines += [
            f"{printable(pair.first)} with {printable(pair.second)}: kappa {with_band(pair.kappa)}; AC1 "
            f"{coefficient(pair.ac1)}; the same in every trial {in_words(pair.alike)}"
        ]
    lines += [
        "",
        f"Everybody, {ALIKE}: {in_words(study.alike)}",
        f"Everybody, {RIGHT}: {in_words(study.right)}",
        f"Fleiss' kappa of all answers {with_band(study.fleiss)}; AC1 {coefficient(study.ac1)}",
        "",
        f"Parts that somebody judged differently or wrongly: {len(study.disputed)}",
    ]
    for part in study.disputed:
        reference = f" (reference {part.reference.word})" if part.reference is not None else ""
        lines.append(f"  {printable(part.part)}{reference}: {printable(answers_in_words(part))}")
    return "\n".join([*lines, "", *(printable(note) for note in (*outcome.cautions, *outcome.notes))])


def _appraiser(one: Appraiser) -> Iterator[str]:
    yield verdict(one)
    yield f"{RIGHT}: {in_words(one.effectiveness)}"
    if one.judged:
        yield f"right by decisions: {one.right:,} of {one.judged:,} ({percent(one.right / one.judged)})"
    yield f"missed: {wrong_in_words(one.missed)}"
    yield f"false alarms: {wrong_in_words(one.false_alarms)}"
    yield f"against the reference: kappa {with_band(one.kappa)}; AC1 {coefficient(one.ac1)}"
    yield f"{ALIKE}: {in_words(one.alike)}; Fleiss' kappa of the trials {with_band(one.within)}"


def as_values(outcome: Outcome) -> dict[str, Any]:
    """All of it, for machines; labels as words, bands beside the figures."""
    study = outcome.study
    values = asdict(study) | {"cautions": list(outcome.cautions), "notes": list(outcome.notes)}
    values["appraisers"] = [
        asdict(one) | {"band": one.band, "capability": None if one.band is None else bands.CAPABILITY[one.band]}
        for one in study.appraisers
    ]
    values["disputed"] = [
        {
            "part": part.part,
            "reference": None if part.reference is None else part.reference.word,
            "split": part.split,
            "answers": {name: [Label(label).word for label in said] for name, said in part.answers},
        }
        for part in study.disputed
    ]
    return values
