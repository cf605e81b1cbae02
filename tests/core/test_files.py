"""The disk: what is replaced is old or new and never half, a lock goes with its process, leftovers are swept."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock, Timeout

from casting_core import files
from casting_core.errors import CastingError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def in_a_process(program: str, *arguments: Path) -> "subprocess.Popen[str]":
    """A process that runs this program; it may use ``files`` and ``Path``, and its arguments as ``sys.argv``."""
    start = "import os, sys, time\nfrom pathlib import Path\nfrom casting_core import files\n"
    return subprocess.Popen(
        [sys.executable, "-c", start + program, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("content", [b"new", "gepr\u00fcft"])
def test_bytes_and_text_take_the_place_of_what_was_there(tmp_path: Path, content: bytes | str) -> None:
    path = tmp_path / "made" / "on the way" / "file"
    for wanted in ("old", content):
        files.replace(path, wanted)
    assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert names(path.parent) == ["file"]


def test_arrays_are_written_into_the_open_file(tmp_path: Path) -> None:
    with files.replaced(tmp_path / "arrays.npz") as file:
        np.savez(file, numbers=np.arange(3))
    with np.load(tmp_path / "arrays.npz") as arrays:
        assert arrays["numbers"].tolist() == [0, 1, 2]


def test_until_the_end_a_reader_sees_what_was_there_before(tmp_path: Path) -> None:
    path = tmp_path / "file"
    files.replace(path, "old")
    with files.replaced(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_text() == "old"
    assert path.read_text() == "new"


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError])
def test_what_fails_half_way_changes_nothing_and_leaves_nothing(tmp_path: Path, failure: type[BaseException]) -> None:
    path = tmp_path / "file"
    files.replace(path, "old")
    with pytest.raises(failure), files.replaced(path) as file:
        file.write(b"half")
        raise failure
    assert (path.read_text(), names(tmp_path)) == ("old", ["file"])


def test_a_full_disk_is_a_sentence_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    files.replace(path, "old")
    with pytest.raises(CastingError, match="cannot be written: No space left"), files.replaced(path):
        raise OSError(28, "No space left on device")
    assert (path.read_text(), names(tmp_path)) == ("old", ["file"])


def test_a_place_where_no_folder_can_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CastingError, match="cannot be written"):
        files.replace(tmp_path / "file" / "inner", "new")


def test_a_process_killed_while_it_writes_leaves_the_old_file_and_a_leftover_that_is_swept(tmp_path: Path) -> None:
    path = tmp_path / "file"
    files.replace(path, "old")
    program = "with files.replaced(Path(sys.argv[1])) as file:\n    file.write(b'half')\n    os._exit(9)"
    with in_a_process(program, path) as process:
        assert process.wait() == 9
    [leftover] = tmp_path.glob(f"{files.UNFINISHED}*")
    assert path.read_text() == "old"
    changed = leftover.stat().st_mtime
    files.sweep(tmp_path, files.UNFINISHED, older_than=100, now=changed + 50)
    assert leftover.exists()
    files.sweep(tmp_path, files.UNFINISHED, older_than=100, now=changed + 150)
    assert names(tmp_path) == ["file"]


def test_folders_are_swept_whole_by_the_beginning_of_their_names_only(tmp_path: Path) -> None:
    for name in (".importing-abc", "dataset", "importing"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / "photo.png").touch()
    files.sweep(tmp_path, ".importing-", older_than=-1)
    assert names(tmp_path) == ["dataset", "importing"]
    files.sweep(tmp_path / "gone", ".importing-", older_than=-1)


def test_a_lock_is_held_as_long_as_its_process_lives(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    process = in_a_process(
        "with files.held(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(600)", lock
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with pytest.raises(Timeout):
        FileLock(lock).acquire(timeout=0)
    process.kill()
    process.communicate()  # waits for its end, and closes what it said
    with files.held(lock), pytest.raises(Timeout):
        FileLock(lock).acquire(timeout=0)
    FileLock(lock).acquire(timeout=0).lock.release()


def test_of_two_threads_one_waits_for_the_other(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with files.held(tmp_path / "lock"):
            order.append("second")

    with files.held(tmp_path / "lock"):
        thread = threading.Thread(target=second)
        thread.start()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has such modes")
def test_a_replaced_file_may_be_read_by_those_who_may_read_others(tmp_path: Path) -> None:
    files.replace(tmp_path / "file", "new")
    (tmp_path / "other").touch()
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "other").stat().st_mode
