"""What a person says of an inspected part: on record, the latest counts, and the photo can be kept to learn from."""

from pathlib import Path

import pytest

from casting_core.data.importing.sources import Folder
from casting_core.domain import Label, Split, Verdict
from casting_core.errors import DatasetError
from casting_core.records.datasets import NamedDataset
from casting_core.workflows.datasets.importing import add_one, import_photos, look_into
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.review.opinions import PartData, opinions, say
from casting_core.workflows.stores import dataset_book, ledger

PHOTO = "ab" * 32


def said(label: Label | None, *, verdict: Verdict | None = Verdict.PASS, who: str = "Ana", **more: str) -> None:
    data = PartData(part=more.pop("part", ""), heat=more.pop("heat", ""))
    say(PHOTO, label, verdict=verdict, model="v1", who=who, data=data, **more)


def test_the_latest_opinion_counts_and_the_earlier_ones_stay() -> None:
    said(Label.OK)
    said(Label.DEFECTIVE, who="Bea", part=" 4711 ", heat="H3", kind="cavities", note="seen at the rim")
    latest, first = opinions(PHOTO)
    assert (latest.who, latest.label, latest.kind, latest.note) == (
        "Bea",
        Label.DEFECTIVE,
        "cavities",
        "seen at the rim",
    )
    assert latest.data.words == "part 4711, heat H3"
    assert latest.overrules
    assert latest.words == "overrules: defective"
    assert not first.overrules
    assert first.words == "agrees: ok"
    assert ledger().verify().number == 2


@pytest.mark.parametrize(
    ("label", "verdict", "words"),
    [
        (Label.OK, Verdict.REJECT, "overrules: ok"),
        (Label.OK, Verdict.INSPECT, "says ok"),
        (Label.DEFECTIVE, None, "says defective"),
        (None, Verdict.PASS, "cannot tell"),
    ],
)
def test_an_opinion_says_whether_it_overrules(label: Label | None, verdict: Verdict | None, words: str) -> None:
    said(label, verdict=verdict)
    assert opinions(PHOTO)[0].words == words


def test_only_a_defective_part_has_a_kind_of_defect_and_nobody_speaks_unnamed() -> None:
    said(Label.OK, kind="cavities")
    assert opinions(PHOTO)[0].kind == ""
    with pytest.raises(DatasetError, match="an auditor will ask"):
        said(Label.OK, who=" ")


def test_the_photo_is_kept_to_learn_from_in_no_split(sample_folder: Path) -> None:
    source = Folder(sample_folder)
    dataset = import_photos(source, name="Ours", choices=look_into(source).guesses).dataset
    before = open_dataset(dataset.folder, rule=rule_of(dataset.rule))
    photo = (before.root / before.usable["path"].iloc[0]).read_bytes() + b"\n"  # another file, the same picture
    assert add_one(dataset, "../..\\evil name.jpeg", photo, Label.DEFECTIVE)
    assert not add_one(dataset, "again.jpeg", photo, Label.DEFECTIVE)
    named = dataset_book().find("Ours")
    after = open_dataset(named.folder, rule=rule_of(named.rule))
    (new,) = after.usable[~after.usable["photo"].isin(before.usable["photo"])].to_dict("records")
    assert (new["label"], new["split"]) == (Label.DEFECTIVE, Split.UNSPLIT)
    assert len(after.usable) == len(before.usable) + 1
    assert (after.usable["split"].value_counts()[["train", "test"]] == before.usable["split"].value_counts()).all()


def test_nothing_is_written_into_a_folder_of_other_people(sample_dataset: NamedDataset) -> None:
    dataset_book().put(sample_dataset)
    with pytest.raises(DatasetError, match="nothing is written there"):
        add_one(sample_dataset, "part.jpeg", b"photo", Label.OK)
