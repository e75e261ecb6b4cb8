"""Dedupe room: how alike two papers are, one number a question. Touch here to ask another; then train the weights anew.

Every feature is 0 where nothing can be said, so that what is missing speaks neither for nor against.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler, Levenshtein

from digest.dedupe.views import Name, View, informative

SAME_NAME = 0.9
"""Jaro-Winkler similarity above which two family names are one (Winkler 1990)."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """How much a word says: inverse document frequency over `papers` titles, log(N / n); unseen words say most."""

    counts: Mapping[str, int]
    papers: int

    def of(self, word: str) -> float:
        return math.log((self.papers + 1) / (self.counts.get(word, 0) + 1)) + 0.2

    def sum(self, words: Iterable[str]) -> float:
        return sum(map(self.of, words))


def features(one: View, other: View, rarity: Rarity) -> dict[str, float]:
    """The answers, by name, each within 0 and 1 or small counts."""
    found = {"always": 1.0}
    found |= _title(one, other, rarity)
    found |= _authors(one.names, other.names)
    found |= _record(one, other, rarity)
    found |= _year_and_venue(one, other)
    return found | _shape(one, other)


def _title(one: View, other: View, rarity: Rarity) -> dict[str, float]:
    left, right = informative(one.words), informative(other.words)
    matched = _soft_match(left, right, rarity)
    short, long = sorted((rarity.sum(left), rarity.sum(right)))
    alone_left = [word for word in left if word not in matched.left]
    alone_right = [word for word in right if word not in matched.right]
    fewer = min(len(alone_left), len(alone_right))
    rarest = sorted((_rarest(alone_left, rarity), _rarest(alone_right, rarity)))
    return {
        "title_jaccard": matched.weight / max(short + long - matched.weight, 1e-9),
        "title_of_shorter": matched.weight / max(short, 1e-9),
        "title_of_longer": matched.weight / max(long, 1e-9),
        "title_equal": float(one.title.replace(" ", "") == other.title.replace(" ", "")),
        "title_ratio": fuzz.ratio(one.title, other.title) / 100,
        "title_joined_ratio": fuzz.ratio(one.title.replace(" ", ""), other.title.replace(" ", "")) / 100,
        "title_sorted_ratio": fuzz.token_sort_ratio(one.title, other.title) / 100,
        "title_set_ratio": fuzz.token_set_ratio(one.title, other.title) / 100,
        "title_partial_ratio": fuzz.partial_ratio(one.title, other.title) / 100,
        "title_starts_alike": float(_starts_alike(one.words, other.words)),
        "title_contained": float(_contained(one.title, other.text) or _contained(other.title, one.text)),
        "title_alone_less": rarest[0] / 10,
        "title_alone_more": rarest[1] / 10,
        "title_alone_both": float(min(fewer, 3)),
        "title_numbers_differ": float(one.numbers != other.numbers),
        "title_numbers_clash": float(bool(one.numbers - other.numbers) and bool(other.numbers - one.numbers)),
        "title_short": float(min(len(left), len(right)) < 3),
        "title_information": min(short / 30, 1.5),
    }


@dataclass(frozen=True, slots=True)
class _Matched:
    left: frozenset[str]
    right: frozenset[str]
    weight: float


def _soft_match(left: frozenset[str], right: frozenset[str], rarity: Rarity) -> _Matched:
    """Words that both titles have, a slip of the pen allowed in long words, and how much they say together."""
    both = left & right
    pairs = dict.fromkeys(both, "")
    weight = rarity.sum(both)
    free = sorted(right - both)
    for word in sorted(left - both):
        near = next((other for other in free if _slip(word, other)), None)
        if near is not None:
            free.remove(near)
            pairs[word] = near
            weight += 0.9 * min(rarity.of(word), rarity.of(near))
    return _Matched(frozenset(pairs), both | frozenset(near for near in pairs.values() if near), weight)


def _slip(one: str, other: str) -> bool:
    """Whether two words are one but for a slip: an edit in words of five letters, two in words of nine."""
    size = min(len(one), len(other))
    if size < 5 or one.isdigit() or other.isdigit():
        return False
    allowed = 1 if size < 9 else 2
    return Levenshtein.distance(one, other, score_cutoff=allowed) <= allowed


def _rarest(words: list[str], rarity: Rarity) -> float:
    return max(map(rarity.of, words), default=0.0)


def _contained(title: str, text: str) -> bool:
    """Whether a title of some length stands inside the other record, but not at its beginning."""
    return len(title) > 14 and f" {title} " in f"{text} " and not text.startswith(title)


def _starts_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the shorter title is how the longer begins: a subtitle dropped."""
    size = min(len(one), len(other))
    return size >= 3 and one[:size] == other[:size]


