"""Two versions held against each other, on the castings of a dataset that are new to both."""

from dataclasses import dataclass

import pandas as pd

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import FEW, WRONG_CASTING, Label
from casting_core.judging.comparison import Paired
from casting_core.records.card import ModelCard
from casting_core.wording import count, verb
from casting_core.workflows.judging.measuring.measure import measurement, usual_split
from casting_core.workflows.operating_points import in_force

GOES_WRONG = {Label.DEFECTIVE: "escaped", Label.OK: "rejected"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Compared:
    """Two versions on the same castings, or why they cannot be compared."""

    why_not: str = ""
    defective: Paired | None = None
    ok: Paired | None = None
    differing: pd.DataFrame | None = None  # a row for each casting that one of both alone judges wrongly

    @property
    def classes(self) -> list[tuple[Label, Paired]]:
        """The numbers class by class, defective castings first; empty where they cannot be compared."""
        both = ((Label.DEFECTIVE, self.defective), (Label.OK, self.ok))
        return [(label, paired) for label, paired in both if paired is not None]

    @property
    def words(self) -> str:
        """The comparison in a sentence for each class."""
        if not self.classes:
            return f"They cannot be compared: {self.why_not}."
        told = [_in_words(label, paired) for label, paired in self.classes]
        short = [count(one.n, f"{label.word} casting") for label, one in self.classes if one.n < FEW]
        few = [f"Only {' and '.join(short)}: fewer than {FEW} of a class prove next to nothing."] if short else []
        return " ".join([*told, *few, WRONG_CASTING])


def on_same_castings(
    new: ModelCard, now: ModelCard, dataset: Dataset, castings: "pd.Series[int] | None", *, name: str
) -> Compared:
    """Both versions on the castings of a dataset that neither learned from nor was chosen by.

    It takes a measurement of both on these very photos; ``name`` is what the dataset is called.
    """
    if castings is None:
        return Compared(why_not=f"which photos of {name} show one casting is not known; measure both there first")
    split = usual_split(dataset)
    both = {card.name: measurement(card, dataset, split, castings) for card in (now, new)}
    missing = [card for card, found in both.items() if found is None]
    if missing:
        return Compared(why_not=f"{' and '.join(missing)} {verb(len(missing), 'were')} not measured on {name}")
    old, other = ((both[card.name], in_force(card).threshold) for card in (now, new))
    assert old[0] is not None and other[0] is not None
    return compare(_judged(old[0].photos, old[1]), _judged(other[0].photos, other[1]), name=name)


def compare(now: pd.DataFrame, new: pd.DataFrame, *, name: str) -> Compared:
    """Holds two tables of judged photos against each other, on the castings that are new to both.

    Their columns are photo, label, casting, new, score and wrong. ``differing`` has the columns casting, label, photo
    (of the casting's photos that both disagree about the one furthest apart), score_now, score_new and better: whether
    the new version is the one that is right.
    """
    columns = ["photo", "new", "wrong", "score"]
    both = now.merge(new[columns], on="photo", suffixes=("_now", "_new"), validate="many_to_many")
    both = both.drop_duplicates("photo")
    labels = both.groupby("casting")["label"].nunique()
    both = both[both["new_now"] & both["new_new"] & both["casting"].map(labels).eq(1)]
    if both.empty:
        return Compared(why_not=f"no casting of {name} is new to both: what one of them learned from proves nothing")
    wrong = both.groupby(["label", "casting"])[["wrong_now", "wrong_new"]].any()
    return Compared(
        defective=_of_class(wrong, Label.DEFECTIVE), ok=_of_class(wrong, Label.OK), differing=_differing(both, wrong)
    )


def _judged(photos: pd.DataFrame, threshold: float) -> pd.DataFrame:
    said = (photos["score"] >= threshold).astype(int)
    return photos.assign(wrong=said != photos["label"])


def _of_class(wrong: pd.DataFrame, label: Label) -> Paired:
    here = wrong[wrong.index.get_level_values("label") == label]
    now, new = here["wrong_now"].to_numpy(dtype=bool), here["wrong_new"].to_numpy(dtype=bool)
    return Paired(
        n=len(here),
        now=int(now.sum()),
        new=int(new.sum()),
        only_now=int((now & ~new).sum()),
        only_new=int((new & ~now).sum()),
    )


def _differing(photos: pd.DataFrame, wrong: pd.DataFrame) -> pd.DataFrame:
    of_one = wrong[wrong["wrong_now"] != wrong["wrong_new"]].reset_index()
    told = photos[photos["casting"].isin(of_one["casting"])]
    told = told.assign(apart=(told["score_new"] - told["score_now"]).abs())
    told = told[told["wrong_now"] != told["wrong_new"]].sort_values(["apart", "photo"], ascending=[False, True])
    told = told.drop_duplicates("casting").merge(of_one[["casting", "wrong_now"]], on="casting", suffixes=("", "_all"))
    told = told.assign(better=told["wrong_now_all"])
    columns = ["casting", "label", "photo", "score_now", "score_new", "better"]
    return told.sort_values(["label", "better", "casting"], ascending=[False, True, True])[columns]


def _in_words(label: Label, one: Paired) -> str:
    noun, wrong = f"{label.word} casting", GOES_WRONG[label]
    told = (
        f"Of the same {count(one.n, noun)}, {one.now} {wrong} now and {one.new} would: "
        f"{one.only_new} that did not, and {one.only_now} no more"
    )
    return f"{told} (p = {one.p_value:.2g}, McNemar)." if one.only_new + one.only_now else f"{told}."
