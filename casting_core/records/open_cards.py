"""Which casting is being judged in which browser just now, whichever server of this database serves it.

No record of anything: a row counts for a minute, and is gone after it.
"""

import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine, delete, insert, select, text

from casting_core.records.database.access import reading, writing
from casting_core.records.database.tables import open_cards

ALIVE = 60.0  # seconds after which a browser that says nothing more has gone
PATIENCE = 0.1  # seconds that another writer is waited for; a card that is not noted down is of no account


def _by_the_database(connection: Connection) -> float:
    """Seconds since 1970 by a clock that all servers share: machines whose clocks differ may ask one PostgreSQL."""
    if connection.dialect.name != "postgresql":  # the file lies on one machine, and so do its servers
        return time.time()
    return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())


class OpenCardBook:
    """Reads and writes them."""

    def __init__(self, engine: Engine, *, clock: Callable[[Connection], float] = _by_the_database) -> None:
        self._engine, self._clock = engine, clock

    def open(self, tab: str, *, scope: str, card: str, who: str) -> None:
        """Notes the card that a tab shows, none where it is empty, and forgets what is too old.

        Raises ``CastingError`` where that cannot be written, or another writer takes longer than a moment.
        """
        row = open_cards.c
        with writing(self._engine, patience=PATIENCE) as connection:
            now = self._clock(connection)
            connection.execute(delete(open_cards).where((row.tab == tab) | (row.at <= now - ALIVE)))
            if card:
                connection.execute(insert(open_cards).values(tab=tab, scope=scope, card=card, who=who, at=now))

    def others(self, tab: str, *, scope: str) -> dict[str, str]:
        """Who has which card of a dataset open in another tab, by the key of the card; an empty name is nobody's."""
        row = open_cards.c
        with reading(self._engine) as connection:
            since = self._clock(connection) - ALIVE
            wanted = select(row.card, row.who).where(row.scope == scope, row.tab != tab, row.at > since)
            return {one.card: one.who for one in connection.execute(wanted.order_by(row.at))}
