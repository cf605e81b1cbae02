"""The photo in a request: read as it comes in, and no more of it, nor for longer, than is allowed."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request

from casting_core.service.limits import Limits, Refused

PHOTO_TYPES = (
    "image/jpeg",
    "image/png",
    "image/bmp",
    "image/tiff",
    "image/webp",
    "application/octet-stream",
)


def check_head(request: Request, limits: Limits) -> None:
    """Raises ``Refused`` where the headers alone say that this is no photo that could be taken."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in PHOTO_TYPES:
        raise Refused(415, f"the photo is the whole body of the request, as one of {', '.join(PHOTO_TYPES)}")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refused(415, "the photo must be sent as its file is, not packed once more")
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told[:20]) > limits.photo_bytes:
        raise _too_large(limits)


async def read_photo(request: Request, limits: Limits) -> bytes:
    """The photo's bytes; ``Refused`` where they are too many, or do not come in time."""
    try:
        async with asyncio.timeout(limits.body):
            return await _whole(request.stream(), limits)
    except TimeoutError as error:
        raise Refused(408, f"the photo did not come in whole within {1000 * limits.body:.0f} ms") from error
    except ClientDisconnect as error:
        raise Refused(400, "the photo did not come in whole") from error


async def _whole(pieces: AsyncIterator[bytes], limits: Limits) -> bytes:
    whole = bytearray()
    async for piece in pieces:
        whole += piece
        if len(whole) > limits.photo_bytes:
            raise _too_large(limits)
    return bytes(whole)


def _too_large(limits: Limits) -> Refused:
    return Refused(413, f"the photo has more than {limits.photo_bytes:,} bytes (CASTING_STATION_PHOTO_BYTES)")
