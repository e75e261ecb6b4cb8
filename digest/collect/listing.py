"""Room `collect`: a saved page of a paper-listing site, as plain text, to entries. Pure, no I/O.

Under a short head, titles and abstracts alternate as paragraphs. Nothing marks them, so the reader asks of the whole
text whether it has that rhythm: a licence, an article or an error page has not. Touched when such a page is mistaken.
"""

import re

from digest.collect import fields
from digest.collect.errors import Unreadable
from digest.model import Entry

HEAD = 10  # at most so many lines stand above the first title
TITLE, ABSTRACT = 300, 200  # a title has at most, an abstract at least so many characters …
FIT = 0.8  # … in this share of the pairs, for a text to be a listing
_LEGAL = re.compile(
    r"\b(?:licen[cs]\w+|copyright\w*|warrant(?:y|ies)|liab(?:le|ilit\w+)|hereby|herein|thereof|hereunder|indemnif\w+"
    r"|redistribut\w+|terms (?:and conditions|of (?:use|service))|governing law|merchantability)\b",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(r"^[#|`*>=\[{(<-]|://|[=*_~-]{4}|[.:;,{\\]$")


def parse(body: bytes, source: str, url: str | None = None) -> tuple[Entry, ...]:  # noqa: ARG001
    """The entries of a listing in its order. Raises Unreadable where the text has not the rhythm of one."""
    text = _decoded(body)
    for paragraphs in (_blocks(text), _lines(text)):
        head = _head(paragraphs)
        if head is not None:
            pairs = list(zip(paragraphs[head::2], paragraphs[head + 1 :: 2], strict=False))
            _refuse_law(paragraphs)
            return tuple(_entry(title, abstract, source, i) for i, (title, abstract) in enumerate(pairs, 1))
    raise Unreadable("not a listing: titles and abstracts do not alternate in it")


def _decoded(body: bytes) -> str:
    """The text in UTF-8, or UTF-16 with its mark, or else Windows-1252, which any bytes can be read as."""
    encoding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    if "\0" in text:
        raise Unreadable("not text: it holds zero bytes")
    return text


def _blocks(text: str) -> list[str]:
    """Paragraphs between empty lines, each on one line."""
    return [" ".join(block.split()) for block in re.split(r"\n[ \t\r]*\n", text) if block.strip()]


def _lines(text: str) -> list[str]:
    """Every line that is not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _head(paragraphs: list[str]) -> int | None:
    """How many paragraphs stand above the first title, where the rest alternates; None where it never does."""
    fits = {head: _fit(paragraphs[head:]) for head in range(min(HEAD, len(paragraphs)) + 1)}
    best = max(fits, key=lambda head: (fits[head], -head))
    return best if fits[best] >= FIT else None


def _fit(paragraphs: list[str]) -> float:
    """The share of (title, abstract) pairs that look like such; of one or two pairs, every one has to."""
    pairs = list(zip(paragraphs[::2], paragraphs[1::2], strict=False))
    if not pairs or len(paragraphs) % 2:
        return 0.0
    share = sum(_is_pair(title, abstract) for title, abstract in pairs) / len(pairs)
    return share if len(pairs) > 2 or share == 1 else 0.0


def _is_pair(title: str, abstract: str) -> bool:
    """Whether a line could be a title and what follows it its abstract: prose, several times as long."""
    return (
        3 <= len(title) <= TITLE
        and len(abstract) >= max(ABSTRACT, len(title) + 1)
        and not _NO_TITLE.search(title)
        and any(map(str.isalpha, title))
    )


def _refuse_law(paragraphs: list[str]) -> None:
    """Raises Unreadable where a fifth of the paragraphs speak as lawyers do; no page of papers does."""
    if sum(bool(_LEGAL.search(paragraph)) for paragraph in paragraphs) * 5 >= len(paragraphs):
        raise Unreadable("not a listing: it reads like a licence or terms of use")


def _entry(title: str, abstract: str, source: str, number: int) -> Entry:
    return Entry(source=source, number=number, title=fields.text(title), abstract=fields.text(abstract, fields.LONG))
