"""What every answer says to the browser: what the pages may do and load, and that nobody may put them in a frame."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import streamlit

INDEX = Path(streamlit.__file__).with_name("static") / "index.html"  # the one page that Streamlit's program begins with
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)

NOT_NEEDED = (
    "accelerometer",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)


def headers() -> dict[str, str]:
    """The headers by name."""
    return {
        "content-security-policy": "; ".join(f"{kind} {sources}" for kind, sources in _policy().items()),
        "permissions-policy": ", ".join(("camera=(self)", *(f"{name}=()" for name in NOT_NEEDED))),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "same-origin",  # with "no-referrer" some browsers send Origin: null from our own pages
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",  # for browsers that do not know frame-ancestors
    }


def _policy() -> dict[str, str]:
    """What pages may load, and from where: from this server, and nothing from elsewhere."""
    return {
        "default-src": "'none'",
        "script-src": " ".join(("'self'", *_inline_scripts())),
        "style-src": "'self' 'unsafe-inline'",  # Streamlit writes its styles into the page as it goes
        "img-src": "'self' data: blob:",  # heat maps in charts; a photo just taken
        "font-src": "'self' data:",  # Streamlit's style sheet brings some in itself
        "media-src": "'self' blob:",
        "connect-src": "'self' data:",  # the websocket, too; a photo just taken
        "manifest-src": "'self'",
        "frame-ancestors": "'none'",
        "form-action": "'none'",
        "base-uri": "'none'",
    }


def _inline_scripts() -> list[str]:
    """The scripts that stand in Streamlit's own page, by their digests: no other one in a page is run."""
    scripts = INLINE.findall(INDEX.read_text(encoding="utf-8"))
    return [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts]
