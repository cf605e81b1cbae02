"""Model versions: one folder each in ``model/``, written once, never changed; ``production`` points at one of them."""

import io
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from uuid import uuid4

from filelock import FileLock

from casting_core import files
from casting_core.errors import ModelError, written
from casting_core.records.card import ModelCard
from casting_core.records.version_files import CARD, GATE, GRAPH, content_of
from casting_core.records.version_folder import Check, file_in, finish, no_further_check, read_in

STARTER = "starter"
POINTER = "production"
DELETED = "deleted.json"  # what is left in the folder of a version that was deleted
NAMED = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")  # a version, as its card has it
NUMBERED = re.compile(r"v[0-9]{1,9}")  # one that was made here
MOST = 4096  # bytes of the pointer that are read
UNFINISHED = ".incoming-"  # how the name of a workshop begins
ABANDONED = 24 * 3600.0  # seconds after which an unfinished version is nobody's any more

Claim = Callable[[str], bool]  # whether a name is free on all machines, and from now on taken


def _nobody_else(_name: str) -> bool:
    """The versions lie on one machine, whose folder says which names are taken."""
    return True


class Registry:
    """The versions in ``folder``, and the starter that comes with the project.

    ``check`` asks of a card what this room cannot know: a card that fails it is damaged, too. ``claim`` takes a name
    for a new version where several machines make some.
    """

    def __init__(
        self, folder: Path, starter: Path, *, check: Check = no_further_check, claim: Claim = _nobody_else
    ) -> None:
        self.folder, self._starter, self._check, self._claim = folder, starter, check, claim

    def names(self) -> list[str]:
        """The names of all versions: those made here, the newest first, those brought, and the starter last."""
        made = [path.name for path in self._folders() if path.name != STARTER and os.path.lexists(path / CARD)]
        made.sort(key=lambda name: (-_number(name), name))
        return made + [STARTER] * os.path.lexists(self._starter / CARD)

    def _folders(self) -> list[Path]:
        try:
            return [path for path in self.folder.iterdir() if NAMED.fullmatch(path.name) and path.is_dir()]
        except OSError:  # there is none yet
            return []

    def cards(self) -> list[ModelCard]:
        """The cards of all versions that can be read, the newest first."""
        readable = []
        for name in self.names():
            try:
                readable.append(self.card(name))
            except ModelError:  # said where the version is asked for by name; the others stay usable
                continue
        return readable

    def damaged(self) -> dict[str, str]:
        """The versions whose card cannot be read, each with the reason."""
        reasons = {}
        for name in self.names():
            try:
                self.card(name)
            except ModelError as error:
                reasons[name] = str(error)
        return reasons

    def card(self, name: str) -> ModelCard:
        """The card of one version; ``ModelError`` where it is unknown, or says what is wrong with its card."""
        folder = self.path(name)
        try:
            card = read_in(folder, self._check)
        except ModelError as error:
            raise ModelError(f"model {name!r} is damaged: {error}") from error
        if card.name != name:  # a folder copied or renamed by hand would answer for another version
            raise ModelError(f"model {name!r} is damaged: its card is that of {card.name!r}")
        return card

    def path(self, name: str) -> Path:
        """The folder of one version; ``ModelError`` where it is unknown."""
        if name not in self.names():
            raise ModelError(f"no model {name!r} in {self.folder.name}/ (known: {', '.join(self.names()) or 'none'})")
        return self._starter if name == STARTER else self.folder / name

    def graph(self, name: str) -> bytes:
        """The serving graph of one version; ``ModelError`` where it is not what was registered."""
        return self.file(name, GRAPH)

    def file(self, name: str, file: str) -> bytes:
        """One file of a version, checked against its card; ``ModelError`` where it is not what was registered."""
        card = self.card(name)
        try:
            return file_in(self.path(name), card, file)
        except ModelError as error:
            raise ModelError(f"model {name!r} is damaged: {error}") from error

    def newest(self) -> str:
        """The version made last; ``ModelError`` where there is none."""
        return self._first(self.names())

    def production(self) -> str:
        """The version in use: the promoted one, or the starter as long as none was; ``ModelError`` without either."""
        promoted, _ = self._pointer()
        if promoted is None:
            return self._first(self.names()[-1:])
        self.path(promoted)
        return promoted

    def former(self) -> str | None:
        """The version that was in use before the one that is, if it is still there."""
        _, before = self._pointer()
        return before if before in self.names() else None

    def promote(self, name: str) -> None:
        """Puts a version in production, after checking that it is whole; ``ModelError`` where it is not."""
        self._whole(name)
        with written(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / ".registry.lock"):
                promoted, before = self._pointer()
                now = promoted or (self.names()[-1] if self.names() else "")
                files.replace(self.folder / POINTER, f"{name}\n{before or '' if name == now else now}\n")

    def remove(self, name: str, *, note: str) -> None:
        """Deletes the files of a version and leaves ``note`` in its folder, so that no later version gets its name.

        Raises ``ModelError`` where it is unknown, in production, or the starter, which comes with the project.
        """
        if name == STARTER:
            raise ModelError(f"model {STARTER!r} comes with the project and stays")
        with written(self.folder), FileLock(self.folder / ".registry.lock"):
            folder = self.path(name)
            if folder.is_symlink() or self._pointer()[0] == name:
                raise ModelError(f"model {name!r} is in production, or lies elsewhere, and stays")
            files.replace(folder / DELETED, note)
            (folder / CARD).unlink()  # from now on there is no such version, whatever becomes of this process
            for path in folder.iterdir():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                elif path.name != DELETED:
                    path.unlink()

    def _pointer(self) -> tuple[str | None, str | None]:
        """What the pointer says: the version in use and the one before it; none where nothing was promoted yet."""
        try:
            found = os.lstat(self.folder / POINTER)
            if not stat.S_ISREG(found.st_mode):
                return "", None  # reading it could wait for ever; it points at nothing
            with (self.folder / POINTER).open("rb") as file:
                lines = file.read(MOST).decode("utf-8", errors="replace").splitlines()
        except OSError:
            return None, None
        promoted, before, *_ = [line.strip() for line in [*lines, "", ""]]
        return promoted, before or None

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """A folder beside the versions to write a new one in; what is not registered is gone afterwards."""
        folder = self.folder / f"{UNFINISHED}{uuid4().hex}"
        with written(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            self.sweep()
            folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def sweep(self) -> None:
        """Removes what processes left behind that were killed while they wrote a version or the pointer."""
        for prefix in (UNFINISHED, files.UNFINISHED):
            files.sweep(self.folder, prefix, older_than=ABANDONED)

    def register(self, workshop: Path, card: ModelCard, *, name: str = "") -> ModelCard:
        """Makes a workshop the next version ``vN``: card written, flushed, read back, then renamed in one step.

        With a ``name`` it gets that instead; ``ModelError`` where a version cannot have it, or has it already.
        """
        with FileLock(self.folder / ".registry.lock"):
            self.check_name(name)
            numbers = [_number(path.name) for path in self.folder.glob("v*")]
            if name and not self._claim(name):
                raise ModelError(f"there is a model {name!r} on another machine already")
            name = name or next(f"v{n}" for n in count(max(numbers, default=0) + 1) if self._claim(f"v{n}"))
            whole = finish(workshop, card.model_copy(update={"name": name}))
            workshop.rename(self.folder / name)
        return whole

    def check_name(self, name: str) -> None:
        """Raises ``ModelError`` where a version cannot be called so, or one is; nothing means the next number."""
        if not name:
            return
        if not NAMED.fullmatch(name) or name == POINTER or NUMBERED.fullmatch(name):
            raise ModelError(
                f"a version cannot be called {name[:80]!r}: small letters, digits and hyphens will do, up to 64 of "
                f"them, but not {POINTER!r}, and not v and a number, which versions made here get"
            )
        if name == STARTER or os.path.lexists(self.folder / name):
            raise ModelError(f"there is a model {name!r} already (known: {', '.join(self.names())})")

    def archive(self, name: str) -> bytes:
        """Everything that was registered of one version as a zip file; ``ModelError`` where it is not whole."""
        contents, packed = self._whole(name), io.BytesIO()
        contents[CARD] = content_of(self.path(name), CARD)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(contents):
                archive.writestr(f"{name}/{file}", contents[file])
        return packed.getvalue()

    def _whole(self, name: str) -> dict[str, bytes]:
        """Every file that the card names, checked against it; ``ModelError`` where one is not what was registered."""
        return {file: self.file(name, file) for file in sorted({GRAPH, GATE, *self.card(name).files})}

    @staticmethod
    def _first(names: list[str]) -> str:
        if not names:
            raise ModelError("there is no model yet: train one first")
        return names[0]


def _number(name: str) -> int:
    """The number of a version that was made here; 0 of one that was brought under a name of its own."""
    return int(name[1:]) if NUMBERED.fullmatch(name) else 0
