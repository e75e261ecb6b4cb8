"""Store room: drafts, proposals and what came back. A released migration is never edited; a change is the next one."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds what the sentence above says."""
