"""From files to a dataset with a name, more photos in it, and taking it away again."""

import io
from pathlib import Path

import pytest

from casting_core import files
from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.importing import archives, copy_in
from casting_core.data.importing.copy_in import Choices
from casting_core.data.importing.preview import ONE_CLASS
from casting_core.data.importing.sources import Dropped
from casting_core.domain import Label
from casting_core.errors import CastingError, DatasetError
from casting_core.jobs import control
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Request, State, Wish, dataset_in
from casting_core.settings import settings
from casting_core.workflows import stores
from casting_core.workflows.datasets import importing, removing, sample
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.datasets.sample import SAMPLE
from casting_core.workflows.stores import dataset_book
from casting_core.workflows.training import runs
from tests.core.data.importing.hostile import HONEST, photo, zipped

BOTH = {"ok_front": Label.OK, "def_front": Label.DEFECTIVE}


def take(name: str, content: dict[str, bytes] = HONEST, choices: Choices = BOTH) -> importing.Imported:
    with archives.opened(io.BytesIO(zipped(content))) as archive:
        return importing.import_photos(archive, name=name, choices=choices)


def usable(name: str) -> int:
    dataset = dataset_book().find(name)
    return len(open_dataset(dataset.folder, rule=rule_of(dataset.rule)).usable)


@pytest.fixture(autouse=True)
def another(tmp_path: Path) -> NamedDataset:
    """A dataset that is always there: the last one cannot be removed."""
    dataset = NamedDataset(name="another", folder=str(tmp_path / "another"), rule={"ok": [], "defective": []})
    dataset_book().put(dataset)
    return dataset


def test_several_datasets_live_side_by_side() -> None:
    first, second = take("Impeller, part 4711"), take("Impeller part 4711")
    assert first.dataset.folder != second.dataset.folder
    assert Path(first.dataset.folder).parent == settings().datasets_dir.resolve()
    assert [known.name for known in dataset_book().all()] == ["another", "Impeller, part 4711", "Impeller part 4711"]
    assert (usable("Impeller, part 4711"), usable("Impeller part 4711")) == (2, 2)


def test_what_a_person_says_of_a_folder_is_written_down() -> None:
    take("parts", {"a/1.png": photo(1), "ok/2.png": photo(2)}, {"a": Label.OK, "ok": Label.DEFECTIVE})
    dataset = open_dataset(dataset_book().find("parts").folder, rule=rule_of(dataset_book().find("parts").rule))
    assert dict(zip(dataset.photos["path"].str[0], dataset.photos["label"], strict=True)) == {"a": 0, "o": 1}


def test_more_photos_join_under_the_same_name_and_twice_changes_nothing() -> None:
    take("parts")
    done = take("parts", {**HONEST, "scrap/c.png": photo(3)}, {**BOTH, "scrap": Label.DEFECTIVE})
    assert (done.taken.new, done.taken.known, usable("parts")) == (1, 2, 3)
    assert take("parts").taken.new == 0
    assert usable("parts") == 3


def test_photos_cannot_turn_the_meaning_of_those_that_are_there() -> None:
    take("parts")
    with pytest.raises(DatasetError, match="'ok_front' of 'parts' holds ok castings"):
        take("parts", {"ok_front/x.png": photo(9)}, {"ok_front": Label.DEFECTIVE})
    assert usable("parts") == 2


def test_nothing_is_written_into_a_folder_of_a_person(another: NamedDataset) -> None:
    Path(another.folder).mkdir()
    with pytest.raises(DatasetError, match="nothing is written there"):
        take("another")
    assert not list(Path(another.folder).iterdir())


def test_a_folder_of_ours_is_nobodys_second_dataset() -> None:
    folder = Path(take("parts").dataset.folder)
    for inside in (folder, folder.parent, folder / "train"):
        with pytest.raises(DatasetError, match="they have a name already"):
            importing.add_folder(inside, name="again", choices=BOTH)


