"""Photos and castings that lie where they must not: in two splits, under two labels, or twice in one place."""

import pandas as pd

from casting_core.data.audit.finding import Finding, Groups, Kind, Remedy, Severity
from casting_core.domain import Label, Split
from casting_core.wording import count, verb

PLACE = ["split", "label"]


def across_splits(photos: pd.DataFrame) -> Finding:
    """How many photos that should test a network show a casting it learns from.

    Here and below, ``photos`` has one row per file and the columns photo, path, split, label and casting.
    """
    kind, splits = Kind.CASTINGS_ACROSS_SPLITS, set(photos["split"])
    asked = Split.TEST if Split.TEST in splits else Split.VALIDATION
    if not {Split.TRAIN, asked} <= splits:
        return Finding(
            kind=kind,
            severity=Severity.WORTH_KNOWING,
            title="No photos are kept apart for a test: the folders name no train and test.",
            consequence="Without photos of castings that the network has never seen, nobody can say how it does on the "
            "next casting. A split that keeps each casting whole makes such photos.",
            remedy=Remedy.SPLIT_BY_CASTING,
            answered=False,
        )
    test = photos[photos["split"] == asked]
    learned = photos["split"].isin({Split.TRAIN, Split.VALIDATION} - {asked})
    seen = test["casting"].isin(photos.loc[learned, "casting"])
    leaked, fresh = int(seen.sum()), int((~seen).sum())
    figures = {"test_photos": len(test), "new_photos": fresh, "seen_photos": leaked}
    figures |= {"shared_castings": int(test.loc[seen, "casting"].nunique())}
    if not leaked:
        return Finding(
            kind=kind,
            severity=Severity.FINE,
            title=f"None of the {count(len(test), f'{asked} photo')} shows a casting that is also in train.",
            consequence=f"A score on {asked} is one on castings that the network has never seen.",
            figures=figures,
        )
    return Finding(
        kind=kind,
        severity=Severity.SERIOUS,
        title=_how_many_are_new(fresh, leaked, asked),
        consequence=f"{'The other ' if fresh else 'All '}{leaked:,} show castings that the network has already seen in "
        f"training, so a score on {asked} measures memory, not inspection: it says little about the next casting that "
        "comes down the line, and the escape rate there may be many times higher.",
        remedy=Remedy.SPLIT_BY_CASTING,
        photos=tuple(dict.fromkeys(test.loc[seen, "photo"])),
        groups=_groups(photos, "casting", set(test.loc[seen, "casting"])),
        figures=figures,
    )


def _how_many_are_new(fresh: int, leaked: int, asked: str) -> str:
    if fresh < leaked:
        start = f"Only {fresh:,}" if fresh else "None"
        shows = "shows" if fresh <= 1 else "show"
        return f"{start} of {count(fresh + leaked, f'{asked} photo')} {shows} a casting that is not in train."
    show = verb(leaked, "show")
    return f"{leaked:,} of {count(fresh + leaked, f'{asked} photo')} {show} a casting that is also in train."


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
