"""Folders, addresses and limits, read from the environment once (``CASTING_*``)."""

import platform
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from casting_core.errors import CastingError, SettingsError, require_unicode, wanted
from casting_core.hosts import Host, listed
from casting_core.roles import Role

ROOT = Path(__file__).resolve().parent.parent  # the project's own folder


def _sqlite_in(given: dict[str, Any]) -> str:
    return f"sqlite:///{(given['data_dir'] / 'casting.sqlite').as_posix()}"


def _this_machine(given: dict[str, Any]) -> str:
    # A file is used by one machine, whatever that is called today; containers are called anew with each start.
    return "" if given["database_url"].startswith("sqlite") else platform.node()


class Settings(BaseSettings):
    """Where things are kept and how much is too much. Every field can be set as ``CASTING_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="CASTING_", frozen=True, protected_namespaces=())

    data_dir: Path = ROOT / "data"  # the sample, the pixel cache, the database, logs of runs
    model_dir: Path = ROOT / "model"  # one folder per model version
    database_url: str = Field(default_factory=_sqlite_in)  # of runs, events, datasets, decisions
    machine: str = Field(default_factory=_this_machine)  # on each, one run works at a time
    store: str = ""  # of versions and photos, for several machines: s3://bucket/prefix, or a folder that all share
    workers: Literal["", "elsewhere"] = ""  # who does jobs: this machine, or whoever runs `work`
    stand_by: bool = True  # a process loads TensorFlow while somebody looks at Train, so that a training begins at once
    hosts: Annotated[tuple[Host, ...], NoDecode] = ()  # the server answers to these, and to this machine's own
    max_photo_bytes: int = Field(default=64 * 2**20, gt=0)  # bytes of one photo file
    max_photo_pixels: int = Field(default=64 * 10**6, gt=0)  # width x height; Pillow alone only warns
    max_zip_files: int = Field(default=50_000, gt=0)  # files in one zip; 100,000 are an attack on most machines
    max_zip_bytes: int = Field(default=20 * 2**30, gt=0)  # bytes of all its files together, unpacked
    max_zip_ratio: int = Field(default=200, gt=1)  # unpacked to packed, all files together; photos hardly shrink at all
    max_zip_depth: int = Field(default=8, gt=0)  # folders within folders, the file's own name included
    backup_dir: Path | None = None  # where a click on History backs up to; on another disk, if it is to be of use
    follow_links: bool = False  # of datasets, to class folders that lie elsewhere
    sign_in: bool = False  # nobody uses the pages without signing in; docs/sign-in.md
    session_hours: float = Field(default=12, gt=0, le=24 * 31)  # after which whoever signed in signs in again
    role_claim: str = ""  # what whoever signs people in calls their roles or groups; empty: roles are given here alone
    role_names: Annotated[Mapping[str, Role], NoDecode] = {}  # which of those mean which role, as "qa-staff=manager"
    station_photo_bytes: int = Field(default=16 * 2**20, gt=0)  # bytes of a photo that a station sends
    station_deadline_ms: int = Field(default=2000, ge=50, le=60_000)  # until a station must have its answer, at most
    station_body_ms: int = Field(default=5000, ge=50, le=60_000)  # until a photo must have come in whole
    station_waiting: int = Field(default=32, ge=1, le=1000)  # photos of all stations that wait or are judged
    station_at_once: int = Field(default=16, ge=1, le=1000)  # of them, photos of one station
    station_judges: int = Field(default=2, ge=1, le=64)  # processes that judge side by side
    station_days: float = Field(default=30, gt=0, le=3650)  # that a request id is known for
    shift_hours: Annotated[tuple[int, ...], NoDecode] = (6, 14, 22)  # when shifts begin, by this machine's clock
    outgoing_parts: int = Field(default=5, ge=0, le=100)  # passed parts of each shift that a person is to look at

    @field_validator("role_names", mode="before")
    @classmethod
    def _roles(cls, given: object) -> object:
        """Pairs with commas between them; the names of the roles themselves always mean those."""
        if not isinstance(given, str):
            return given
        pairs = [pair.rpartition("=") for pair in given.split(",") if pair.strip()]
        if any(not name.strip() or role.strip() not in set(Role) for name, _, role in pairs):
            known = f"pairs as qa-staff=manager, with commas between them; roles are {', '.join(Role)}"
            raise PydanticCustomError("roles", f"it must be {known}")
        return {name.strip(): Role(role.strip()) for name, _, role in pairs}

    @field_validator("hosts", mode="before")
    @classmethod
    def _names(cls, given: object) -> object:
        """Names with commas or spaces between them."""
        if not isinstance(given, str):
            return given
        try:
            return listed(name for name in re.split(r"[\s,]+", given) if name)
        except ValueError as error:
            known = "names as quality.plant.example or quality.plant.example:8443, with commas between them"
            raise PydanticCustomError("hosts", f"it must be {known}") from error

    @field_validator("shift_hours", mode="before")
    @classmethod
    def _hours(cls, given: object) -> object:
        """Hours with commas between them, each once."""
        told = given.split(",") if isinstance(given, str) else given
        known = "whole hours from 0 to 23 with commas between them, as 6,14,22"
        try:
            hours = sorted({int(str(hour).strip()) for hour in told})  # type: ignore[attr-defined]
        except (TypeError, ValueError) as error:
            raise PydanticCustomError("hours", f"it must be {known}") from error
        if not hours or not 0 <= hours[0] <= hours[-1] <= 23:
            raise PydanticCustomError("hours", f"it must be {known}")
        return tuple(hours)

    @property
    def cache_dir(self) -> Path:
        """Decoded pixels and dataset tables; may be deleted at any time, and is then made again."""
        return self.data_dir / "cache"

    @property
    def audits_dir(self) -> Path:
        """Where audits are kept; like the rest of the cache it may be deleted at any time."""
        return self.cache_dir / "audits"

    @property
    def datasets_dir(self) -> Path:
        """The photos that were taken in from zip files and from browsers; one folder per dataset."""
        return self.data_dir / "datasets"

    @property
    def sample_dir(self) -> Path:
        """The drawn castings the dashboard starts with."""
        return self.data_dir / "sample"

    @property
    def starter_dir(self) -> Path:
        """The model version that comes with the project; it is never written."""
        return ROOT / "model" / "starter"


@cache
def settings() -> Settings:
    """The settings of this process; ``SettingsError`` where the environment makes no sense."""
    try:
        found = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "CASTING_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}={first['input']!r} will not do: {wanted(first)}") from error
    for name, folder in (("DATA", found.data_dir), ("MODEL", found.model_dir)):
        try:
            require_unicode(folder.absolute())
        except CastingError as error:
            raise SettingsError(f"CASTING_{name}_DIR will not do: {error}") from error
    return found