def test_photos_that_another_name_stands_for_stay(another: NamedDataset) -> None:
    settings().sample_dir.mkdir(parents=True)
    sample.ensure_sample()
    dataset_book().put(NamedDataset(name=another.name, folder=str(settings().sample_dir), rule=another.rule))
    removing.remove(SAMPLE)
    removing.settle()
    assert settings().sample_dir.is_dir()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_that_will_not_do_is_refused(name: str) -> None:
    with pytest.raises(DatasetError, match="needs a name of 1 to 60 letters"):
        take(name)
    assert not settings().datasets_dir.exists()


@pytest.mark.parametrize("at", [0, 3, 4])
def test_whoever_stops_finds_neither_name_nor_photos(at: int) -> None:
    def stop(done: int, _total: int) -> None:
        if done >= at:
            raise CastingError("enough")

    source = Dropped([(name, lambda content=content: content) for name, content in HONEST.items()])  # type: ignore[misc]
    with pytest.raises(CastingError, match="enough"):
        importing.import_photos(source, name="parts", choices=BOTH, report=stop)
    assert list(settings().datasets_dir.iterdir()) == []
    assert [known.name for known in dataset_book().all()] == ["another"]


def test_a_removed_dataset_comes_back_as_it_was_until_it_is_settled() -> None:
    before = take("parts").dataset
    number = removing.remove("parts")
    assert [known.name for known in dataset_book().all()] == ["another"]
    assert removing.restore(number) == before
    assert usable("parts") == 2
    number = removing.remove("parts")
    removing.settle()
    assert not Path(before.folder).exists()
    assert removing.restorable() == []
    with pytest.raises(DatasetError, match="put back already, or its photos have been deleted"):
        removing.restore(number)


def test_what_killed_processes_left_unfinished_goes_when_it_is_a_day_old(monkeypatch: pytest.MonkeyPatch) -> None:
    take("parts")
    left = [
        settings().datasets_dir / f"{copy_in.UNFINISHED}abc",
        settings().cache_dir / f"{files.UNFINISHED}abc",
        settings().audits_dir / f"{files.UNFINISHED}abc",
    ]
    for path in left:
        path.mkdir(parents=True)
    before = sorted(settings().data_dir.rglob("*"))
    removing.settle()
    assert sorted(settings().data_dir.rglob("*")) == before
    monkeypatch.setattr(removing, "ABANDONED", -1)
    removing.settle()
    assert sorted(settings().data_dir.rglob("*")) == [path for path in before if path not in left]


def test_the_decoded_pixels_of_removed_photos_go_too() -> None:
    take("parts")
    assert len(stores.pixel_cache().rows()) == 2
    removing.remove("parts")
    removing.settle()
    assert len(stores.pixel_cache().rows()) == 0


def test_a_folder_of_a_person_stays_when_its_name_goes(another: NamedDataset) -> None:
    Path(another.folder).mkdir()
    (Path(another.folder) / "photo.png").write_bytes(photo())
    take("parts")
    removing.remove("another")
    removing.settle()
    assert (Path(another.folder) / "photo.png").exists()
    assert removing.restorable() == []


def test_a_dataset_that_a_job_needs_cannot_be_removed_and_the_job_is_named() -> None:
    dataset = take("parts").dataset
    run = runs.note_run(dataset, Recipe())
    with pytest.raises(DatasetError, match=f"run {run.id} needs the photos of 'parts'; stop it, or wait for its end"):
        removing.remove("parts")
    assert usable("parts") == 2
    runs.stop(run.id, Wish.DISCARD)
    removing.remove("parts")


@pytest.mark.parametrize("kind", ["audit", "castings", "search worker"])
def test_whatever_kind_of_work_needs_the_photos_they_stay(kind: str) -> None:
    dataset = take("parts").dataset
    request = Request(kind=kind, inputs={}, uses=(dataset_in(dataset.folder),))
    number = control.queue().ask(request)[0].id
    with pytest.raises(DatasetError, match=f"{kind} {number} needs the photos of 'parts'"):
        removing.remove("parts")


def test_photos_of_a_removed_dataset_stay_as_long_as_anything_goes_on() -> None:
    dataset = take("parts").dataset
    removing.remove("parts")
    number = control.queue().ask(Request(kind="run", inputs={}))[0].id
    removing.settle()
    assert Path(dataset.folder).exists()
    control.log().end(number, State.FAILED)
    removing.settle()
    assert not Path(dataset.folder).exists()


