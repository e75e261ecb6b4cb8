"""Normalise room: web addresses: which are safe to show, and when two spellings lead to one page."""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

LONGEST = 2_000
_TRACKING = re.compile(
    r"^(?:utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi|ref|ref_src|"
    r"ref_url|referrer|source|src|campaign|cmpid|rss|af|ai|mi|spm|share|feature|si|trk|sessionid|jsessionid|s_cid|"
    r"WT\.\w+|rfr_dat|rfr_id|url_ver|ved|sa|usg|dgcid|via|casa_token|needAccess|journalcode|linkId|et_rid)$",
    re.I,
)
_SAFE = "/%:@!$&()*+,;=~-._?"
_DEFAULT_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.I)


class Address(NamedTuple):
    """A web address taken apart: `host` in lower case without ``www.`` and port, `path` and `query` as they stand
    (`query` with its question mark)."""

    host: str
    path: str
    query: str


@lru_cache(maxsize=4096)
def split(text: str) -> Address | None:
    """The parts of an http or https address (the scheme may be missing after ``www.`` or ``//``); None for any other
    text."""
    parts = _parts(text)
    if parts is None:
        return None
    return Address(_host(parts), parts.path, f"?{parts.query}" if parts.query else "")


@lru_cache(maxsize=4096)
def safe(text: str | None) -> str | None:
    """`text` as an absolute http(s) address fit for an attribute, or None: no script, no blanks, no login."""
    parts = _parts(text or "")
    if parts is None or parts.username is not None or parts.password is not None:
        return None
    port = f":{parts.port}" if parts.port else ""
    path, query, fragment = (quote(part, safe=_SAFE) for part in (parts.path or "/", parts.query, parts.fragment))
    tail = (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return f"{parts.scheme}://{(parts.hostname or '').lower()}{port}{path}{tail}"


@lru_cache(maxsize=4096)
def identity(text: str) -> str:
    """What addresses of one page share: no scheme, no ``www.``, no tracking parameters, no fragment, no trailing
    slash, parameters in order. "" for what is no address."""
    parts = _parts(text)
    if parts is None:
        return ""
    path = quote(_DEFAULT_PAGE.sub("/", re.sub("//+", "/", unquote(parts.path))).rstrip("/"), safe="/:@!$&()*+,;=~-._")
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)]
    query = f"?{urlencode(sorted(kept))}" if kept else ""
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    return f"{_host(parts)}{port}{path}{query}"


def _parts(text: str) -> SplitResult | None:
    text = re.sub(r"[\x00-\x20\x7f]+", "", text)[:LONGEST]
    if text[:2] == "//":
        text = f"https:{text}"
    elif text[:4].lower() == "www.":
        text = f"https://{text}"
    if not re.match(r"https?://", text, re.I):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.hostname and re.fullmatch(r"[\w.:\[\]-]+", parts.hostname) else None


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").lower().rstrip(".").removeprefix("www.")
