"""Kind `mentions`: papers that any other feed (a blog, a podcast, a list of links) speaks of. Room `collect`.

A feed forgets its older entries, so what they spoke of is remembered beside it.
"""

from collections.abc import AsyncIterator
from hashlib import sha256

from digest.collect import asking
from digest.collect.signals.kind import GAP_S, Asked, Batch, Kind
from digest.collect.signals.spotting import Post, Spotter
from digest.model import Entry

MOST = 500  # entries remembered


async def ask(asked: Asked) -> AsyncIterator[Batch]:
    """In how many entries of the feed, those it has dropped included, each paper is spoken of."""
    response = await asked.client.get(asked.source.url, gap_s=GAP_S)
    entries = await asking.read(response.body, asked.source.name, None, asked.source.url)
    spotter = Spotter(question.paper for question in asked.questions)
    known = asked.memory.get("entries")
    spoken: dict[str, list[str]] = dict(known) if isinstance(known, dict) else {}
    for entry in entries:
        post = _post(entry)
        spoken[post.who] = sorted({*spoken.pop(post.who, ()), *spotter.find(post.texts)})
    told = {who: ids for who, ids in spoken.items() if ids}
    asked.memory["entries"] = dict(list(told.items())[-MOST:])
    counts = dict.fromkeys((question.paper.id for question in asked.questions), 0.0)
    for ids in told.values():
        for paper_id in set(ids) & counts.keys():
            counts[paper_id] += 1
    yield {paper_id: {"mentions": count} for paper_id, count in counts.items()}


def _post(entry: Entry) -> Post:
    name = entry.guid or entry.url or entry.title
    links = (link.url for link in entry.links)
    texts = (entry.title, entry.abstract, entry.comment or "", entry.url or "", *entry.identifiers, *links)
    return Post(sha256(name.encode()).hexdigest()[:16], texts, {})


KIND = Kind(ask=ask, wants=lambda paper: bool(paper.keys or paper.url))
