"""The pixel cache: nothing is lost, nothing is named before it is whole, and it mends itself."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from casting_core.data.datasets.pixel_cache import PixelCache
from casting_core.data.imaging.images import READING, identity
from casting_core.errors import CastingError, DatasetError

SIZE = 20  # pixels, both sides

ADD = """
import sys
from pathlib import Path
from tests.core.data.datasets.test_pixel_cache import SIZE, photo
from casting_core.data.datasets.pixel_cache import PixelCache
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    PixelCache(Path(sys.argv[1]), size=SIZE).add([photo(number)])
"""


def photo(number: int) -> tuple[str, NDArray[np.uint8]]:
    """A photo of one grey level, and its identity."""
    return identity(str(number).encode()), np.full((SIZE, SIZE), number % 251, dtype=np.uint8)


def holds(cache: PixelCache, numbers: range) -> bool:
    """Whether each of these photos is there once, with its own pixels."""
    taken = cache.take([photo(number)[0] for number in numbers])
    right = all((pixels == number % 251).all() for pixels, number in zip(taken, numbers, strict=True))
    return right and len(cache.rows()) == len(numbers) == len(cache.all())


def test_photos_come_back_in_the_order_asked_for(tmp_path: Path) -> None:
    cache = PixelCache(tmp_path, size=SIZE)
    cache.add(photo(number) for number in range(5))
    assert cache.take([photo(3)[0], photo(1)[0]])[:, 0, 0].tolist() == [3, 1]
    assert holds(PixelCache(tmp_path, size=SIZE), range(5))


def test_an_empty_cache_has_no_photos(tmp_path: Path) -> None:
    cache = PixelCache(tmp_path / "new", size=SIZE)
    assert cache.all().shape == (0, SIZE, SIZE)
    assert cache.take([]).shape == (0, SIZE, SIZE)
    assert not cache.rows()


def test_a_photo_added_twice_is_kept_once(tmp_path: Path) -> None:
    cache = PixelCache(tmp_path, size=SIZE)
    cache.add([photo(1), photo(1)])
    cache.add([photo(1), photo(0)])
    assert holds(cache, range(2))


def test_photos_are_fitted_to_the_size_of_the_cache(tmp_path: Path) -> None:
    cache = PixelCache(tmp_path, size=SIZE)
    cache.add([("ab" * 32, np.full((100, 60), 7, dtype=np.uint8))])
    assert cache.take(["ab" * 32]).shape == (1, SIZE, SIZE)


def test_a_photo_that_was_never_added_is_asked_for_in_vain(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="photo abababababab is not in the pixel cache: scan the dataset again"):
        PixelCache(tmp_path, size=SIZE).take(["ab" * 32])


def test_pixels_can_only_be_read(tmp_path: Path) -> None:
    cache = PixelCache(tmp_path, size=SIZE)
    cache.add([photo(1)])
    with pytest.raises(ValueError, match="read-only"):
        cache.all()[0, 0, 0] = 9


def test_a_cache_sees_what_another_one_added(tmp_path: Path) -> None:
    one, other = PixelCache(tmp_path, size=SIZE), PixelCache(tmp_path, size=SIZE)
    one.add([photo(0)])
    assert holds(other, range(1))
    one.add([photo(1)])
    assert holds(other, range(2))


@pytest.mark.parametrize("file", ["grey-20.pixels", "grey-20.photos"])
@pytest.mark.parametrize("bytes_more", [1, 31, 33, 399, 401])
def test_a_tail_that_was_cut_off_is_passed_over_and_written_over(tmp_path: Path, file: str, bytes_more: int) -> None:
    PixelCache(tmp_path, size=SIZE).add([photo(0), photo(1)])
    with (tmp_path / file).open("ab") as tail:
        tail.write(b"x" * bytes_more)
    cache = PixelCache(tmp_path, size=SIZE)
    assert holds(cache, range(2))
    cache.add([photo(2)])
    assert holds(cache, range(3))
    assert holds(PixelCache(tmp_path, size=SIZE), range(3))


@pytest.mark.parametrize("file", ["grey-20.pixels", "grey-20.photos"])
def test_a_cache_that_lost_a_file_starts_anew(tmp_path: Path, file: str) -> None:
    cache = PixelCache(tmp_path, size=SIZE)
    cache.add([photo(0), photo(1)])
    (tmp_path / file).unlink()
    assert not cache.rows()
    cache.add([photo(0)])
    assert holds(cache, range(1))
    assert holds(PixelCache(tmp_path, size=SIZE), range(1))


def test_what_breaks_off_in_the_middle_adds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = PixelCache(tmp_path, size=SIZE)
    cache.add([photo(0)])
    monkeypatch.setattr(
        "casting_core.data.datasets.pixel_cache.bytes", no_room, raising=False
    )  # pixels are written, names are not
    with pytest.raises(CastingError, match="No space"):
        cache.add([photo(1)])
    monkeypatch.undo()
    assert holds(cache, range(1))
    cache.add([photo(1)])
    assert holds(PixelCache(tmp_path, size=SIZE), range(2))


class no_room:  # noqa: N801  stands in for a name of Python's
    """A disk that is full just when the photos are named."""

    @staticmethod
    def fromhex(_text: str) -> bytes:
        raise OSError(28, "No space left on device")


def test_threads_that_add_at_once_keep_all_photos(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: PixelCache(tmp_path, size=SIZE).add([photo(number)]), range(40)))
    assert holds(PixelCache(tmp_path, size=SIZE), range(40))


def test_one_cache_shared_by_threads_keeps_all_photos(tmp_path: Path) -> None:
    cache = PixelCache(tmp_path, size=SIZE)
    with ThreadPoolExecutor(8) as pool:
        added = [pool.submit(cache.add, [photo(number)]) for number in range(60)]
        seen = [pool.submit(cache.rows) for _ in range(60)]
        assert [one.result() for one in added] == [None] * 60
        assert all(len(one.result()) <= 60 for one in seen)
    assert holds(cache, range(60))


def test_processes_that_add_at_once_keep_all_photos(tmp_path: Path) -> None:
    ranges = [(0, 25), (15, 40)]
    started = [
        subprocess.Popen([sys.executable, "-c", ADD, str(tmp_path), str(start), str(stop)]) for start, stop in ranges
    ]
    assert [process.wait() for process in started] == [0, 0]
    assert holds(PixelCache(tmp_path, size=SIZE), range(40))


def test_a_cache_that_was_made_anew_with_other_photos_is_not_mistaken_for_the_old_one(tmp_path: Path) -> None:
    known, anew = PixelCache(tmp_path, size=SIZE), PixelCache(tmp_path, size=SIZE)
    known.add(photo(number) for number in range(3))
    assert holds(known, range(3))
    for path in tmp_path.glob("grey-*"):
        path.unlink()
    anew.add(photo(number) for number in (2, 1, 0, 3))
    assert holds(known, range(4))


def test_threads_that_share_one_cache_see_every_photo(tmp_path: Path) -> None:
    shared = PixelCache(tmp_path, size=SIZE)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: shared.add([photo(number)]), range(40)))
        assert all(pool.map(lambda _: holds(shared, range(40)), range(8)))


@pytest.mark.parametrize("rules", [None, "1"])
def test_photos_that_an_older_program_read_by_other_rules_are_read_again(tmp_path: Path, rules: str | None) -> None:
    PixelCache(tmp_path).add([(identity(b"a"), np.full((300, 300), 7, dtype=np.uint8))])
    kept = tmp_path / "grey-300.reading"
    assert kept.read_text("ascii") == READING
    assert len(PixelCache(tmp_path).rows()) == 1
    if rules is None:
        kept.unlink()
    else:
        kept.write_text(rules, "ascii")
    assert len(PixelCache(tmp_path).rows()) == 0
    assert kept.read_text("ascii") == READING
