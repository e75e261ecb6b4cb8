"""Store room: the tables of the editor's desk and of what comes back. A change here needs a migration beside it."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from digest.store.tables import Moment, meta

drafts = Table(
    "drafts",
    meta,
    Column("id", String, primary_key=True),  # the id its issue will have
    Column("newsletter", String, nullable=False),
    Column("uid", String, nullable=False, unique=True),  # what signed links call the draft
    Column("state", String, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_drafts_newsletter_state", "newsletter", "state"),
)
proposals = Table(
    "proposals",
    meta,
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("state", String, nullable=False, index=True),
    Column("paper_id", String, nullable=False, index=True),
    Column("who", String, nullable=False),  # the address, by hash; "" where none was given
    Column("client", String, nullable=False),  # from where, by hash; "" for the command line
    Column("body", Text, nullable=False),
)
returns = Table(  # what came back, each once
    "returns",
    meta,
    Column("id", String, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("folded", String, nullable=False, index=True),  # the address it is about, or ""
    Column("kind", String, nullable=False),
    Column("words", String, nullable=False),
)
