"""Store room: the tables by which papers are recognised, and by which a merge is explained and undone.

Part of the schema of `tables`, as SQLAlchemy Core sees it. A change here needs a migration beside it.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from digest.store.tables import Moment, meta

paper_words = Table(  # two rare words of a title, as one number, and a paper of such a title; see words.py
    "paper_words",
    meta,
    Column("pair", BigInteger, primary_key=True, autoincrement=False),
    Column("paper_id", String, primary_key=True),
    sqlite_with_rowid=False,
)
unsorted_words = Table(  # the same for papers that came by the million, until they are sorted in
    "unsorted_words",
    meta,
    Column("pair", BigInteger, nullable=False),
    Column("paper_id", String, nullable=False),
)
accounts = Table(  # what each source said of a paper that several tell of
    "accounts",
    meta,
    Column("paper_id", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("origin", String, primary_key=True),  # the id it would have alone
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
)
doubts = Table(  # two papers that may be one, and what a person said of it: perhaps, same or different
    "doubts",
    meta,
    Column("one", String, primary_key=True),
    Column("other", String, primary_key=True),
    Column("verdict", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_doubts_other", "other"),
    sqlite_with_rowid=False,
)
merges = Table(  # which known paper became part of which, and all that undoes it
    "merges",
    meta,
    Column("id", Integer, primary_key=True),
    Column("kept", String, nullable=False, index=True),
    Column("gone", String, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
)
