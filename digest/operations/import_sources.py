"""Subscriptions of a feed reader (OPML) as sources of config.yaml."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from digest.collect import opml
from digest.collect.errors import Unreadable
from digest.errors import InputError
from digest.model import Source

LONGEST_NAME = 80
MAX_BYTES = 32_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`new` are sources as the config spells them; `known` the addresses that it names already."""

    new: tuple[dict[str, str], ...]
    known: tuple[str, ...]


def read(path: Path, sources: Iterable[Source]) -> Found:
    """The feeds of an OPML file beside the config's `sources`, each under a name of its own. Raises InputError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: is larger than {MAX_BYTES:,} bytes")
        subscriptions = opml.read(path.read_bytes())
    except Unreadable as error:
        raise InputError(f"{path}: {error.reason}") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    there = list(sources)
    names = {source.name.casefold() for source in there}
    addresses = {source.url.rstrip("/") for source in there if source.url}
    new, known = [], []
    for title, url in subscriptions:
        if url.rstrip("/") in addresses:
            known.append(url)
            continue
        addresses.add(url.rstrip("/"))
        new.append({"name": _name(title, names), "kind": "feed", "url": url})
    return Found(new=tuple(new), known=tuple(known))


def _name(title: str, taken: set[str]) -> str:
    """A title as a name that is not taken yet (it is from now on). `env:` would make the config read a variable."""
    plain = re.sub(r"^env:\s*", "env ", " ".join(title.split()), flags=re.IGNORECASE)[:LONGEST_NAME].strip() or "feed"
    name, number = plain, 2
    while name.casefold() in taken:
        name, number = f"{plain[: LONGEST_NAME - 5]} {number}", number + 1
    taken.add(name.casefold())
    return name
