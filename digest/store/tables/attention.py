"""Store room: the tables of what sources of signals answered, and of readers' votes.

Part of the schema of `tables`, as SQLAlchemy Core sees it. A change here needs a migration beside it.
"""

from sqlalchemy import Column, Integer, String, Table, Text

from digest.store.tables import Moment, meta

asked = Table(  # when a source of signals was last asked about a paper, and what it said
    "asked",
    meta,
    Column("signal", String, primary_key=True),
    Column("paper_id", String, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,
)
signal_sources = Table(
    "signal_sources",
    meta,
    Column("name", String, primary_key=True),
    Column("body", Text, nullable=False),
)
votes = Table(  # one a reader and paper; who voted is kept as a hash of the address alone
    "votes",
    meta,
    Column("voter", String, primary_key=True),
    Column("paper_id", String, primary_key=True, index=True),
    Column("value", Integer, nullable=False),  # 1: more like this, -1: less
    Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
