"""An audit of a whole dataset: what it says of a leaky sample, that it is kept, and the report a person files."""

import shutil
from pathlib import Path

import pytest

from casting_core.data.audit.finding import Kind, Severity
from casting_core.data.datasets.scan import Dataset
from casting_core.data.drawing.synthetic import write_sample
from casting_core.errors import CastingError, DatasetError
from casting_core.workflows.audit.audit import VERSION, Audit, audit, kept, kept_at
from casting_core.workflows.audit.report import text
from casting_core.workflows.datasets.opening import open_dataset


@pytest.fixture(scope="module")
def leaky_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Castings with photos on both sides, and some of everything else that can be wrong. Copy it before you write."""
    folder = tmp_path_factory.mktemp("leaky") / "castings"
    write_sample(folder, castings=12, copies=3, seed=2, leaky=True)
    train, test = folder / "train", folder / "test"
    ok = sorted((train / "ok_front").iterdir())
    shutil.copy(ok[0], test / "ok_front" / "the same.jpeg")
    shutil.copy(ok[1], train / "def_front" / "the other label.jpeg")
    shutil.copy(ok[2], train / "ok_front" / "once more.jpeg")
    (train / "ok_front" / "=notes.txt").write_text("no photo")
    return folder


@pytest.fixture
def leaky(leaky_folder: Path) -> Dataset:
    return open_dataset(leaky_folder)


def by_kind(made: Audit) -> dict[Kind, Severity]:
    return {finding.kind: finding.severity for finding in made.findings}


def test_every_question_is_answered_and_the_serious_come_first(leaky: Dataset) -> None:
    made = audit(leaky)
    found = by_kind(made)
    assert set(found) == set(Kind)
    assert len(made.findings) == len(Kind)
    order = [finding.severity for finding in made.findings]
    assert order == sorted(order, key=list(Severity).index)
    assert made.findings[0].kind is Kind.CASTINGS_ACROSS_SPLITS
    for kind in (Kind.IDENTICAL_ACROSS_SPLITS, Kind.IDENTICAL_ACROSS_LABELS, Kind.CASTINGS_LABELLED_BOTH_WAYS):
        assert found[kind] is Severity.SERIOUS
    assert found[Kind.IDENTICAL_WITHIN_SPLIT] is found[Kind.UNREADABLE] is Severity.WORTH_KNOWING
    assert found[Kind.SIZE] is Severity.FINE
    assert made.headline.endswith(f"{made.photos} different photos of {made.castings} castings, 17 questions asked.")


def test_an_audit_is_kept_until_a_file_changes(leaky_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(leaky_folder, tmp_path / "photos")
    dataset = open_dataset(folder)
    assert kept(dataset) is None
    made = audit(dataset)
    assert kept(open_dataset(folder)) == made
    (folder / "train" / "ok_front" / "=notes.txt").unlink()
    assert kept(open_dataset(folder)) is None


def test_a_kept_audit_that_is_damaged_or_of_an_earlier_version_is_none(leaky: Dataset) -> None:
    audit(leaky)
    content = kept_at(leaky).read_bytes()
    earlier = content.replace(f'"version":{VERSION}'.encode(), b'"version":1')
    for damage in (b"", b"{", b"{}", b'{"version": 2}', b"\xff\xfe", content[:-9], earlier):
        kept_at(leaky).write_bytes(damage)
        assert kept(leaky) is None
    kept_at(leaky).write_bytes(content)
    assert kept(leaky) is not None


def test_what_it_does_and_how_far_it_is_only_grows(leaky: Dataset) -> None:
    heard: list[tuple[str, float]] = []
    audit(leaky, report=lambda doing, share: heard.append((doing, share)))
    shares = [share for _, share in heard]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len({doing for doing, _ in heard}) == 3


def test_one_that_is_told_to_stop_keeps_nothing(leaky: Dataset) -> None:
    with pytest.raises(DatasetError, match="stopped before its end"):
        audit(leaky, should_stop=lambda: True)
    assert kept(leaky) is None


def test_photos_that_nobody_can_use_are_not_audited(tmp_path: Path) -> None:
    (tmp_path / "ok").mkdir()
    (tmp_path / "ok" / "text.jpg").write_text("no photo")
    with pytest.raises(DatasetError, match="there is nothing to audit"):
        audit(open_dataset(tmp_path))


def test_a_disk_that_cannot_be_written_is_a_sentence(leaky: Dataset) -> None:
    kept_at(leaky).parent.parent.mkdir(parents=True, exist_ok=True)
    kept_at(leaky).parent.write_text("a file where the folder should be")
    with pytest.raises(CastingError, match="cannot be written"):
        audit(leaky)


def test_the_report_lists_what_is_behind_each_finding_and_drives_nothing(leaky_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(leaky_folder, tmp_path / "photos")
    shutil.copy(folder / "train" / "ok_front" / "once more.jpeg", folder / "train" / "ok_front" / "\x1b[2J\u202e.jpeg")
    dataset = open_dataset(folder)
    made = audit(dataset)
    written = text(made, dataset, name="Impeller \x1b[2J")
    assert all(letter == "\n" or letter.isprintable() for letter in written)
    assert made.headline.split(":")[0] in written
    assert made.fingerprint in written
    for finding in made.findings:
        assert finding.title in " ".join(written.split())
    assert "train/ok_front/=notes.txt: not a photo" in written
    assert "test/ok_front/the same.jpeg (ok) = train/ok_front/" in written
    assert "What helps: split anew, castings whole." in written
    short = text(made, dataset, name="Impeller", longest=1)
    assert len(short) < len(written)
    assert "more\n" in short
