"""Store room: what years of running need. A released migration is never edited; a change is the next one."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds what the sentence above says."""
