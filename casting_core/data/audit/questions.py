"""Every question an audit asks of a dataset, put one after the other."""

from collections.abc import Sequence

import pandas as pd

from casting_core.data.audit import balance, copies, light, odd, proof, storage
from casting_core.data.audit.finding import Finding, Kind, Severity
from casting_core.data.audit.looks import Looks
from casting_core.data.imaging.headers import Header

WORST_FIRST = {severity: place for place, severity in enumerate(Severity)}
IN_ORDER = {kind: place for place, kind in enumerate(Kind)}


def different(photos: pd.DataFrame) -> pd.DataFrame:
    """One row per photo: of files with the same bytes, the first; ``looks`` are asked for in this order."""
    return photos.drop_duplicates("photo", ignore_index=True)


def findings(
    photos: pd.DataFrame, problems: pd.DataFrame, looks: Looks, headers: Sequence[Header]
) -> tuple[Finding, ...]:
    """What is to be said of these photos, the most serious first.

    Args:
        photos: the usable rows of a dataset's table, with a column ``casting``.
        problems: the other rows.
        looks: of the photos that are ``different``, in their order.
        headers: of their files, in the same order.
    """
    once = different(photos)
    sure = ~once["casting"].isin(photos.groupby("casting")["label"].nunique().loc[lambda labels: labels > 1].index)
    agreed = once[sure].reset_index(drop=True)
    agreed_looks = looks.of(sure.to_numpy())
    found = [
        copies.across_splits(photos),
        copies.across_validation(photos),
        copies.identical_across_splits(photos),
        copies.identical_across_labels(photos),
        copies.identical_within_split(photos),
        copies.labelled_both_ways(photos),
        proof.escapes(photos),
        proof.false_alarms(photos),
        light.brightness(agreed, agreed_looks),
        light.background(agreed, agreed_looks),
        storage.storage(once, headers),
        balance.balance(once),
        odd.unreadable(problems),
        odd.sizes(once),
        odd.blur(once, looks),
        odd.exposure(once, looks),
        odd.foreign(once, looks),
    ]
    return tuple(sorted(found, key=lambda one: (WORST_FIRST[one.severity], IN_ORDER[one.kind])))
