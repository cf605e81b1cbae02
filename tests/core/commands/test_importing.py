"""Datasets from zip files and folders, at the terminal."""

import zipfile
from pathlib import Path

from tests.core.commands.answers import answered, casting_photo, refused, said
from tests.core.data.importing import layouts


def test_folders_that_are_named_on_the_command_line_are_not_asked_about(tmp_path: Path) -> None:
    for folder, shade in (("muster", 1), ("lunker", 2)):
        casting_photo(tmp_path / "photos" / folder / "a.png", shade)
    assert "nothing says which of 'lunker', 'muster'" in refused("import", tmp_path / "photos", "--name", "x")
    told = said("import", tmp_path / "photos", "--name", "x", "--ok", "muster", "--defective", "lunker").stdout
    assert told.startswith("2 photos are new in x, 0 were there already, 0 were left out")
    assert "nothing is known" not in told
    casting_photo(tmp_path / "loose" / "a.png")
    (tmp_path / "loose" / "notes").mkdir()
    assert "1 photo lies in no class folder" in refused("import", tmp_path / "loose", "--name", "y")


def test_a_zip_becomes_a_dataset_and_twice_changes_nothing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for number, folder in enumerate(("gut", "def")):
            archive.write(casting_photo(tmp_path / f"{number}.png", number), f"all/{folder}/a.png")
        archive.writestr("all/def/text.png", "no photo")
        archive.writestr("all/notes.txt", "a note")
    first = answered("import", tmp_path / "photos.zip", "--name", "Pump", "--ok", "Gut")
    assert (first["new"], first["known"], [one["path"] for one in first["refused"]]) == (2, 0, ["all/def/text.png"])
    again = answered("import", tmp_path / "photos.zip", "--name", "Pump", "--ok", "Gut")
    assert (again["new"], again["known"], again["folder"]) == (0, 2, first["folder"])
    assert answered("scan", first["folder"], "--ok", "gut")["photos"] == 2
    text = said("import", tmp_path / "photos.zip", "--name", "Pump", "--ok", "Gut").stdout
    assert text.startswith("0 photos are new in Pump, 2 were there already")
    assert "all/def/text.png: not a photo" in text


def test_of_sets_side_by_side_one_is_read_and_another_is_chosen_by_its_folder(tmp_path: Path) -> None:
    files = layouts.casting_archive()
    for path, content in files.items():
        (tmp_path / "all" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "all" / path).write_bytes(content)
    found = answered("scan", tmp_path / "all")
    assert (found["photos"], found["aside"]) == (12, [{"reason": "in another set beside this one", "files": 8}])
    assert "2 sets lie side by side" in found["notes"][0]
    assert answered("scan", tmp_path / "all", "--set", "casting_512x512")["photos"] == 8
    assert "no set 'x' (known: 'casting_512x512', 'casting_data')" in refused("scan", tmp_path / "all", "--set", "x")
    done = answered("import", tmp_path / "all", "--name", "Small", "--set", "casting_512x512")
    assert (done["new"], done["folder"]) == (8, str(tmp_path / "all" / "casting_512x512"))
    assert done["sets"] == [
        {"set": "casting_512x512", "photos": 8, "read": True}, {"set": "casting_data", "photos": 12, "read": False},
    ]  # fmt: skip
    assert answered("import", tmp_path / "all", "--name", "Small", "--set", "casting_512x512")["known"] == 8


def test_of_photos_that_nothing_is_said_of_it_is_asked_and_how_to_answer(tmp_path: Path) -> None:
    casting_photo(tmp_path / "phone" / "images" / "a.png", 1)
    assert "write a table labels.csv" in refused("import", tmp_path / "phone", "--name", "x")
    (tmp_path / "phone" / "images" / "a.png").rename(tmp_path / "phone" / "images" / "a.heic")
    assert "Most Compatible" in refused("import", tmp_path / "phone", "--name", "x")


def test_a_folder_gets_a_name_and_stays_where_it_is(tmp_path: Path) -> None:
    casting_photo(tmp_path / "photos" / "ok" / "a.png", 1)
    casting_photo(tmp_path / "photos" / "def" / "b.png", 2)
    done = answered("import", tmp_path / "photos", "--name", "In place")
    assert (done["new"], done["folder"]) == (2, str(tmp_path / "photos"))
    assert answered("import", tmp_path / "photos", "--name", "In place")["known"] == 2


def test_what_cannot_be_imported_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_text("no archive")
    casting_photo(tmp_path / "one" / "a.png")
    assert "not a zip file" in refused("import", tmp_path / "no.zip", "--name", "x")
    assert "there is no zip file and no folder" in refused("import", tmp_path / "gone", "--name", "x")
    assert "say it with --ok and --defective" in refused("import", tmp_path, "--name", "x")
