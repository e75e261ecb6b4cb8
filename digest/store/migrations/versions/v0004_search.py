"""Store room: the index that pages search. A released migration is never edited; a change is the next one."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds the shelf (what was printed, in brief) and the full-text index, both filled from what is there."""
    op.create_table(
        "shelf",
        sa.Column("newsletter", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("paper_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("colour", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("tldr", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("newsletter", "day", "paper_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_shelf_paper_id", "shelf", ["paper_id"])
    op.create_index("ix_shelf_newsletter_topic_day", "shelf", ["newsletter", "topic", "day"])
    op.create_table(
        "findable",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("paper_id", sa.String(), nullable=False, unique=True),
        sa.Column("mark", sa.String(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.execute(
        "CREATE VIRTUAL TABLE search_text USING fts5"
        "(title, abstract, authors, topics, keys, content='', tokenize='unicode61 remove_diacritics 2')"
    )
    _fill()


def _fill() -> None:
    op.execute("""
        INSERT OR IGNORE INTO shelf
        SELECT issues.newsletter, issues.day, json_extract(item.value, '$.paper.id'), section."key" * 1000 + item."key",
               json_extract(section.value, '$.topic.slug'), json_extract(section.value, '$.topic.name'),
               coalesce(json_extract(section.value, '$.topic.colour'), 7), json_extract(item.value, '$.score'),
               json_extract(item.value, '$.tldr')
        FROM issues, json_each(issues.body, '$.sections') section, json_each(section.value, '$.items') item
        """)
    # Papers that nobody announced are a back-catalogue, not news: they are not searched.
    op.execute("""
        INSERT INTO findable (paper_id, mark)
        SELECT id, '' FROM papers WHERE EXISTS (SELECT 1 FROM sightings WHERE paper_id = papers.id) ORDER BY first_seen
        """)
    op.execute("""
        INSERT INTO search_text (rowid, title, abstract, authors, topics, keys)
        SELECT findable.number, json_extract(body, '$.title'), json_extract(body, '$.abstract'),
               (SELECT group_concat(json_extract(value, '$.name'), char(10)) FROM json_each(body, '$.authors')),
               (SELECT group_concat(DISTINCT heading) FROM shelf WHERE shelf.paper_id = papers.id),
               (SELECT group_concat(value, char(10)) FROM json_each(body, '$.keys'))
        FROM findable JOIN papers ON papers.id = findable.paper_id
        """)
