"""The states a dataset has been in, numbered from 1: which photos could be used, with which labels."""

import time
from typing import Any

from sqlalchemy import Engine, func, insert, select

from casting_core.records.database import deciding, reading, revisions


class RevisionBook:
    """Reads and writes revisions. A dataset is known by its folder."""

    def __init__(self, engine: Engine, *, clock: Any = time.time) -> None:
        self._engine, self._clock = engine, clock

    def number(self, folder: str, fingerprint: str, *, photos: int) -> int:
        """The number of the revision with this fingerprint; a state not seen before becomes the next one."""
        here = revisions.c.folder == folder
        wanted = select(revisions.c.number).where(here, revisions.c.fingerprint == fingerprint)
        with reading(self._engine) as connection:
            known = connection.execute(wanted).scalar()
        if known is not None:
            return int(known)
        with deciding(self._engine, revisions) as connection:
            if (known := connection.execute(wanted).scalar()) is not None:  # somebody was quicker
                return int(known)
            number = 1 + int(connection.execute(select(func.max(revisions.c.number)).where(here)).scalar() or 0)
            values = {"folder": folder, "number": number, "fingerprint": fingerprint, "photos": photos}
            connection.execute(insert(revisions).values(**values, at=self._clock()))
            return number
