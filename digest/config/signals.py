"""The key `signals` of config.yaml, and what it comes to. Touched when a source of signals gains a setting."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, model_validator

from digest.config.values import STRICT, Name, Web, Words
from digest.model import SignalSource

SIGNAL_NEEDS: dict[str, tuple[str, ...]] = {
    "bluesky": (),
    "crossref": (),
    "github_stars": (),
    "hackernews": (),
    "mastodon": (),
    "mentions": ("url",),
    "openalex": (),
    "reddit": (),
    "semantic_scholar": (),
}
"""Built-in kinds of sources of signals, and the keys each cannot do without. ``package.module:name`` is one's own."""
TAKE = {
    "url": ("mentions",),
    "places": ("reddit", "mastodon"),
    "token": ("bluesky", "github_stars", "mastodon", "reddit", "semantic_scholar"),
}
"""Keys that only some kinds have."""


def _kind(value: str) -> str:
    if ":" not in value and value not in SIGNAL_NEEDS:
        raise ValueError(f"is none of {', '.join(SIGNAL_NEEDS)}, nor a package.module:name of your own")
    return value


class SignalBlock(BaseModel):
    """A source of signals."""

    model_config = STRICT

    kind: Annotated[str, AfterValidator(_kind)]
    name: Name | None = None
    base_url: Web | None = None
    url: Web | None = None
    token: Annotated[str, Field(pattern=r"^[\x21-\x7e]+$")] | None = None
    places: Words = []
    days: Annotated[float, Field(gt=0, le=3660)] | None = None
    hours: Annotated[float, Field(gt=0, le=8760)] | None = None
    most: Annotated[int, Field(ge=1, le=100_000)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> "SignalBlock":
        if ":" in self.kind:
            return self
        for key in SIGNAL_NEEDS[self.kind]:
            if not getattr(self, key):
                raise ValueError(f"signals of kind {self.kind} need `{key}`")
        for key, kinds in TAKE.items():
            if getattr(self, key) and self.kind not in kinds:
                raise ValueError(f"signals of kind {self.kind} have no key `{key}`")
        return self


def _distinct(blocks: list[SignalBlock]) -> list[SignalBlock]:
    names = [called(block) for block in blocks]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two sources of signals are called `{twice[0]}`; give each a `name`")
    if own := sorted({"readers", "curator"} & set(names)):
        raise ValueError(f"`{own[0]}` is what readers' votes or the curator's picks are called; choose another `name`")
    return blocks


SignalBlocks = Annotated[list[SignalBlock], AfterValidator(_distinct)]


def called(block: SignalBlock) -> str:
    """What it is called: its name, else its kind."""
    return block.name or block.kind


def signals(blocks: list[SignalBlock]) -> tuple[SignalSource, ...]:
    """The blocks as values; what one does not say is left to its kind."""
    return tuple(
        SignalSource(
            name=called(block),
            kind=block.kind,
            base_url=block.base_url or "",
            url=block.url or "",
            token=block.token or "",
            places=tuple(block.places),
            reach=timedelta(days=block.days or 0),
            every=timedelta(hours=block.hours or 0),
            most=block.most or 0,
        )
        for block in blocks
    )
