"""Group: what a heading is besides its papers: slug and colour. Touched when an address or a colour should be another.

Both depend on the name alone wherever they can, so that they are the same tomorrow.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

from digest.model import Topic

COLOURS = 7  # 0 to 6; 7 is that of the honest rest
Kind = Literal["given", "discovered", "other"]


def topics(named: Sequence[tuple[str, Kind, str]]) -> tuple[Topic, ...]:
    """A topic for each (name, kind, slug or ""), in order: slugs are unique, and colours while there are enough."""
    made: list[Topic] = []
    for name, kind, address in named:
        address = address or slug(name)
        if any(topic.slug == address for topic in made):
            address = f"{address}-{mark(name)}"
        colour = COLOURS if kind == "other" else _colour(len(made) if kind == "given" else _hash(address), made)
        made.append(Topic(slug=address, name=name, kind=kind, colour=colour))
    return tuple(made)


def slug(name: str) -> str:
    """The address of a name: a to z, digits and hyphens; a hash where the name's script has no such letters."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    kept = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    lost = sum(c.isalnum() and not c.isascii() for c in plain)
    return kept[:60].strip("-") if kept and lost == 0 else f"topic-{mark(name)}"


def mark(name: str) -> str:
    """Eight hex digits that tell a name from others with the same slug."""
    return f"{_hash(name):08x}"


def _colour(wanted: int, made: Sequence[Topic]) -> int:
    """`wanted` or the next colour no topic has yet; with all in use, the next that the neighbour above has not."""
    used = {topic.colour for topic in made}
    if len(used) >= COLOURS:
        used = {made[-1].colour}
    return next(c % COLOURS for c in range(wanted, wanted + COLOURS) if c % COLOURS not in used)


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.casefold().encode(), digest_size=4).digest(), "big")
