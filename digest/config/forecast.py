"""What config.yaml says of the forecast. Touched when learning it gains a key."""

from dataclasses import dataclass
from typing import Literal

from digest.config import schema


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastPlan:
    """Whether and from what a forecast is learnt: `pickers` are the sources whose lists are picks, None where the
    curator's picks are, or readers where what they vote for is; `retrain_days` is the age at which it is learnt
    anew."""

    use: bool
    pickers: tuple[str, ...] | Literal["readers"] | None
    authors: bool
    retrain_days: int


def forecast(config: schema.Config) -> ForecastPlan:
    """The plan of the block, with the sources that pick; in use where any newsletter uses it."""
    block = config.forecast
    lists = tuple(source.name for source in config.sources if source.kind == "huggingface")
    return ForecastPlan(
        use=any(used(letter, config) for letter in config.newsletters),
        pickers={"curator": None, "readers": "readers", "huggingface": lists}[block.picks],
        authors=block.authors,
        retrain_days=block.retrain_days,
    )


def used(newsletter: schema.NewsletterBlock, config: schema.Config) -> bool:
    """Whether a newsletter uses the forecast: what it says itself, else what the block says for all."""
    return config.forecast.use if newsletter.forecast is None else newsletter.forecast
