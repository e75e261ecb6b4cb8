"""The kinds of sources of signals: one file each, named here. Room `collect`.

A kind says which papers it can be asked about and asks in batches; it may raise `FetchError` or `Unreadable`, which
`listen` turns into a failed source, keeping the batches that came. A plugin is a function that returns its `Kind`.
"""

from digest.collect.signals import (
    bluesky,
    crossref,
    github_stars,
    hackernews,
    mastodon,
    mentions,
    openalex,
    reddit,
    semantic_scholar,
)
from digest.collect.signals.kind import Kind

KINDS: dict[str, Kind] = {
    "bluesky": bluesky.KIND,
    "crossref": crossref.KIND,
    "github_stars": github_stars.KIND,
    "hackernews": hackernews.KIND,
    "mastodon": mastodon.KIND,
    "mentions": mentions.KIND,
    "openalex": openalex.KIND,
    "reddit": reddit.KIND,
    "semantic_scholar": semantic_scholar.KIND,
}


def signal_kinds() -> tuple[str, ...]:
    """The names that `kind:` under `signals:` in config.yaml may have."""
    return tuple(sorted(KINDS))
