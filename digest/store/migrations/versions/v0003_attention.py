"""Store room: what readers vote and what sources of signals answered. A released migration is never edited; a change is the next one."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds what the sentence above says."""
