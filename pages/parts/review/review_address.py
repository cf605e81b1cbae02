"""The address of the Review page: dataset, model, split, cell of the confusion matrix, and page of its photos."""

from pages.parts.photos import gallery
from pages.parts.review import confusion
from pages.parts.review.confusion import Cell
from pages.parts.shell import address, session


def gallery_of(model: str, split: str, cell: Cell) -> str:
    """The key of the gallery of a cell; the page that the address asks for is the one it shows."""
    key = f"review {model} {split} {confusion.in_address(cell)}"
    asked = address.take("page") or ""
    if asked.isascii() and asked.isdigit():
        session.current().pages[key] = max(0, int(asked[:9]) - 1)
    return key


def say(key: str, *, model: str, split: str, cell: Cell, photos: int, scores: str = "", at: str = "") -> None:
    """Puts into the address what is shown; ``key`` is that of a gallery of so many photos.

    ``scores`` is the range of scores that is wanted, where not all are; ``at`` the threshold, where another one than
    that in force is looked at.
    """
    address.say(
        dataset=str(session.current().dataset),
        model=model,
        split=split,
        cell=confusion.in_address(cell),
        page=str(gallery.page(key, photos) + 1),
        **({"scores": scores} if scores else {}),
        **({"at": at} if at else {}),
    )
