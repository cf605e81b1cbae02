"""Photos and castings that lie where they must not: in two splits, under two labels, or twice in one place."""

from collections.abc import Sequence

import pandas as pd

from casting_core.data.audit.finding import Finding, Groups, Kind, Remedy, Severity
from casting_core.data.datasets.splits import own_validation
from casting_core.domain import Label, Split
from casting_core.wording import count, verb

PLACE = ["split", "label"]


def across_splits(photos: pd.DataFrame) -> Finding:
    """How many photos that should test a network show a casting it learns from.

    Here and below, ``photos`` has one row per file and the columns photo, path, split, label and casting.
    """
    kind, splits = Kind.CASTINGS_ACROSS_SPLITS, set(photos["split"])
    if not {Split.TRAIN, Split.TEST} <= splits:
        named = "train and validation only" if {Split.TRAIN, Split.VALIDATION} <= splits else "no train and test"
        return Finding(
            kind=kind,
            severity=Severity.WORTH_KNOWING,
            title=f"No photos are kept apart for a test: the folders name {named}.",
            consequence="Without photos of castings that the network has never seen, nobody can say how it does on the "
            "next casting. A split that keeps each casting whole makes such photos.",
            remedy=Remedy.SPLIT_BY_CASTING,
            answered=False,
        )
    test = photos[photos["split"] == Split.TEST]
    used = [Split.TRAIN, Split.VALIDATION] if own_validation(photos) else [Split.TRAIN]
    seen = test["casting"].isin(photos.loc[photos["split"].isin(used), "casting"])
    leaked, fresh = int(seen.sum()), int((~seen).sum())
    figures = {"test_photos": len(test), "new_photos": fresh, "seen_photos": leaked}
    figures |= {"shared_castings": int(test.loc[seen, "casting"].nunique())}
    if not leaked:
        return Finding(
            kind=kind,
            severity=Severity.FINE,
            title=f"None of the {count(len(test), 'test photo')} shows a casting that is also in {' or '.join(used)}.",
            consequence="A score on test is one on castings that the network has never seen.",
            figures=figures,
        )
    return Finding(
        kind=kind,
        severity=Severity.SERIOUS,
        title=_how_many_are_new(fresh, leaked, used),
        consequence=f"{'The other ' if fresh else 'All '}{leaked:,} show castings that the network has already seen in "
        "training, so a score on test measures memory, not inspection: it says little about the next casting that "
        "comes down the line, and the escape rate there may be many times higher.",
        remedy=Remedy.SPLIT_BY_CASTING,
        photos=tuple(dict.fromkeys(test.loc[seen, "photo"])),
        groups=_groups(photos, "casting", set(test.loc[seen, "casting"])),
        figures=figures,
    )


def across_validation(photos: pd.DataFrame) -> Finding:
    """How many photos of a validation folder show a casting that the network learns from."""
    kind, splits = Kind.CASTINGS_ACROSS_VALIDATION, set(photos["split"])
    if not {Split.TRAIN, Split.VALIDATION} <= splits:
        return Finding(
            kind=kind,
            severity=Severity.FINE,
            title="There is no validation folder beside train.",
            consequence="Photos to validate on are drawn out of those to learn from, castings whole unless the recipe "
            "says otherwise.",
        )
    own = photos[photos["split"] == Split.VALIDATION]
    if not own_validation(photos):
        return Finding(
            kind=kind,
            severity=Severity.WORTH_KNOWING,
            title=f"The validation folder holds {Label(own['label'].iloc[0]).word} photos only.",
            consequence="Nothing can be said of the other class with them, so a training does not use them: it draws "
            "photos of both classes out of train. Photos of both classes in that folder would be used.",
            remedy=Remedy.ADD_CASTINGS,
            figures={"validation_photos": len(own)},
        )
    seen = own["casting"].isin(photos.loc[photos["split"] == Split.TRAIN, "casting"])
    leaked, whole = int(seen.sum()), count(len(own), "validation photo")
    figures = {"validation_photos": len(own), "seen_photos": leaked}
    figures |= {"shared_castings": int(own.loc[seen, "casting"].nunique())}
    if not leaked:
        return Finding(
            kind=kind,
            severity=Severity.FINE,
            title=f"None of the {whole} shows a casting that is also in train.",
            consequence="They are what a training validates on. A score on them is one on castings that it did not "
            "learn from, though they choose its best epoch and its threshold; what they chose is proven on others.",
            figures=figures,
        )
    return Finding(
        kind=kind,
        severity=Severity.SERIOUS,
        title=f"{leaked:,} of {whole} {verb(leaked, 'show')} a casting that is also in train.",
        consequence="A training validates on them, so its curves, its best epoch and its threshold are chosen in part "
        "on castings that it has learned by heart, and look better than the network is. A split that keeps each "
        "casting whole parts them.",
        remedy=Remedy.SPLIT_BY_CASTING,
        photos=tuple(dict.fromkeys(own.loc[seen, "photo"])),
        groups=_groups(photos, "casting", set(own.loc[seen, "casting"])),
        figures=figures,
    )


def _how_many_are_new(fresh: int, leaked: int, used: Sequence[str]) -> str:
    where = f"in neither {' nor '.join(used)}" if len(used) > 1 else f"not in {used[0]}"
    if fresh < leaked:
        start = f"Only {fresh:,}" if fresh else "None"
        shows = "shows" if fresh <= 1 else "show"
        return f"{start} of {count(fresh + leaked, 'test photo')} {shows} a casting that is {where}."
    show = verb(leaked, "show")
    return f"{leaked:,} of {count(fresh + leaked, 'test photo')} {show} a casting that is also in {' or '.join(used)}."


