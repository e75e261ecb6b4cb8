"""Store room: what years of running need. A released migration is never edited; a change is the next one."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Corrections of issues, which are delivered as issues are; and how many rows each table had on a day."""
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("issue", sa.String(), sa.ForeignKey("issues.id"), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_index("ix_corrections_issue", "corrections", ["issue"])
    op.create_table(
        "sizes",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    _deliveries_of_anything()


def _deliveries_of_anything() -> None:
    """A delivery is of an issue or of a correction, so it no longer points at issues alone."""
    named = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"}
    with op.batch_alter_table("deliveries", naming_convention=named) as table:
        table.drop_constraint("fk_deliveries_issue_issues", type_="foreignkey")
