"""Store room: rare words of titles, and which papers were, may be or are not one. A released migration is never edited.

The words of papers already there are filled in by the first run: only dedupe knows which words of a title are rare.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds the tables, and the doubts that were only told so far."""
    _words()
    _accounts()
    _verdicts()
    life = sa.text("json_extract(body, '$.stage') = 'life'")
    op.create_index("ix_decisions_life", "decisions", ["at"], sqlite_where=life)
    op.create_table("imports", sa.Column("mark", sa.String(), primary_key=True, nullable=False), _body())
    op.execute(
        "INSERT OR IGNORE INTO doubts (one, other, verdict, at, body) "
        "SELECT min(subject, of), max(subject, of), 'perhaps', at, body FROM decisions "
        "WHERE of IS NOT NULL AND json_extract(body, '$.stage') = 'dedupe' "
        "AND json_extract(body, '$.verdict') = 'perhaps' ORDER BY id"
    )


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.String(), nullable=False)


def _at() -> "sa.Column[str]":
    return sa.Column("at", sa.String(32), nullable=False)


def _body() -> "sa.Column[str]":
    return sa.Column("body", sa.Text(), nullable=False)


def _pair() -> "sa.Column[int]":
    return sa.Column("pair", sa.BigInteger(), nullable=False)


def _words() -> None:
    key = sa.PrimaryKeyConstraint("pair", "paper_id")
    op.create_table("paper_words", _pair(), _text("paper_id"), key, sqlite_with_rowid=False)
    op.create_table("unsorted_words", _pair(), _text("paper_id"))


def _accounts() -> None:
    key = sa.PrimaryKeyConstraint("paper_id", "source", "origin")
    op.create_table("accounts", _text("paper_id"), _text("source"), _text("origin"), _at(), _body(), key)


def _verdicts() -> None:
    key = sa.PrimaryKeyConstraint("one", "other")
    op.create_table(
        "doubts", _text("one"), _text("other"), _text("verdict"), _at(), _body(), key, sqlite_with_rowid=False
    )
    op.create_index("ix_doubts_other", "doubts", ["other"])
    number = sa.Column("id", sa.Integer(), primary_key=True)
    op.create_table("merges", number, _text("kept"), _text("gone"), _at(), _body())
    op.create_index("ix_merges_kept", "merges", ["kept"])
    op.create_index("ix_merges_gone", "merges", ["gone"])