def _authors(one: tuple[Name, ...], other: tuple[Name, ...]) -> dict[str, float]:
    if not one or not other:
        return {"authors_missing": 1.0}
    short, long = sorted((one, other), key=len)
    free = list(long)
    same = initials = clash = 0
    for name in short:
        near = next((candidate for candidate in free if _same_family(name.family, candidate.family)), None)
        if near is None:
            continue
        free.remove(near)
        same += 1
        if name.initials and near.initials:
            agree = name.initials[0] in near.initials or near.initials[0] in name.initials
            initials += agree
            clash += not agree
    return {
        "authors_of_shorter": same / len(short),
        "authors_of_longer": same / len(long),
        "authors_all": float(same == len(short) == len(long)),
        "authors_none": float(same == 0),
        "authors_initials": initials / len(short),
        "authors_initials_clash": clash / len(short),
        "authors_first": float(_same_family(one[0].family, other[0].family)),
        "authors_last": float(_same_family(one[-1].family, other[-1].family)),
        "authors_more": min(len(long) - len(short), 5) / 5,
        "authors_single": float(len(short) == 1),
        "authors_ratio": fuzz.token_set_ratio(*(" ".join(name.family for name in names) for names in (one, other)))
        / 100,
    }


def _same_family(one: str, other: str) -> bool:
    return bool(one) and (one == other or JaroWinkler.similarity(one, other) > SAME_NAME)


def _record(one: View, other: View, rarity: Rarity) -> dict[str, float]:
    """The same questions of whole records, for sources that put a field into another's place."""
    rest_left, rest_right = (mine.record - frozenset(mine.words) for mine in (one, other))
    core_left, core_right = informative(one.words) - rest_right, informative(other.words) - rest_left
    core = _soft_match(core_left, core_right, rarity).weight
    cores = sorted((rarity.sum(core_left), rarity.sum(core_right)))
    both = rarity.sum(one.record & other.record)
    short, long = sorted((rarity.sum(one.record), rarity.sum(other.record)))
    left, right = informative(one.words), informative(other.words)
    titles = sorted((_within(left, other, rarity), _within(right, one, rarity)))
    people = sorted((_people_within(one, other), _people_within(other, one)))
    return {
        "core_jaccard": core / max(sum(cores) - core, 1e-9),
        "core_of_shorter": core / max(cores[0], 1e-9),
        "record_jaccard": both / max(short + long - both, 1e-9),
        "record_of_shorter": both / max(short, 1e-9),
        "record_set_ratio": fuzz.token_set_ratio(one.text, other.text) / 100,
        "record_sorted_ratio": fuzz.token_sort_ratio(one.text, other.text) / 100,
        "record_title_less": titles[0],
        "record_title_more": titles[1],
        "record_people_less": people[0],
        "record_people_more": people[1],
    }


def _within(words: frozenset[str], other: View, rarity: Rarity) -> float:
    return rarity.sum(words & other.record) / max(rarity.sum(words), 1e-9)


def _people_within(one: View, other: View) -> float:
    if not one.names:
        return 0.0
    return sum(_stands_in(name.family, other.record) for name in one.names) / len(one.names)


def _stands_in(family: str, words: frozenset[str]) -> bool:
    return family in words or any(_same_family(family, word) for word in words)


def _year_and_venue(one: View, other: View) -> dict[str, float]:
    found: dict[str, float] = {}
    if one.year and other.year:
        apart = abs(one.year - other.year)
        found |= {"year_same": float(apart == 0), "year_next": float(apart == 1), "year_two": float(apart == 2)}
        found["year_apart"] = float(apart > 2)
    elif one.years & other.years:
        found["year_somewhere"] = 1.0
    if one.family and other.family:
        found["venue_family"] = float(one.family == other.family)
        found["venue_other_family"] = float(one.family != other.family)
    if one.venue and other.venue:
        found["venue_ratio"] = fuzz.token_set_ratio(one.venue, other.venue) / 100
        found["venue_both"] = 1.0
    return found


def _shape(one: View, other: View) -> dict[str, float]:
    """What the two records have at all: other answers count for more or less by it."""
    years, venues, authors = ((bool(one.year), bool(other.year)), (one.venue, other.venue), (one.names, other.names))
    shorter, longer = sorted((len(one.words), len(other.words)))
    return {
        "has_both_years": float(all(years)),
        "has_no_year": float(not any(years)),
        "has_both_venues": float(all(venues)),
        "has_no_venue": float(not any(venues)),
        "has_one_author_list": float(bool(authors[0]) != bool(authors[1])),
        "has_no_author_list": float(not any(authors)),
        "has_many_authors": float(len(one.names) + len(other.names) > 6),
        "has_few_words": float(shorter <= 4),
        "has_many_words": float(shorter >= 9),
        "has_more_words": float(longer - shorter >= 4),
    }
