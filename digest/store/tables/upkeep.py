"""Store room: the tables of what years of running need: corrections of issues, and how large tables were on a day."""

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Text

from digest.store.tables import Moment, meta

corrections = Table(
    "corrections",
    meta,
    Column("id", String, primary_key=True),
    Column("issue", String, ForeignKey("issues.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
)
sizes = Table(  # rows of each table on a day something ran; "" is the whole file in bytes
    "sizes",
    meta,
    Column("day", Date, primary_key=True),
    Column("name", String, primary_key=True),
    Column("rows", Integer, nullable=False),
    sqlite_with_rowid=False,
)