def test_a_name_that_was_taken_meanwhile_keeps_a_dataset_from_coming_back() -> None:
    take("parts")
    number = removing.remove("parts")
    take("parts", {"ok_front/x.png": photo(9), "def_front/y.png": photo(8)})
    with pytest.raises(DatasetError, match="there is a dataset named 'parts' already"):
        removing.restore(number)
    removing.rename("parts", "newer")
    assert removing.restore(number).name == "parts"


def test_the_last_dataset_stays(another: NamedDataset) -> None:
    with pytest.raises(DatasetError, match="'another' is the only dataset here"):
        removing.remove(another.name)
    assert dataset_book().all() == [another]


def test_models_that_learned_from_a_dataset_are_known(version: str, sample_folder: Path) -> None:
    learned_from = NamedDataset(name="castings", folder=str(sample_folder), rule={"ok": [], "defective": []})
    assert removing.models_of(learned_from) == [version]
    run = runs.note_run(NamedDataset(name="x", folder="/elsewhere", rule={}), Recipe())
    assert run.id == 1, "the run that a card names belongs to another folder now"
    assert removing.models_of(learned_from) == []
    assert removing.models_of(NamedDataset(name="renamed", folder="/elsewhere", rule={})) == [version]


def test_a_removed_sample_is_drawn_again_only_when_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "casting_core.data.drawing.synthetic.write_sample", lambda folder, **_: folder.mkdir(parents=True)
    )
    sample.ensure_sample()
    removing.remove(SAMPLE)
    removing.settle()
    assert not settings().sample_dir.exists()
    assert sample.ensure_sample() is None
    assert sample.ensure_sample(again=True) == dataset_book().find(SAMPLE)
    assert settings().sample_dir.is_dir()
    settings().sample_dir.rmdir()
    assert sample.sample_missing()
    sample.ensure_sample()
    assert not sample.sample_missing()


def test_what_a_person_has_said_of_a_folder_is_not_asked_again() -> None:
    content = {"gut/a.png": photo(1), "lunker/b.png": photo(2)}
    rule = ClassRule().assign("gut", Label.OK).assign("lunker", Label.DEFECTIVE)
    with archives.opened(io.BytesIO(zipped(content))) as archive:
        assert [one for one in importing.look_into(archive).problems if "nothing is known" in one]
        known = importing.look_into(archive, rule=rule)
        assert known.guesses == {"gut": Label.OK, "lunker": Label.DEFECTIVE}
        assert [one for one in known.problems if "nothing is known" in one] == []
        importing.import_photos(archive, name="parts", choices=known.guesses)
        again = importing.look_into(archive, into="parts")
        assert [one for one in again.problems if "nothing is known" in one] == []


def test_photos_of_one_class_that_join_the_other_are_no_reason_for_a_warning() -> None:
    take("parts")
    only_ok = zipped({"ok_front/new.png": photo(9)})
    with archives.opened(io.BytesIO(only_ok)) as archive:
        assert any(one.startswith(ONE_CLASS) for one in importing.look_into(archive).problems)
        assert not any(one.startswith(ONE_CLASS) for one in importing.look_into(archive, into="parts").problems)


def test_photos_too_small_for_a_verdict_are_said_before_they_are_taken_in() -> None:
    with archives.opened(io.BytesIO(zipped(HONEST))) as archive:  # 40 x 40 pixels
        assert importing.look_into(archive).problems[-1].startswith("no model could judge these photos: all 2 photos")


def test_of_a_folder_that_stays_only_photos_that_can_be_used_count_as_new(tmp_path: Path) -> None:
    for path, content in {**HONEST, "train/other/c.png": photo(3), "train/ok_front/page.jpg": b"<html>"}.items():
        (tmp_path / "photos" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "photos" / path).write_bytes(content)
    done = importing.add_folder(tmp_path / "photos", name="parts", choices=BOTH).taken
    assert (done.new, done.left_out) == (2, 1)
    assert [path for path, _ in done.refused] == ["train/ok_front/page.jpg"]
    assert "a web page (HTML)" in done.refused[0][1]
