"""Store room: drafts, proposals and what came back. A released migration is never edited; a change is the next one."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds what the sentence above says."""
    _drafts()
    _proposals()
    _returns()


def _text(name: str, primary_key: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(), nullable=False, primary_key=primary_key)


def _drafts() -> None:
    op.create_table(
        "drafts",
        _text("id", primary_key=True),
        _text("newsletter"),
        _text("uid"),
        _text("state"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.UniqueConstraint("uid"),
    )
    op.create_index("ix_drafts_newsletter_state", "drafts", ["newsletter", "state"])


def _proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        _text("state"),
        _text("paper_id"),
        _text("who"),
        _text("client"),
        sa.Column("body", sa.Text(), nullable=False),
    )
    for column in ("at", "state", "paper_id"):
        op.create_index(f"ix_proposals_{column}", "proposals", [column])


def _returns() -> None:
    op.create_table(
        "returns",
        _text("id", primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        _text("folded"),
        _text("kind"),
        _text("words"),
    )
    op.create_index("ix_returns_folded", "returns", ["folded"])
