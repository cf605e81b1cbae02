"""The tables of the database.

A table that changes here wants a step in ``migrations/versions``, or databases of older versions would lack the change.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    false,
)

metadata = MetaData()

datasets = Table(
    "datasets",
    metadata,
    Column("name", String, primary_key=True),
    Column("folder", String, nullable=False),
    Column("rule", JSON, nullable=False),  # {"ok": [...], "defective": [...]}: class folders by label
    Column("added", Float, nullable=False),  # seconds since 1970, UTC
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("about", String, nullable=False, server_default=""),  # what it is about, for people
    Column("subject", String, nullable=False, server_default=""),  # the same for machines
    Column("inputs", JSON, nullable=False),
    Column("uses", JSON, nullable=False),  # what may not be removed while it goes on
    Column("actor", String, nullable=False, server_default=""),
    Column("machine", String, nullable=False, server_default=""),  # where it waits for its turn and works
    Column("heavy", Boolean, nullable=False),  # waits until no other heavy one is at work
    Column("anywhere", Boolean, nullable=False, server_default=false()),  # any worker may do it
    Column("asked", Float, nullable=False),  # seconds since 1970, UTC; so are the next four
    Column("queued", Float, nullable=False),  # when it joined the line
    Column("started", Float),
    Column("heartbeat", Float),
    Column("ended", Float),
    Column("state", String, nullable=False),
    Column("wish", String, nullable=False, server_default=""),  # what a person wants of it
    Column("pid", Integer),
    Column("attempt", Integer, nullable=False, server_default="1"),  # 2 once it was resumed
    Column("doing", String, nullable=False, server_default=""),
    Column("share", Float, nullable=False, server_default="0"),  # how far it is, 0 to 1
    Column("seconds_left", Float),  # about; none where nobody can say
    Column("result", JSON),  # what it came to; none where it came to nothing
    Column("message", String, nullable=False, server_default=""),  # why it failed, in one sentence
    Column("rewound", Integer, nullable=False, server_default="0"),  # how often events were taken back
    Index("ix_jobs_kind_subject", "kind", "subject"),
)

job_events = Table(
    "job_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job", ForeignKey("jobs.id"), nullable=False),
    Column("at", Float, nullable=False),  # seconds since 1970, UTC
    Column("kind", String, nullable=False),
    Column("body", JSON, nullable=False),
    Index("ix_job_events_job_id", "job", "id"),
)

removed_datasets = Table(
    "removed_datasets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("folder", String, nullable=False),
    Column("rule", JSON, nullable=False),
    Column("added", Float, nullable=False),  # seconds since 1970, UTC; so are the next two
    Column("removed", Float, nullable=False),
    Column("settled", Float),  # when its photos were dealt with; from then on it cannot come back
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch", String, nullable=False),  # what was decided at once, of one or many photos
    Column("folder", String, nullable=False, index=True),  # of the dataset
    Column("photo", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("value", String, nullable=False),
    Column("before", String, nullable=False),
    Column("why", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Float, nullable=False),  # seconds since 1970, UTC
)

ledger = Table(
    "ledger",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1, without a gap
    Column("at", BigInteger, nullable=False),  # milliseconds since 1970, UTC: a whole number is hashed alike everywhere
    Column("actor", String, nullable=False),
    Column("kind", String, nullable=False, index=True),
    Column("about", String, nullable=False),
    Column("body", String, nullable=False),  # JSON, as text: what was hashed
    Column("reason", String, nullable=False),
    Column("before", String, nullable=False),  # the hash of the row before
    Column("hash", String, nullable=False),
)

splits = Table(
    "splits",
    metadata,
    Column("folder", String, primary_key=True),  # of the dataset
    Column("name", String, primary_key=True),
    Column("plan", JSON, nullable=False),  # how it was drawn
    Column("parts", JSON, nullable=False),  # {photo: part}
    Column("made", Float, nullable=False),  # seconds since 1970, UTC
)

open_cards = Table(  # of Review: who looks at which casting just now; of no account a minute later
    "open_cards",
    metadata,
    Column("tab", String, primary_key=True),  # of a browser
    Column("scope", String, nullable=False),  # of the dataset
    Column("card", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Float, nullable=False),  # seconds since 1970, by the clock of the database
)

revisions = Table(
    "revisions",
    metadata,
    Column("folder", String, primary_key=True),  # of the dataset
    Column("number", Integer, primary_key=True),
    Column("fingerprint", String, nullable=False),
    Column("photos", Integer, nullable=False),
    Column("at", Float, nullable=False),  # seconds since 1970, UTC
)

shared_folders = Table(
    "shared_folders",
    metadata,
    Column("name", String, primary_key=True),  # as "model/v3"
    Column("files", JSON, nullable=False),  # {path: [sha256, bytes]}
    Column("machine", String, nullable=False),  # where it was written last
    Column("stored", Boolean, nullable=False),  # whether all of its files are in the object store
    Column("at", Float, nullable=False),  # seconds since 1970, UTC
)
