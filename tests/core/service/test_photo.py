"""A photo is read as it comes in, and whoever sends it slowly does not hold a place for ever."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from casting_core.service.limits import Limits, Refused
from casting_core.service.photo import check_head, read_photo
from tests.coroutines import run

LIMITS = Limits(photo_bytes=10, deadline=1, body=0.05, waiting=1, at_once=1, judges=1, days=1)


def request(*pieces: bytes | None, **headers: str) -> Request:
    """A request whose body comes in these pieces; ``None``: and then nothing for ever."""
    left = list(pieces)

    async def receive() -> dict[str, Any]:
        piece = left.pop(0)
        if piece is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": piece, "more_body": bool(left)}

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": given}, receive)


def test_a_photo_comes_in_pieces() -> None:
    assert run(read_photo(request(b"12345", b"67890"), LIMITS)) == b"1234567890"


@pytest.mark.parametrize(("pieces", "status"), [((b"12345", b"678901", b""), 413), ((b"1", None), 408)])
def test_more_than_is_allowed_is_refused(pieces: tuple[bytes | None, ...], status: int) -> None:
    with pytest.raises(Refused) as refused:
        run(read_photo(request(*pieces), LIMITS))
    assert refused.value.status == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 415),
        ({"content_type": "text/html"}, 415),
        ({"content_type": "image/jpeg", "content_encoding": "gzip"}, 415),
        ({"content_type": "image/jpeg", "content_length": "11"}, 413),
        ({"content_type": "image/jpeg", "content_length": "9" * 5000}, 413),
    ],
)
def test_what_the_headers_say_is_enough_to_refuse(headers: dict[str, str], status: int) -> None:
    with pytest.raises(Refused) as refused:
        check_head(request(**headers), LIMITS)
    assert refused.value.status == status


def test_a_photo_with_a_kind_of_its_own_is_taken() -> None:
    check_head(request(content_type="Image/JPEG; q=1", content_length="10"), LIMITS)
