"""Store room: what readers vote and what sources of signals answered. A released migration is never edited."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds a table of what was asked of whom, one of the sources of signals, and one of readers' votes."""
    op.create_table(
        "asked",
        sa.Column("signal", sa.String(), nullable=False),
        sa.Column("paper_id", sa.String(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("signal", "paper_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "signal_sources",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_table(
        "votes",
        sa.Column("voter", sa.String(), nullable=False),
        sa.Column("paper_id", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("voter", "paper_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_votes_paper_id", "votes", ["paper_id"])
