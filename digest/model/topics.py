"""What is remembered of discovered headings from issue to issue, and what papers may be compared by.

Values only; touched when a heading has to carry something new to the next day.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingTopic:
    """A discovered heading that stays. `words` are (term, share) pairs, the largest first, that say what it is about in
    any space; `first` and `last` are the days it was printed; a `pinned` one is kept however long nothing comes for it,
    and a `name` given by the curator is as good as a found one. The slug never changes, whatever the name."""

    slug: str
    name: str
    words: tuple[tuple[str, float], ...]
    first: date
    last: date
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class TextModel:
    """A language model that papers may be compared by besides their words: `name` is that of a built-in kind or an
    absolute path, `where` the place in the configuration that asks for it, for messages."""

    name: str
    where: str = "topics_model"
