"""Kinds of values that may stand in config.yaml, each with what is wrong with any other.

Touched when several keys need the same check; which key takes what is schema.py.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from digest.errors import InputError

STRICT = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
"""Of every block: unknown keys are mistakes, values are not silently converted between kinds."""
KIND_NEEDS: dict[str, tuple[str, ...]] = {
    "arxiv": ("categories", "query", "path"),
    "huggingface": (),
    "feed": ("url", "path"),
    "listing": ("url", "path"),
    "file": ("url", "path"),
    "biorxiv": (),
    "openreview": ("venue", "path"),
    "crossref": ("issn", "query", "path"),
    "pubmed": ("query", "path"),
}
"""Built-in source kinds, and of which keys each needs at least one. ``package.module:name`` is a kind of one's own."""


def _web(value: str) -> str:
    if not value.lower().startswith(("http://", "https://")) or any(c.isspace() for c in value):
        raise ValueError("must be an http:// or https:// address")
    return value.rstrip("/")


def _address(value: str) -> str:
    if value.count("@") < 1 or any(ord(c) < 32 for c in value):
        raise ValueError("must be a mail address, as in editor@example.org or Papers <digest@example.org>")
    return value


def _zone(value: str) -> str:
    from digest.schedule import zone

    try:
        zone(value)
    except InputError as error:
        raise ValueError(str(error)) from None
    return value


def _cron(value: str) -> str:
    from digest.schedule import trigger

    try:
        trigger(value, "UTC")
    except InputError as error:
        raise ValueError(str(error)) from None
    return value


def _kind(value: str) -> str:
    if ":" not in value and value not in KIND_NEEDS:
        raise ValueError(f"is none of {', '.join(KIND_NEEDS)}, nor a package.module:name of your own")
    return value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else [] if value is None else value


def _keys(value: str) -> str:
    if not value.split() or not all(re.fullmatch(r"(?:[0-9a-fA-F]{2}){16,}", word) for word in value.split()):
        raise ValueError(
            "must be 32 hex digits or more, as `openssl rand -hex 32` prints; several with a space between"
        )
    return value


def _bare(value: str) -> str:
    if "?" in value or "@" in value or "#" in value:
        raise ValueError("must be an address alone; a key belongs under `key`")
    return value


def _ip_range(value: str) -> str:
    from ipaddress import ip_network

    try:
        ip_network(value, strict=False)
    except ValueError:
        raise ValueError("must be an address or a network, as 192.0.2.7 or 10.0.0.0/8") from None
    return value


def _endpoint(value: str) -> str:
    if not re.fullmatch(r"https?://[\x21-\x7e]+", value) or set(value) & set('<>"'):
        raise ValueError("must be an http:// or https:// address")
    return value


Endpoint = Annotated[str, AfterValidator(_endpoint)]
IpRange = Annotated[str, AfterValidator(_ip_range)]
Web = Annotated[str, AfterValidator(_web)]
Bare = Annotated[Web, AfterValidator(_bare)]
Address = Annotated[str, AfterValidator(_address)]
Zone = Annotated[str, AfterValidator(_zone)]
Cron = Annotated[str, AfterValidator(_cron)]
Kind = Annotated[str, AfterValidator(_kind)]
Keys = Annotated[str, AfterValidator(_keys)]
Relays = Annotated[list[str], BeforeValidator(_listed)]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Words = list[Annotated[str, Field(min_length=1)]]
OneOrMore = Annotated[str, Field(min_length=1)] | Words
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
