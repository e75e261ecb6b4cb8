"""Store room: the first schema. A released migration is never edited; a change is the next one."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes every table."""
    _papers()
    _observations()
    _bookkeeping()
    _issues()
    _people()


def _text(name: str, nullable: bool = False, primary_key: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(), nullable=nullable, primary_key=primary_key)


def _moment(name: str, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(32), nullable=nullable)


def _body() -> "sa.Column[str]":
    return sa.Column("body", sa.Text(), nullable=False)


def _id() -> "sa.Column[int]":
    return sa.Column("id", sa.Integer(), primary_key=True)


def _of_paper() -> "sa.Column[str]":
    return sa.Column("paper_id", sa.String(), sa.ForeignKey("papers.id"), nullable=False)


def _papers() -> None:
    op.create_table("papers", _text("id", primary_key=True), _moment("first_seen"), _body())
    op.create_index("ix_papers_first_seen", "papers", ["first_seen"])
    op.create_table("paper_keys", _text("key", primary_key=True), _of_paper(), sqlite_with_rowid=False)
    op.create_table(
        "paper_titles",
        _text("fold"),
        _of_paper(),
        sa.PrimaryKeyConstraint("fold", "paper_id"),
        sqlite_with_rowid=False,
    )


def _observations() -> None:
    op.create_table(
        "sightings",
        _id(),
        _of_paper(),
        _text("source"),
        _moment("at"),
        _text("announcement"),
        _text("guid"),
        sa.Column("version", sa.Integer()),
        sa.UniqueConstraint("paper_id", "source", "at", "announcement", "guid"),
    )
    op.create_table(
        "signals",
        _id(),
        _of_paper(),
        _text("kind"),
        sa.Column("value", sa.Float(), nullable=False),
        _moment("at"),
        _text("source"),
        sa.UniqueConstraint("paper_id", "kind", "at", "source"),
    )


def _bookkeeping() -> None:
    op.create_table("decisions", _id(), _text("subject"), _text("of", nullable=True), _moment("at"), _body())
    op.create_index("ix_decisions_subject", "decisions", ["subject"])
    op.create_index("ix_decisions_of", "decisions", ["of"])
    op.create_table(
        "scores",
        _text("newsletter"),
        _text("paper_id"),
        _moment("at"),
        _body(),
        sa.PrimaryKeyConstraint("newsletter", "paper_id"),
    )
    op.create_index("ix_scores_paper_id", "scores", ["paper_id"])
    op.create_table("sources", _text("name", primary_key=True), _body())
    op.create_table("runs", _id(), _moment("at"), _body())


def _issues() -> None:
    op.create_table(
        "issues",
        _text("id", primary_key=True),
        _text("newsletter"),
        sa.Column("day", sa.Date(), nullable=False),
        _body(),
        sa.UniqueConstraint("newsletter", "day"),
    )
    op.create_table(
        "arrivals",
        _text("newsletter"),
        sa.Column("day", sa.Date(), nullable=False),
        _text("topic"),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("newsletter", "day", "topic"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "printed",
        _text("newsletter"),
        _text("paper_id"),
        sa.Column("issue", sa.String(), sa.ForeignKey("issues.id"), nullable=False),
        sa.PrimaryKeyConstraint("newsletter", "paper_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_printed_paper_id", "printed", ["paper_id"])
    _deliveries()


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        _id(),
        sa.Column("issue", sa.String(), sa.ForeignKey("issues.id"), nullable=False),
        _text("address"),
        _text("message_id"),
        _text("state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("retry_at", nullable=True),
        _text("error", nullable=True),
        _text("owner", nullable=True),
        sa.UniqueConstraint("issue", "address"),
    )
    op.create_index("ix_deliveries_state_issue_retry_at", "deliveries", ["state", "issue", "retry_at"])
    op.create_index("ix_deliveries_owner", "deliveries", ["owner"], sqlite_where=sa.text("owner IS NOT NULL"))


def _people() -> None:
    _unique = sa.UniqueConstraint("uid")
    op.create_table("readers", _text("folded", primary_key=True), _text("uid"), _text("state"), _body(), _unique)
    op.create_table("consents", _id(), _text("folded"), _moment("at"), _text("act"), _text("words"))
    op.create_index("ix_consents_folded", "consents", ["folded"])
    op.create_table("suppressions", _text("hash", primary_key=True), _moment("at"), _text("reason"))
    op.create_table(
        "fitted",
        _text("name", primary_key=True),
        _moment("at"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "hand",
        _text("paper_id", primary_key=True),
        _text("act"),
        sa.Column("note", sa.Text(), nullable=False),
        _moment("at"),
    )
