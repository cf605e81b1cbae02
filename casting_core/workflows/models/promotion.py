"""Which version judges: putting another one in production, and the figures of both to decide by."""

from dataclasses import dataclass

import pandas as pd

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import FEW, WRONG_CASTING, Label
from casting_core.errors import ModelError
from casting_core.records.card import ModelCard
from casting_core.records.ledger import Kind
from casting_core.records.version_files import GRAPH
from casting_core.wording import count, escapes, false_alarms, share, verb
from casting_core.workflows.judging.measuring.measure import measurement, usual_split
from casting_core.workflows.judging.scores import NOT_COUNTED, proving, scores
from casting_core.workflows.models.checks import check
from casting_core.workflows.operating_points import in_force
from casting_core.workflows.stores import ledger, registry


def promote(name: str, *, actor: str = "", reason: str = "") -> None:
    """Puts a version in production, after it has judged known photos: what cannot judge must not have to.

    It is written down who did it, and why. Raises ``ModelError`` with what keeps it from judging; the one in production
    then stays.
    """
    store = registry()
    card, folder = store.card(name), store.path(name)
    try:
        tried = check(folder)
    except ModelError as error:
        raise ModelError(f"model {name!r} is not put in production: {error}") from error
    if tried != card:
        raise ModelError(f"model {name!r} is not put in production: its card was changed meanwhile")
    now = in_production()
    body = {"before": now.name if now else "", "graph": card.files.get(GRAPH, "")}
    with ledger().adding(Kind.PROMOTION, about=name, body=body, actor=actor.strip(), reason=reason.strip()):
        store.promote(name)


def in_production() -> ModelCard | None:
    """The card of the version that judges now; none where the one that should is gone or damaged."""
    try:
        return registry().card(registry().production())
    except ModelError:
        return None


@dataclass(frozen=True, kw_only=True)
class OfClass:
    """Two versions on the same castings of one class."""

    n: int  # castings
    now: int  # of them judged wrongly by the version in production
    new: int  # and by the other one
    only_now: int  # judged wrongly by the version in production alone
    only_new: int  # and by the other one alone: what promoting it would add


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two versions held against each other, or why they cannot be."""

    why_not: str = ""
    defective: OfClass | None = None
    ok: OfClass | None = None

    @property
    def words(self) -> str:
        """The comparison in a sentence for each class."""
        if self.defective is None or self.ok is None:
            return f"They cannot be compared: {self.why_not}."
        classes = ((self.defective, "defective casting", "escaped"), (self.ok, "ok casting", "rejected"))
        told = [
            f"Of the same {count(one.n, noun)}, {one.now} {wrong} now and {one.new} would: "
            f"{one.only_new} that did not, and {one.only_now} no more."
            for one, noun, wrong in classes
        ]
        short = [count(one.n, noun) for one, noun, _ in classes if one.n < FEW]
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

    Their columns are photo, label, casting, new and wrong.
    """
    both = now.merge(new[["photo", "new", "wrong"]], on="photo", suffixes=("_now", "_new"), validate="many_to_many")
    both = both.drop_duplicates("photo")
    labels = both.groupby("casting")["label"].nunique()
    both = both[both["new_now"] & both["new_new"] & both["casting"].map(labels).eq(1)]
    if both.empty:
        return Compared(why_not=f"no casting of {name} is new to both: what one of them learned from proves nothing")
    wrong = both.groupby(["label", "casting"])[["wrong_now", "wrong_new"]].any()
    return Compared(defective=_of_class(wrong, Label.DEFECTIVE), ok=_of_class(wrong, Label.OK))


def _judged(photos: pd.DataFrame, threshold: float) -> pd.DataFrame:
    said = (photos["score"] >= threshold).astype(int)
    return photos.assign(wrong=said != photos["label"])


def _of_class(wrong: pd.DataFrame, label: Label) -> OfClass:
    here = wrong[wrong.index.get_level_values("label") == label]
    now, new = here["wrong_now"].to_numpy(dtype=bool), here["wrong_new"].to_numpy(dtype=bool)
    return OfClass(
        n=len(here),
        now=int(now.sum()),
        new=int(new.sum()),
        only_now=int((now & ~new).sum()),
        only_new=int((new & ~now).sum()),
    )


def side_by_side(new: ModelCard, now: ModelCard | None) -> dict[str, tuple[str, str]]:
    """What the cards say: for each row its figure now and its figure then; empty where there is none.

    The figures are those of castings that were new to the version where it has any. They come from different castings,
    so they are not to be held against each other; ``on_same_castings`` does that.
    """
    ours, theirs = _figures(new), _figures(now) if now else {}
    return {row: (theirs.get(row, ""), figure) for row, figure in ours.items()}


def _figures(card: ModelCard) -> dict[str, str]:
    score = proving(card) or scores(card)[0]
    of_castings = {"castings": NOT_COUNTED}
    if score.outcomes is not None:
        of_castings = {"castings": escapes(score.outcomes), " ": false_alarms(score.outcomes)}
    return {
        **of_castings,
        "which castings": score.name if score.proves else f"{score.name}: {score.meaning}, prove nothing",
        "photos right": f"{share(score.right)} of {score.photos:,}",
        "photos missed": f"{score.missed:,}",
        "photos rejected falsely": f"{score.false_alarms:,}",
        "dataset": card.data.name,
        "network": card.network,
    }
