"""Store room: the tables, as SQLAlchemy Core sees them. A change here needs a migration beside it.

What is looked up has a column; everything else of a noun is its JSON `body`. Times are text in one fixed ISO form in
UTC, which sorts as time does in every database.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

REVISION = "0006"  # the newest migration; a test compares it with the folder


class Moment(TypeDecorator[datetime]):
    """An aware datetime as text of fixed width."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


meta = MetaData()

papers = Table(
    "papers",
    meta,
    Column("id", String, primary_key=True),
    Column("first_seen", Moment, nullable=False, index=True),
    Column("body", Text, nullable=False),
)
paper_keys = Table(
    "paper_keys",
    meta,
    Column("key", String, primary_key=True),
    Column("paper_id", String, ForeignKey("papers.id"), nullable=False),
    sqlite_with_rowid=False,
)
paper_titles = Table(  # every folded title a paper ever had, not only the last
    "paper_titles",
    meta,
    Column("fold", String, primary_key=True),
    Column("paper_id", String, ForeignKey("papers.id"), primary_key=True),
    sqlite_with_rowid=False,
)
sightings = Table(
    "sightings",
    meta,
    Column("id", Integer, primary_key=True),
    Column("paper_id", String, ForeignKey("papers.id"), nullable=False),
    Column("source", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("announcement", String, nullable=False),
    Column("guid", String, nullable=False),
    Column("version", Integer),
    UniqueConstraint("paper_id", "source", "at", "announcement", "guid"),
)
signals = Table(
    "signals",
    meta,
    Column("id", Integer, primary_key=True),
    Column("paper_id", String, ForeignKey("papers.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("value", Float, nullable=False),
    Column("at", Moment, nullable=False),
    Column("source", String, nullable=False),
    UniqueConstraint("paper_id", "kind", "at", "source"),
)
decisions = Table(
    "decisions",
    meta,
    Column("id", Integer, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("of", String, index=True),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_decisions_life", "at", sqlite_where=text("json_extract(body, '$.stage') = 'life'")),
)
scores = Table(  # how each paper last stood in each newsletter, printed or not
    "scores",
    meta,
    Column("newsletter", String, primary_key=True),
    Column("paper_id", String, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_scores_paper_id", "paper_id"),
)
sources = Table(
    "sources",
    meta,
    Column("name", String, primary_key=True),
    Column("body", Text, nullable=False),
)
runs = Table(
    "runs",
    meta,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
)
issues = Table(
    "issues",
    meta,
    Column("id", String, primary_key=True),
    Column("newsletter", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("newsletter", "day"),
)
arrivals = Table(  # how many papers came new, by topic, on each day that has an issue
    "arrivals",
    meta,
    Column("newsletter", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("topic", String, primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)
printed = Table(
    "printed",
    meta,
    Column("newsletter", String, primary_key=True),
    Column("paper_id", String, primary_key=True),
    Column("issue", String, ForeignKey("issues.id"), nullable=False),
    Index("ix_printed_paper_id", "paper_id"),
    sqlite_with_rowid=False,
)
deliveries = Table(
    "deliveries",
    meta,
    Column("id", Integer, primary_key=True),
    Column("issue", String, nullable=False),  # or the id of a correction
    Column("address", String, nullable=False),
    Column("message_id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", Moment),
    Column("error", String),
    Column("owner", String),  # who claimed it, while `sending`
    UniqueConstraint("issue", "address"),
    Index("ix_deliveries_state_issue_retry_at", "state", "issue", "retry_at"),
    Index("ix_deliveries_owner", "owner", sqlite_where=text("owner IS NOT NULL")),
)
readers = Table(
    "readers",
    meta,
    Column("folded", String, primary_key=True),  # the address as compared: no upper case
    Column("uid", String, nullable=False, unique=True),  # what signed links call the reader
    Column("state", String, nullable=False),
    Column("body", Text, nullable=False),
)
consents = Table(  # the audit: what an address agreed to, withdrew or was told, and where
    "consents",
    meta,
    Column("id", Integer, primary_key=True),
    Column("folded", String, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("act", String, nullable=False),
    Column("words", String, nullable=False),
)
suppressions = Table(  # who must never be written to again, by hash alone
    "suppressions",
    meta,
    Column("hash", String, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("reason", String, nullable=False),
)
fitted = Table(  # what was learnt from the past: arrays and JSON with a schema number of its maker's
    "fitted",
    meta,
    Column("name", String, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
hand = Table(
    "hand",
    meta,
    Column("paper_id", String, primary_key=True),
    Column("act", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
imports = Table(  # files of papers that were imported, and how far
    "imports",
    meta,
    Column("mark", String, primary_key=True),
    Column("body", Text, nullable=False),
)
