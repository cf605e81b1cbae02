"""Where a file lies in a dataset, why one is left out, and what a whole layout is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.levels import Folders
from casting_core.data.datasets.reading.words import class_word
from casting_core.domain import Label, Split
from casting_core.wording import is_unicode

SHOWN = 5  # names in one sentence


class Aside(StrEnum):
    """Why a file is not among the photos of a dataset, nor among what somebody may have meant as one."""

    SYSTEM = "hidden, or left behind by a computer, a network drive or a telephone"
    MASK = "masks, which show where defects are"
    LABELS = "tables and annotations, from which labels were read"
    OUTSIDE = "beside the folder that holds the classes"
    OTHER_SET = "in another set beside this one"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a file lies in a dataset, and what the folders above it and the tables beside it say of it."""

    path: str  # within the dataset's root, with forward slashes
    split: Split
    folder: str  # the class folder's name, or the class that a table gives; empty for a file that has none
    number: int  # which of the paths that were given; a path may come twice
    groups: Folders = ()  # the folders above it that are neither split nor class: dates, lines, numbers of parts
    kinds: tuple[str, ...] = ()  # of defects
    meant: Label | None = None  # what the set as a whole says of its class, where the class's name says nothing
    masks: tuple[int, ...] = ()  # the numbers of the files that show where its defects are
    is_photo: bool = True  # whether it is called one; what is in it is for the decoder to say

    def label(self, rule: ClassRule) -> Label | None:
        """What it is by its class; ``None`` where nothing says so."""
        return rule.label(self.folder) if self.meant is None or self._decided(rule) else self.meant

    def _decided(self, rule: ClassRule) -> bool:
        return rule.label(self.folder) is not None or rule.says_neither(self.folder)

    def kind(self, rule: ClassRule) -> str:
        """The kinds of defect it has, one after the other; empty for a sound one, and where nobody says."""
        if self.label(rule) is not Label.DEFECTIVE:
            return ""
        own = () if not self.folder or class_word(self.folder) is not None else (self.folder,)
        return ", ".join(self.kinds or own)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The files of a dataset, in the order in which they were given, and what became of all others."""

    wrapping: str  # the path of the folder that holds splits and classes; empty where none is wrapped around them
    files: tuple[Place, ...]
    aside: Mapping[Aside, int] = field(default_factory=dict)  # files that are not among ``files``, by the reason
    sets: Mapping[str, int] = field(default_factory=dict)  # where several lie side by side: the photos of each
    chosen: str = ""  # the one of them that was read
    notes: tuple[str, ...] = ()  # sentences for a person about all this

    @property
    def photos(self) -> tuple[Place, ...]:
        """The files that are called photos."""
        return tuple(place for place in self.files if place.is_photo)

    @property
    def others(self) -> tuple[Place, ...]:
        """The files that are not called photos."""
        return tuple(place for place in self.files if not place.is_photo)

    @property
    def meant_as_photos(self) -> tuple[Place, ...]:
        """The photos, and whatever else lies in split and class folders, where nothing but photos is expected.

        Notes and tables beside those folders are left out.
        """
        return tuple(one for one in self.files if one.folder or one.split is not Split.UNSPLIT or one.is_photo)

    @property
    def splits(self) -> tuple[str, ...]:
        """The names of the split folders, as they are written, in alphabetical order."""
        tops = {place.path.partition("/")[0] for place in self.files if place.split is not Split.UNSPLIT}
        return tuple(sorted(tops))


def class_folders(places: Iterable[Place]) -> tuple[str, ...]:
    """The names of the class folders among these places, in alphabetical order."""
    return tuple(sorted({place.folder for place in places if place.folder and is_unicode(place.folder)}))
