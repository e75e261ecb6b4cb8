"""What feeds there are beside the usual ones, and who is told of new entries, as the rest of the program sees it."""

from dataclasses import dataclass

from digest.config import schema


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsPlan:
    """`hub` is told when a feed changed (WebSub), "" for none; `ttl` are minutes after which readers may ask again;
    `scores` have a feed each, and so have authors of at least `author_papers` printed papers."""

    hub: str = ""
    ttl: int = 60
    scores: tuple[float, ...] = (1.0,)
    author_papers: int = 10


def feeds(block: schema.FeedsBlock) -> FeedsPlan:
    """The block as values."""
    return FeedsPlan(
        hub=block.hub or "",
        ttl=block.ttl_minutes,
        scores=tuple(dict.fromkeys(block.scores)),
        author_papers=block.author_papers,
    )
