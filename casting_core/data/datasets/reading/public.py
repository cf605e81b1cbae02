"""Public sets whose class folders are called by kinds of defect, known by several of their names standing together."""

from collections.abc import Collection

from casting_core.data.datasets.reading.words import words_of

TILE = "mt"  # how each folder of the magnetic tile set begins
TILE_KINDS = frozenset({"blowhole", "break", "crack", "fray", "uneven"})
STEEL = frozenset({"crazing", "inclusion", "patches", "pittedsurface", "rolledinscale", "scratches"})  # NEU
STEEL_SHORT = {
    "cr": "crazing",
    "in": "inclusion",
    "pa": "patches",
    "ps": "pitted_surface",
    "rs": "rolled-in_scale",
    "sc": "scratches",
}
ENOUGH = 3  # names of a set that must stand together


def kinds_by_folder(folders: Collection[str]) -> dict[str, str]:
    """The class folders that a public set has for kinds of defect, each with its kind."""
    plain = {folder: words_of(folder) for folder in folders}
    steel = {folder: folder for folder, words in plain.items() if "".join(words) in STEEL}
    tile = {
        folder: words[1]
        for folder, words in plain.items()
        if len(words) == 2 and words[0] == TILE and words[1] in TILE_KINDS
    }
    return tile | (steel if len(steel) >= ENOUGH else {})


def kinds_by_name(stems: Collection[str]) -> dict[str, str]:
    """The files of the steel set by their names, ``crazing_12`` or ``Cr_12``, each with its kind."""
    found: dict[str, str] = {}
    for stem in stems:
        name, _, number = stem.rpartition("_")
        plain = "".join(words_of(name))
        if number.isdigit() and (plain in STEEL or plain in STEEL_SHORT):
            found[stem] = STEEL_SHORT.get(plain, name)
    return found if len(set(found.values())) >= ENOUGH else {}
