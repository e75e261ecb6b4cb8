"""Group: what the given topics take. Touched when a topic of config.yaml takes or misses what it should not.

The strength of a claim is a sum of points, each with the words it comes from:

    a phrase of n words        n + 1 in the title, else n / 2 + 0.5 in the abstract    (each phrase once)
    a category                 1.5 as the first category, else 0.5 (the best one once)
    an author                  3, once                     a venue   2, once
    an example paper itself    100                     like an example: 1 at a cosine of 0.75, up to 3.5 at 1
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from digest.group.examples import LIKE
from digest.model import Paper, TopicRule
from digest.text.tokens import UNSPACED, singular

_WORD = re.compile(r"[^\s\-‐–]+")
_BETWEEN = r"[\s\-‐–]+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """How strongly a topic wants a paper; `evidence` says why, "'language models' in the title"; `words` are the
    matching words as the paper writes them, so that they can be marked."""

    topic: str
    strength: float
    evidence: tuple[str, ...]
    words: tuple[str, ...] = ()


def claims(
    paper: Paper, rules: Sequence[TopicRule], like: Mapping[str, float] = MappingProxyType({})
) -> tuple[Claim, ...]:
    """Every claim on `paper`, the strongest first; equal ones in the order of `rules`. `like` is its cosine with the
    nearest example by topic, where it is like one (`examples.likenesses`)."""
    found = [claim for rule in rules if (claim := _claim(paper, rule, like.get(rule.name)))]
    return tuple(sorted(found, key=lambda claim: -claim.strength))


def matches(phrase: str, text: str) -> str | None:
    """`phrase` as `text` first has it: whole words, any case, simple plurals alike, hyphen or space between words."""
    if _needle(phrase) not in text.lower():
        return None
    found = _pattern(phrase).search(text)
    return found.group() if found else None


def takes_category(wanted: str, category: str) -> bool:
    """Whether `wanted` is `category` or its archive: "cs" and "cs.*" take "cs.CL"."""
    wanted, category = wanted.casefold().removesuffix(".*"), category.casefold()
    return wanted == category or category.startswith(f"{wanted}.")


def _claim(paper: Paper, rule: TopicRule, like: float | None) -> Claim | None:
    title, abstract = _plain(paper.title), _plain(paper.abstract)
    if any(matches(word, title) or matches(word, abstract) for word in rule.exclude):
        return None
    if any(takes_category(word, category) for word in rule.exclude for category in paper.categories):
        return None
    points = [*_phrases(rule, title, abstract), *_category(rule, paper), *_people(rule, paper)]
    points += _example(rule, paper, like)
    if not points:
        return None
    return Claim(
        topic=rule.name,
        strength=sum(worth for worth, _, _ in points),
        evidence=tuple(why for _, why, _ in points),
        words=tuple(word for _, _, word in points if word),
    )


_Point = tuple[float, str, str]  # worth, why, the words as the paper writes them ("" where none)


def _phrases(rule: TopicRule, title: str, abstract: str) -> list[_Point]:
    points = []
    for phrase in rule.words:
        length = len(_WORD.findall(phrase))
        if found := matches(phrase, title):
            points.append((length + 1.0, f"“{found}” in the title", found))
        elif found := matches(phrase, abstract):
            points.append((length / 2 + 0.5, f"“{found}” in the abstract", found))
    return points


def _category(rule: TopicRule, paper: Paper) -> list[_Point]:
    for number, category in enumerate(paper.categories):
        if any(takes_category(wanted, category) for wanted in rule.categories):
            return [(0.5, f"also in {category}", "") if number else (1.5, f"first category {category}", "")]
    return []


def _people(rule: TopicRule, paper: Paper) -> list[_Point]:
    points = []
    author = next((a.name for a in paper.authors if any(_same_person(wanted, a.name) for wanted in rule.authors)), None)
    if author:
        points.append((3.0, f"by {author}", author))
    where = " ; ".join(filter(None, (paper.venue, paper.comment)))
    venue = next((found for wanted in rule.venues if (found := matches(wanted, where))), None)
    if venue:
        points.append((2.0, f"at {venue}", venue))
    return points


def _example(rule: TopicRule, paper: Paper, like: float | None) -> list[_Point]:
    names = {name.casefold() for name in (paper.id, *paper.keys)}
    names |= {name.split(":", 1)[1] for name in names if ":" in name}
    if any(_bare(name) in names for name in rule.examples):
        return [(100.0, "given as an example", "")]
    return [(1.0 + 10.0 * (like - LIKE), f"like an example ({like:.2f})", "")] if like is not None else []


def _bare(identifier: str) -> str:
    """An example's id as keys have it: no case, no version of an arXiv id."""
    return re.sub(r"(?<=\d{4}\.\d{4})(\d?)v\d+$", r"\1", identifier.strip().casefold())


def _same_person(wanted: str, name: str) -> bool:
    """Whether `name` may be the person `wanted`: equal surnames, and no given name or initial that contradicts."""
    mine, theirs = _name_parts(wanted), _name_parts(name)
    if not mine or not theirs or mine[-1] != theirs[-1]:
        return False
    pairs = zip(mine[:-1], theirs[:-1], strict=False)
    return all(a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a, b in pairs)


def _name_parts(name: str) -> list[str]:
    if name.count(",") == 1:
        name = " ".join(reversed(name.split(",")))
    folded = unicodedata.normalize("NFKD", name.casefold())
    return re.findall(r"\w+", "".join(c for c in folded if not unicodedata.combining(c)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=4096)
def _needle(phrase: str) -> str:
    """What a text must contain for `phrase` to match at all: a cheap test before the pattern."""
    stems = [_stem(word) for word in _WORD.findall(_plain(phrase).lower())]
    return max(stems, key=len, default="\0")


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> re.Pattern[str]:
    words = [_forms(word) for word in _WORD.findall(_plain(phrase).lower())]
    bounds = ("", "") if re.search(UNSPACED, phrase) else (r"(?<!\w)", r"(?![\w+#])")
    return re.compile(bounds[0] + _BETWEEN.join(words) + bounds[1], re.IGNORECASE)


def _forms(word: str) -> str:
    """A pattern for a word in singular or plural."""
    stem = re.escape(_stem(word))
    if not word[-1].isalpha() or len(word) < 2:
        return re.escape(word)
    return f"{stem}(?:y|ies)" if singular(word).endswith("y") else f"{stem}(?:e?s)?"


def _stem(word: str) -> str:
    base = singular(word)
    return base[:-1] if base.endswith("y") and len(base) > 2 else base