def identical_across_splits(photos: pd.DataFrame) -> Finding:
    """Photos that lie byte for byte in more than one split."""
    twice = _in_more_than_one(photos, by="photo", of="split")
    names = sorted({str(split) for split in twice["split"]}, key=list(Split).index)  # type: ignore[arg-type]
    kind, figures = Kind.IDENTICAL_ACROSS_SPLITS, {"photos": twice["photo"].nunique()}
    if twice.empty:
        return Finding(
            kind=kind,
            severity=Severity.FINE,
            title="No photo lies in two splits, byte for byte.",
            consequence="No network is tested on a file that it has learned from.",
            figures=figures,
        )
    many = count(figures["photos"], "photo")
    return Finding(
        kind=kind,
        severity=Severity.SERIOUS,
        title=f"{many} {verb(figures['photos'], 'lie')} in more than one split, byte for byte ({', '.join(names)}).",
        consequence="On these the network is asked what it was told in training; that it is right there proves "
        "nothing. A split that keeps castings whole parts them, too.",
        remedy=Remedy.SPLIT_BY_CASTING,
        photos=tuple(dict.fromkeys(twice["photo"])),
        figures=figures,
    )


def identical_across_labels(photos: pd.DataFrame) -> Finding:
    """Photos that lie byte for byte under both labels."""
    twice = _in_more_than_one(photos, by="photo", of="label")
    kind, figures = Kind.IDENTICAL_ACROSS_LABELS, {"photos": twice["photo"].nunique()}
    if twice.empty:
        return Finding(
            kind=kind,
            severity=Severity.FINE,
            title="No photo lies under both labels.",
            consequence="Where it is about the very same file, the labels do not contradict each other.",
            figures=figures,
        )
    many = count(figures["photos"], "photo")
    return Finding(
        kind=kind,
        severity=Severity.SERIOUS,
        title=f"{many} {verb(figures['photos'], 'lie')} under both labels, ok and defective, byte for byte.",
        consequence="One of the two labels is wrong. Whatever the network says of these photos, it is counted once as "
        "right and once as an escape or a false alarm.",
        remedy=Remedy.DECIDE_LABEL,
        photos=tuple(dict.fromkeys(twice["photo"])),
        figures=figures,
    )


def identical_within_split(photos: pd.DataFrame) -> Finding:
    """Photos that lie byte for byte more than once in the same split under the same label."""
    spare = photos[photos.duplicated(["photo", *PLACE])]
    kind, figures = Kind.IDENTICAL_WITHIN_SPLIT, {"photos": spare["photo"].nunique(), "spare_files": len(spare)}
    if spare.empty:
        return Finding(
            kind=kind,
            severity=Severity.FINE,
            title="No photo lies twice in the same split and class.",
            consequence="No photo counts more than once.",
            figures=figures,
        )
    return Finding(
        kind=kind,
        severity=Severity.WORTH_KNOWING,
        title=f"{count(len(spare), 'file')} {verb(len(spare), 'repeat')} a photo that lies in the same split and "
        "class already, byte for byte.",
        consequence="Such a photo counts twice or more, in training and in every figure, and tells nothing new. "
        "Leaving out the spare files keeps one of each.",
        remedy=Remedy.LEAVE_OUT,
        photos=tuple(dict.fromkeys(spare["photo"])),
        files=tuple(spare["path"]),
        figures=figures,
    )


def labelled_both_ways(photos: pd.DataFrame) -> Finding:
    """Castings of which some photos are labelled ok and others defective."""
    disputed = _in_more_than_one(photos, by="casting", of="label")
    kind, castings = Kind.CASTINGS_LABELLED_BOTH_WAYS, int(disputed["casting"].nunique())
    ok = int((disputed["label"] == Label.OK).sum())
    figures = {"castings": castings, "ok_photos": ok, "defective_photos": len(disputed) - ok}
    if disputed.empty:
        return Finding(
            kind=kind,
            severity=Severity.FINE,
            title="No casting is labelled both ok and defective.",
            consequence="As far as photos of one casting can be found, their labels agree.",
            figures=figures,
        )
    whose = "its" if castings == 1 else "their"
    return Finding(
        kind=kind,
        severity=Severity.SERIOUS,
        title=f"{count(castings, 'casting')} {verb(castings, 'are')} labelled both ways: {ok:,} of {whose} "
        f"photos say ok, {len(disputed) - ok:,} defective.",
        consequence="A casting is one or the other. The network is taught both, and whichever it says is counted as an "
        "error on some of these photos: an escape or a false alarm that may be none. Look at them side by side. "
        "Where a defect shows from one side only, the casting is still defective; where the photos show two castings "
        "that look alike, both labels may be right.",
        remedy=Remedy.DECIDE_LABEL,
        photos=tuple(dict.fromkeys(disputed["photo"])),
        groups=_groups(photos, "casting", set(disputed["casting"])),
        figures=figures,
    )


def _in_more_than_one(photos: pd.DataFrame, *, by: str, of: str) -> pd.DataFrame:
    """The rows of photos (or castings) that are found in more than one split (or label)."""
    different = photos.drop_duplicates([by, of]).groupby(by).size()
    return photos[photos[by].isin(different.index[different > 1])]


def _groups(photos: pd.DataFrame, by: str, wanted: set[int]) -> Groups:
    """The photos of each casting, largest first; in each, one of every split and label in turn."""
    rows = photos[photos[by].isin(wanted)].drop_duplicates("photo")
    turns = [group.groupby(PLACE).cumcount().sort_values(kind="stable").index for _, group in rows.groupby(by)]
    groups = [tuple(rows.loc[turn, "photo"]) for turn in turns]
    return tuple(sorted(groups, key=lambda group: (-len(group), group)))
