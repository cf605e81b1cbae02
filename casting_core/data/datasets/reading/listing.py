"""Which files there are, and what kind of file each is by its name: a photo, a picture of another format, a trace."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from casting_core.data.imaging.images import SUFFIXES
from casting_core.settings import settings

PHOTO_SUFFIXES = SUFFIXES | {
    ".jpe",
    ".jfif",
    ".jif",
    ".jfi",
    ".pjpeg",
    ".pjp",
    ".dib",
}  # other names of the same formats

# What computers, network storage and telephones leave behind, beside hidden files; compared in small letters.
SYSTEM = frozenset(
    {
        *("__macosx", "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r", "picasa.ini"),
        *("@eadir", "@recently-snapshot", "@recycle", "#recycle", "#snapshot", "$recycle.bin", "recycler"),
        *("system volume information", "lost+found", "network trash folder", "temporary items", "lost.dir"),
        *("appledouble", "__pycache__", "zbthumbnail.info", "albumart", "thumbs", "thumbnails"),
    }
)
_SYSTEM_NAME = re.compile(
    r"synophoto_(thumb|film)_.*|synoindex_.*|.*@synoeastream|.*@synoresource|~\$.*|.*\.(crdownload|part|tmp)"
)

_CONVERT = "convert it to JPEG or PNG"
_IPHONE = f"it is HEIC, the format of iPhones: set Camera > Formats to Most Compatible, or {_CONVERT}"
_RAW = f"it is a camera's raw file: let the camera write JPEG, or {_CONVERT}"
_JPEG_2000 = f"it is JPEG 2000, which is not read here: {_CONVERT}"
_FILM = "it is a film: save the frames that show the part as JPEG or PNG"
FOREIGN: Mapping[str, str] = {
    **dict.fromkeys((".heic", ".heif", ".hif", ".heics", ".heifs"), _IPHONE),
    **dict.fromkeys((".avif", ".avifs"), f"it is AVIF, which is not read here: {_CONVERT}"),
    **dict.fromkeys(
        (
            *(".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".srf", ".sr2", ".dng", ".orf", ".rw2", ".raf", ".pef"),
            *(".srw", ".x3f", ".3fr", ".iiq", ".raw"),
        ),
        _RAW,
    ),
    **dict.fromkeys((".jp2", ".j2k", ".jpf", ".jpx", ".jpm", ".j2c", ".jpc"), _JPEG_2000),
    ".jxl": f"it is JPEG XL, which is not read here: {_CONVERT}",
    **dict.fromkeys((".jxr", ".wdp", ".hdp"), f"it is JPEG XR, which is not read here: {_CONVERT}"),
    ".gif": f"it is GIF, which keeps too few grey levels: {_CONVERT}",
    **dict.fromkeys((".svg", ".svgz", ".eps", ".ai"), "it is a drawing, not a photo: save the photo as JPEG or PNG"),
    ".pdf": "it is a PDF: save the photo in it as JPEG or PNG",
    **dict.fromkeys((".psd", ".psb", ".xcf"), f"it is a file of an image editor: {_CONVERT}"),
    **dict.fromkeys(
        (".tga", ".ppm", ".pgm", ".pbm", ".pnm", ".pcx", ".exr", ".hdr", ".ico", ".fits", ".dcm", ".dicom"),
        f"it is a picture of a format that is not read here: {_CONVERT}",
    ),
    **dict.fromkeys((".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".mts"), _FILM),
}
_BRANDS = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"}


class Skipped(StrEnum):
    """What was not looked into on the disk, and why."""

    CLOSED = "a folder that may not be looked into"
    LINK = "a link to a folder, which is not followed here"
    OUTSIDE = "a link out of the folder that is read, which is followed only where CASTING_FOLLOW_LINKS is 1"
    DEVICE = "a pipe, a device or a link that leads nowhere"


Notice = Callable[[Skipped, str], None]  # hears what was not looked into, and where, within the folder


def ending(path: str) -> str:
    """How the name ends, ``.jpg``; of ``a.jpg_`` and ``a.JPG~``, as copying programs leave them, too."""
    before, dot, last = path.rpartition("/")[2].rpartition(".")
    return f"{dot}{last}".lower().rstrip("_~ ") if before else ""  # a Path for each of very many files costs more


def looks_like_photo(path: str) -> bool:
    """Whether the file's name ends like a photo's; what is in it is for the decoder to say."""
    return ending(path) in PHOTO_SUFFIXES


def foreign_format(path: str) -> str:
    """A sentence about a picture of a format that is not read here, by its name; empty for all else."""
    return FOREIGN.get(ending(path), "")


def begins_like(head: bytes) -> str:
    """How a photo of this kind would be called by its first 16 bytes: ``.jpg``, ``.heic``; empty where it is none."""
    if head.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if head.startswith((b"II*\0", b"MM\0*")):
        return ".tif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ".webp"
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS:
        return ".heic"
    return ".avif" if head[4:12] == b"ftypavif" else ""


def is_system(name: str) -> bool:
    """Whether a file or folder of this name is hidden, or left behind by a computer: nobody's photo."""
    small = name.casefold()
    return small.startswith(".") or small in SYSTEM or bool(_SYSTEM_NAME.fullmatch(small))


