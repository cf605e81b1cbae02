"""What bytes are that are no photo: by how they begin, for a sentence that says what was found instead of a photo.

The table is of what lies among photos or is named like one: other pictures, archives, pages that a browser kept where
a download asked for a password, pointers to files that were never fetched.
"""

import re

BEGINNING = 1024  # bytes that are looked at
EMPTY = "an empty file (0 bytes)"

# Where a mark stands, the mark, and what such a file is; the first that fits counts.
MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "a JPEG photo"),
    (0, b"\x89PNG\r\n\x1a\n", "a PNG photo"),
    (0, b"GIF8", "a GIF picture; save it as JPEG or PNG"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 picture; save it as JPEG or PNG"),
    (4, b"jP  \r\n\x87\n", "a JPEG 2000 picture; save it as JPEG or PNG"),
    (0, b"\xff\x0a", "a JPEG XL picture; save it as JPEG or PNG"),
    (4, b"JXL \r\n\x87\n", "a JPEG XL picture; save it as JPEG or PNG"),
    (0, b"8BPS", "a Photoshop file; save it as JPEG or PNG"),
    (0, b"FUJIFILMCCD-RAW", "a camera's raw file; develop it to JPEG or TIFF"),
    (8, b"CR\x02", "a camera's raw file; develop it to JPEG or TIFF"),
    (0, b"II*\0", "a TIFF photo"),
    (0, b"MM\0*", "a TIFF photo"),
    (8, b"WEBP", "a WebP photo"),
    (0, b"RIFF", "a film or a sound"),
    (128, b"DICM", "a DICOM picture; export it as TIFF or PNG"),
    (0, b"SIMPLE  =", "a FITS picture; export it as TIFF or PNG"),
    (0, b"\x00\x05\x16\x07", "what a Mac keeps beside a file, not the file itself"),
    (0, b"PK\x03\x04", "a zip file"),
    (0, b"PK\x05\x06", "an empty zip file"),
    (0, b"PK\x07\x08", "the first part of a zip file in several parts"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"\x1f\x8b", "a gzip archive (such as .tar.gz)"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ\x00", "an xz archive"),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"MSCF", "a cabinet archive (.cab)"),
    (0, b"%PDF", "a PDF document"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (0, b"MZ", "a program for Windows"),
    (0, b"\x7fELF", "a program for Linux"),
    (0, b"SQLite format 3\x00", "a database"),
    (0, b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (0, b"\x93NUMPY", "a numpy array"),
    (0, b"\x1aE\xdf\xa3", "a film"),
    (0, b"version https://git-lfs.github.com/spec/", "a Git LFS pointer, not the file; fetch it with 'git lfs pull'"),
    (0, b"/annex/objects/", "a git-annex pointer, not the file; fetch it with 'git annex get'"),
)
BRANDS = {  # of files in boxes: bytes 8 to 12, behind "ftyp"
    b"heic": "a HEIC photo, as telephones save them; save it as JPEG or PNG",
    b"heix": "a HEIC photo, as telephones save them; save it as JPEG or PNG",
    b"hevc": "a HEIC photo, as telephones save them; save it as JPEG or PNG",
    b"mif1": "a HEIF photo, as telephones save them; save it as JPEG or PNG",
    b"msf1": "a HEIF photo, as telephones save them; save it as JPEG or PNG",
    b"avif": "an AVIF picture; save it as JPEG or PNG",
    b"crx ": "a camera's raw file; develop it to JPEG or TIFF",
}
TEXTS: tuple[tuple[re.Pattern[str], str], ...] = (  # of text, without the blanks before it
    (re.compile(r"<!doctype html|<html|<head|<body", re.IGNORECASE), "a web page (HTML), not the photo itself"),
    (re.compile(r"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!doctype svg[^>]*>\s*)?<svg", re.I | re.S), "a drawing (SVG)"),
    (re.compile(r"<\?xml", re.IGNORECASE), "an XML file"),
    (re.compile(r"[{\[]\s*([\"{\[}\]\d-]|true|false|null)"), "a JSON file"),
    (re.compile(r"From: |Received: |MIME-Version:"), "a mail"),
)


def kind_of(content: bytes) -> str:
    """What these bytes are, as ``a RAR archive``; empty where nothing is known that looks like them.

    The beginning of a file will do.
    """
    if not content:
        return EMPTY
    start = content[:BEGINNING]
    marked = next((kind for at, mark, kind in MARKS if start[at : at + len(mark)] == mark), "")
    if marked:
        return marked
    if start[:2] == b"BM" and start[6:10] == bytes(4):
        return "a BMP photo"
    if start[4:8] == b"ftyp":
        return BRANDS.get(start[8:12], "a film")
    return _text(start) if start.strip(b"\0") else "zeros only, as a broken copy leaves them"


def _text(start: bytes) -> str:
    """What kind of text it is; empty where it is none."""
    encoding = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = start.decode(encoding, "replace")
    odd = sum(not (letter.isprintable() or letter.isspace()) or letter == "\ufffd" for letter in text)
    if odd > 0.05 * len(text):
        return ""
    bare = text.lstrip()
    return next((kind for pattern, kind in TEXTS if pattern.match(bare)), "a text")
