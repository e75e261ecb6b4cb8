"""The kinds of sources: one file each, named here. Room `collect`.

A kind is `async def ask(source, state, client, now) -> Answer`; it may raise `FetchError`, `Unreadable` or `OSError`,
which `gather` turns into a failed source. A plugin adds its own with ``KINDS["name"] = ask``.
"""

from digest.collect.asking import Ask
from digest.collect.kinds import arxiv, auto, biorxiv, crossref, feed, file, huggingface, openreview, pubmed

KINDS: dict[str, Ask] = {
    "arxiv": arxiv.ask,
    "auto": auto.ask,
    "biorxiv": biorxiv.ask,
    "crossref": crossref.ask,
    "feed": feed.ask,
    "file": file.ask,
    "huggingface": huggingface.ask,
    "listing": file.ask,
    "openreview": openreview.ask,
    "pubmed": pubmed.ask,
}


def kinds() -> tuple[str, ...]:
    """The names that `kind:` in config.yaml may have."""
    return tuple(sorted(KINDS))