def files_in(
    folder: Path | str,
    *,
    may_be_linked: Callable[[str, int], bool] = lambda _name, _beside: False,
    links: bool = True,
    notice: Notice = lambda _what, _path: None,
    within: str = "",
    root: str = "",
) -> Iterator[str]:
    """The paths of all files below a folder, within it, with forward slashes and in a fixed order.

    Hidden files and what computers leave behind are among them: whoever reads the paths says that they are left out.
    A link to a folder is followed where ``links`` are, and below a folder of which ``may_be_linked`` (its name, and
    how many folders lie there that nobody has hidden) says so; one that leads out of ``root``, the folder itself at
    first, only where ``CASTING_FOLLOW_LINKS`` asks for it. What is not looked into goes to ``notice``, by its path,
    with ``within`` before it.
    """
    root = root or os.path.realpath(folder)
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:  # what nobody may look into holds no photos for us
        notice(Skipped.CLOSED, within.rstrip("/"))
        return
    links_of = {entry.name: links and not is_system(entry.name) for entry in entries}
    folders = {entry.name for entry in entries if _is_folder(entry, links=links_of[entry.name], root=root)}
    beside = sum(not is_system(name) for name in folders)
    for entry in entries:
        if entry.name in folders:
            below = links and not is_system(entry.name) and may_be_linked(entry.name, beside)
            here = f"{within}{entry.name}/"
            yield from files_in(
                entry.path, may_be_linked=may_be_linked, links=below, notice=notice, within=here, root=root
            )
        elif _is_file(entry):
            yield f"{within}{entry.name}"
        else:
            notice(_why_not(entry, links=links_of[entry.name], root=root), f"{within}{entry.name}")


def _is_folder(entry: "os.DirEntry[str]", *, links: bool, root: str) -> bool:
    try:
        if not entry.is_symlink():
            return entry.is_dir()
        leads_to, here = os.path.realpath(entry.path), os.path.realpath(os.path.dirname(entry.path))  # noqa: PTH120
        above = _is_within(here, leads_to)  # it would never end
        inside = _is_within(leads_to, root) or settings().follow_links
        return links and inside and entry.is_dir() and not above
    except OSError:  # a link that leads to itself
        return False


def _is_file(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a file; a pipe or a device is none, and reading one would never end."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_within(path: str, folder: str) -> bool:
    """Whether a path is this folder, or below it; both without links."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _why_not(entry: "os.DirEntry[str]", *, links: bool, root: str) -> Skipped:
    """Why something that is no file was not looked into."""
    try:
        if not entry.is_dir():
            return Skipped.DEVICE
    except OSError:
        return Skipped.DEVICE
    leads_to = os.path.realpath(entry.path)
    return (
        Skipped.OUTSIDE if links and not _is_within(leads_to, root) and not _is_within(root, leads_to) else Skipped.LINK
    )
