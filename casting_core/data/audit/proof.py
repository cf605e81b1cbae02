"""What could be proven with the castings there are.

The bound is exact (Clopper and Pearson 1934), one-sided, 95 %: with no error among n independent castings, the rate
is at most 1 - 0.05^(1/n). Copies of a casting are no further proof, so castings are counted and not photos. A casting
that is labelled both ways counts for neither side until somebody has decided.
"""

from math import ceil, log

import pandas as pd

from casting_core.data.audit.finding import Finding, Kind, Remedy, Severity
from casting_core.data.datasets.splits import own_validation
from casting_core.domain import Label, Split
from casting_core.wording import count, percent, verb

DOUBT = 0.05  # that the bound is wrong
ESCAPE_GOAL, ALARM_GOAL = 0.01, 0.05  # rates that a plant would want proven at least
FAR = 5  # times its goal: a bound beyond it is serious


def at_most(castings: int) -> float:
    """The rate that no error among so many independent castings proves, 0 to 1; nothing is proven by none."""
    return float(1 - DOUBT ** (1 / castings)) if castings else 1.0


def needed(rate: float) -> int:
    """How many castings without an error it takes to prove this rate: 299 for 1 %."""
    return ceil(log(DOUBT) / log(1 - rate))


def escapes(photos: pd.DataFrame) -> Finding:
    """What escape rate the defective castings could prove at best; columns photo, split, label, casting."""
    return _proof(photos, Label.DEFECTIVE, Kind.ESCAPES, "the escape rate", ESCAPE_GOAL)


def false_alarms(photos: pd.DataFrame) -> Finding:
    """What false-alarm rate the ok castings could prove at best."""
    return _proof(photos, Label.OK, Kind.FALSE_ALARMS, "the false-alarm rate", ALARM_GOAL)


def _proof(photos: pd.DataFrame, label: Label, kind: Kind, rate: str, goal: float) -> Finding:
    doubtful = set(photos.loc[photos["label"] == Label.OK, "casting"]) & set(
        photos.loc[photos["label"] == Label.DEFECTIVE, "casting"]
    )
    sure = photos[~photos["casting"].isin(doubtful) & (photos["label"] == label)]
    castings, enough = int(sure["casting"].nunique()), needed(goal)
    unseen = _unseen(photos, sure)
    bound = at_most(castings)
    figures = {"castings": castings, "photos": sure["photo"].nunique(), "rate_at_best": bound}
    figures |= {"goal": goal, "castings_for_goal": enough, "left_out_as_doubtful": len(doubtful)}
    if unseen is not None:
        figures |= {"test_castings_not_in_train": unseen, "rate_at_best_on_test": at_most(unseen)}
    missing = max(0, enough - castings)
    severity = Severity.FINE if not missing else Severity.WORTH_KNOWING if bound <= FAR * goal else Severity.SERIOUS
    title = f"With {count(castings, f'{label.word} casting')}, even a perfect score proves only that {rate} "
    title += f"is at most {percent(bound)}."
    if not castings:
        title = f"Without a {label.word} casting whose label is sure, nothing can be proven about {rate}."
    sentences = [*_what_is_missing(label, goal, enough, missing), *_on_test(label, unseen, len(doubtful))]
    return Finding(
        kind=kind,
        severity=severity,
        title=title,
        consequence=" ".join(sentences),
        remedy=Remedy.ADD_CASTINGS if missing else Remedy.NONE,
        figures=figures,
    )


def _unseen(photos: pd.DataFrame, sure: pd.DataFrame) -> int | None:
    """How many of these castings are in test and not in train; none where there is no test."""
    if not {Split.TRAIN, Split.TEST} <= set(photos["split"]):
        return None
    used = [Split.TRAIN, Split.VALIDATION] if own_validation(photos) else [Split.TRAIN]
    learned = set(photos.loc[photos["split"].isin(used), "casting"])
    return len(set(sure.loc[sure["split"] == Split.TEST, "casting"]) - learned)


def _what_is_missing(label: Label, goal: float, enough: int, missing: int) -> list[str]:
    wrong = "found" if label is Label.DEFECTIVE else "passed"
    needs = f"To prove {percent(goal)} takes {count(enough, f'different {label.word} casting')}, all of them {wrong}"
    return [
        "Photos of one casting count once, however many there are (confidence 95 %).",
        f"{needs}: {missing:,} more than there are." if missing else f"{needs}; they are there.",
    ]


def _on_test(label: Label, unseen: int | None, doubtful: int) -> list[str]:
    sentences = []
    if unseen is not None:
        sentences.append(
            f"As the photos are split now, test holds {count(unseen, f'{label.word} casting')} that the network has "
            f"not seen, which can prove {percent(at_most(unseen))} at best."
            if unseen
            else f"As the photos are split now, test holds no {label.word} casting that the network has not seen, and "
            "so proves nothing."
        )
    if doubtful:
        counts = verb(doubtful, "count")
        sentences.append(f"{count(doubtful, 'casting')} labelled both ways {counts} for neither side.")
    return sentences
