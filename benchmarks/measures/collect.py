"""Speed of reading feeds: entries a second, against feedparser on the same bytes in the same run.

The bodies are written here in arXiv's three shapes from the bundled sample, repeated under other ids; recorded feeds of
publishers are read as well where they are at hand. Time is the process's own, so that other work on the machine does
not count. feedparser does less: what it gives are not entries yet.
"""

import gc
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Any
from xml.sax.saxutils import escape

import feedparser
from measures import _unchanged

import digest
from digest.collect import Unreadable, recognise
from digest.model import Entry

ROUNDS = 5
PAPERS = 400
SAMPLE = Path(digest.__file__).parent / "sample"
RECORDED = Path(__file__).resolve().parents[3] / "shared/data/feeds/biorss"
_SPACES = 'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
_ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


def measure() -> dict[str, Any]:
    """For each shape: entries, entries a second of both, and their ratio (above 1: we are faster); and of a 304."""
    entries = list(_papers())
    bodies = {"arxiv_rss": [_rss(entries)], "arxiv_atom": [_atom(entries)], "arxiv_api": [_api(entries)]}
    publishers = [path.read_bytes() for path in sorted(RECORDED.rglob("*.xml"))]
    if publishers:
        bodies["publishers"] = publishers
    return {name: _compared(found) for name, found in bodies.items()} | {"unchanged_feeds": _unchanged.measure()}


def _compared(bodies: list[bytes]) -> dict[str, float]:
    """Best of five for both, taken in turns."""
    count = sum(len(_read(body)) for body in bodies)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(_time(lambda: [feedparser.parse(io.BytesIO(body)) for body in bodies]))
        ours += [_time(lambda: [_read(body) for body in bodies]) for _ in range(3)]
    return {
        "entries": count,
        "kilobytes": round(sum(map(len, bodies)) / 1000),
        "entries_per_s": round(count / min(ours)),
        "feedparser_entries_per_s": round(count / min(theirs)),
        "ratio": round(min(theirs) / min(ours), 1),
    }


def _read(body: bytes) -> tuple[Entry, ...]:
    try:
        return recognise(body, "feed")
    except Unreadable:
        return ()


def _time(work: Callable[[], object]) -> float:
    gc.collect()
    began = process_time()
    work()
    return process_time() - began


def _papers() -> Iterator[tuple[str, Entry]]:
    """The sample's arXiv papers again and again, each time under another id."""
    found = [entry for path in sorted(SAMPLE.rglob("arxiv.rss")) for entry in recognise(path.read_bytes(), "arxiv")]
    for i in range(PAPERS):
        yield f"2602.{i:05}", found[i % len(found)]


def _el(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _terms(entry: Entry) -> str:
    return "".join(f"<category term='{term}'/>" for term in entry.categories)


def _authors(entry: Entry) -> str:
    return "".join(f"<author>{_el('name', author.name)}</author>" for author in entry.authors)


def _summary(name: str, entry: Entry) -> str:
    return f"arXiv:{name}v1 Announce Type: {entry.announcement} \nAbstract: {entry.abstract}"


def _rss(entries: list[tuple[str, Entry]]) -> bytes:
    """rss.arxiv.org/rss."""
    items = [
        f"<item>{_el('title', e.title)}{_el('link', f'https://arxiv.org/abs/{name}')}"
        f"{_el('description', _summary(name, e))}<guid isPermaLink='false'>oai:arXiv.org:{name}v1</guid>"
        f"{''.join(_el('category', c) for c in e.categories)}<pubDate>Tue, 24 Feb 2026 00:00:00 -0500</pubDate>"
        f"{_el('arxiv:announce_type', e.announcement)}"
        f"<dc:rights>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</dc:rights>"
        f"{_el('dc:creator', ', '.join(a.name for a in e.authors))}</item>\n"
        for name, e in entries
    ]
    head = "<channel><title>cs updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs</link>"
    return f'<?xml version="1.0"?><rss version="2.0" {_SPACES}>{head}{"".join(items)}</channel></rss>'.encode()


def _atom(entries: list[tuple[str, Entry]]) -> bytes:
    """rss.arxiv.org/atom."""
    items = [
        f"<entry>{_el('id', f'oai:arXiv.org:{name}v1')}{_el('title', e.title)}"
        f"<updated>2026-02-24T05:00:11+00:00</updated>"
        f"<link href='https://arxiv.org/abs/{name}' rel='alternate' type='text/html'/>"
        f"{_el('summary', _summary(name, e))}{_terms(e)}"
        f"<published>2026-02-24T00:00:00-05:00</published>{_el('arxiv:announce_type', e.announcement)}"
        f"<dc:rights>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</dc:rights>"
        f"{_el('dc:creator', ', '.join(a.name for a in e.authors))}</entry>\n"
        for name, e in entries
    ]
    return f'<?xml version="1.0"?><feed {_ATOM} {_SPACES}><title>cs</title>{"".join(items)}</feed>'.encode()


def _api(entries: list[tuple[str, Entry]]) -> bytes:
    """export.arxiv.org/api/query."""
    items = []
    for i, (name, e) in enumerate(entries):
        stamp = f"2026-02-{i % 27 + 1:02}T{i % 24:02}:{i % 59:02}:{i % 53:02}Z"
        page = f"http://arxiv.org/abs/{name}"
        items.append(
            f"<entry><id>{page}v1</id>{_el('title', e.title)}<updated>{stamp}</updated>"
            f"<link href='{page}v1' rel='alternate' type='text/html'/>"
            f"<link href='https://arxiv.org/pdf/{name}v1' rel='related' type='application/pdf' title='pdf'/>"
            f"{_el('summary', e.abstract)}{_terms(e)}"
            f"<published>{stamp}</published><arxiv:comment>12 pages, 5 figures</arxiv:comment>"
            f"<arxiv:primary_category term='{e.categories[0]}'/>"
            f"{_authors(e)}</entry>\n"
        )
    return f'<?xml version="1.0"?><feed {_ATOM} {_SPACES}><title>q</title>{"".join(items)}</feed>'.encode()
