"""Store room: the tables that the site's pages look things up in. A change here needs a migration beside it.

Both repeat what issues and papers say, in the order pages ask for it; nothing rests on them alone. The words of papers
stand in ``search_text``, a full-text index (FTS5) that SQLAlchemy has no word for: only search.py touches it.
"""

from sqlalchemy import Column, Date, Float, Index, Integer, String, Table, Text

from digest.store.tables import meta

shelf = Table(  # each paper of each issue, in brief: what lists, months and topics show
    "shelf",
    meta,
    Column("newsletter", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("paper_id", String, primary_key=True),
    Column("place", Integer, nullable=False),  # in reading order of the issue, from 0
    Column("topic", String, nullable=False),
    Column("heading", String, nullable=False),
    Column("colour", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("tldr", Text, nullable=False),
    Index("ix_shelf_paper_id", "paper_id"),
    Index("ix_shelf_newsletter_topic_day", "newsletter", "topic", "day"),
    sqlite_with_rowid=False,
)
findable = Table(  # the paper behind a row of search_text; a paper that changed gets a new row there
    "findable",
    meta,
    Column("number", Integer, primary_key=True),
    Column("paper_id", String, nullable=False, unique=True),
    Column("mark", String, nullable=False),  # of the words that were indexed
    sqlite_autoincrement=True,
)
