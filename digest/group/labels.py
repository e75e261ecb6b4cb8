"""Group: names for sections, found in the papers themselves. Touched when a heading is not what a reader would choose.

A phrase's worth for a section is its share of the section's papers times the logarithm of how much larger that share
is than elsewhere (pointwise Kullback-Leibler divergence: Tomokiyo and Hurst 2003, "A language model approach to
keyphrase extraction"), times what its length is worth and how much its words say of the section one by one: a phrase
that few papers have is a good name where its words are in most. Case follows how the papers write each word.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from digest.model import Paper
from digest.text import phrases
from digest.text.tokens import is_unspaced

_WORTH = {1: 0.27, 2: 1.0, 3: 1.0, 4: 0.85}
_WORDS = 0.7  # the power that the worth of a phrase's words has beside its own
_PART = 0.6
_OWN = 0.9  # of its highest worth, that a phrase must have for a group to be the group's name
_DISCOUNT = 0.8  # of a paper: what two or three papers share may be chance
_ALONE = 3  # times that a phrase counts for how it is written where it is not part of a longer one
_TITLE = 0.5  # what a phrase in a title is worth beyond one in an abstract


@dataclass(slots=True)
class Uses:
    """How the papers of an issue use phrases: `of[n]` are the keys in paper n with their weight (1, or more in the
    title), `words` the words of these, `spellings` how each key is written, `cases` how each word is."""

    of: list[dict[str, float]] = field(default_factory=list)
    words: list[frozenset[str]] = field(default_factory=list)
    spellings: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    cases: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def read(papers: Sequence[Paper]) -> Uses:
    """The phrases of each paper's title and abstract."""
    uses = Uses()
    for paper in papers:
        weights: dict[str, float] = {}
        for text, worth, weight in ((paper.abstract, 1.0, 3), (paper.title, 1.0 + _TITLE, 1)):
            for key, surface, alone in phrases.uses(text):
                if not alone and " " not in surface:
                    continue
                weights[key] = max(weights.get(key, 0.0), worth)
                uses.spellings[key][surface] += weight * (_ALONE if alone else 1)
                if " " not in surface:
                    uses.cases[surface.casefold()][surface] += weight
        uses.of.append(weights)
        uses.words.append(frozenset(word for key in weights for word in key.split()))
    return uses


def names(
    groups: Sequence[Sequence[int]], uses: Uses, taken: Sequence[str], rivals: Sequence[Sequence[int]] = ()
) -> list[str]:
    """A name for each group of paper numbers, unlike each other and unlike `taken`; "" where no phrase is fit. A phrase
    names the group it says most of, which may be one of the `rivals`, that have names already."""
    if not groups:
        return []
    used = [phrases.key(name) for name in taken]
    everywhere = Counter(key for keys in uses.of for key in keys)
    common = Counter(word for words in uses.words for word in words)
    scored = [best(group, uses, everywhere, _telling(group, uses, common)) for group in (*groups, *rivals)]
    highest: dict[str, float] = {}
    for scores in scored:
        for key, score in scores.items():
            highest[key] = max(score, highest.get(key, 0.0))
    found = []
    for scores in scored[: len(groups)]:
        own = [key for key, score in scores.items() if score >= _OWN * highest[key]]
        chosen = next((key for key in own if not any(alike(key, other) for other in used)), "")
        used += [chosen] if chosen else []
        found.append(written(chosen, uses) if chosen else "")
    return found


def best(
    group: Sequence[int], uses: Uses, everywhere: Mapping[str, int], telling: Mapping[str, float], most: int = 40
) -> dict[str, float]:
    """The keys that say best what sets the group apart from all other papers, with their worth, best first; `telling`
    is what their words say of it, 0 to 1."""
    inside: Counter[str] = Counter()
    weight: defaultdict[str, float] = defaultdict(float)
    for number in group:
        for key, worth in uses.of[number].items():
            inside[key] += 1
            weight[key] += worth
    least = 1 if len(group) == 1 else 2
    others = len(uses.of) - len(group)
    scores = {}
    for key, papers in inside.items():
        if papers >= least:
            said = _said(papers, len(group), everywhere[key], others) * weight[key] / papers
            words = [telling[word] for word in key.split()]
            scores[key] = said * _length_worth(key) * (0.05 + sum(words) / len(words)) ** _WORDS
    ranked = sorted((key for key, score in scores.items() if score > 0), key=lambda key: (-scores[key], -len(key), key))
    leading = ranked[:most]
    return {key: scores[key] for key in leading if not any(_part_of(key, other, inside) for other in leading)}


def _said(papers: int, size: int, everywhere: int, others: int) -> float:
    """How much it says of a group of `size` that so many of its papers have something, of all that have it."""
    elsewhere = (everywhere - papers + 0.5) / (others + 1)
    return max(papers - _DISCOUNT, 0.1) / size * math.log(max(1.0, papers / size / elsewhere))


def _telling(group: Sequence[int], uses: Uses, everywhere: Mapping[str, int]) -> dict[str, float]:
    """How much each word of the group's phrases says of it, beside the one that says most."""
    inside = Counter(word for number in group for word in uses.words[number])
    others = len(uses.words) - len(group)
    said = {word: _said(papers, len(group), everywhere[word], others) for word, papers in inside.items()}
    most = max(said.values(), default=0.0) or 1.0
    return {word: worth / most for word, worth in said.items()}


def _part_of(key: str, other: str, inside: Mapping[str, int]) -> bool:
    """Whether `key` is hardly used but as part of the longer `other` ("graph neural" of "graph neural network")."""
    return key != other and f" {key} " in f" {other} " and inside[other] >= _PART * inside[key]


def alike(one: str, other: str) -> bool:
    """Whether two keys are near-duplicates: one within the other, or half or more of their words in common."""
    if is_unspaced(one) or is_unspaced(other):
        return one in other or other in one
    first, second = _stems(one), _stems(other)
    common = len(first & second)
    return common == min(len(first), len(second)) or common * 2 >= len(first | second)


def _stems(key: str) -> set[str]:
    """The words of a key, long ones by their beginning: "robot" and "robotics" are no two headings."""
    return {word[:5] for word in key.split()}


def written(key: str, uses: Uses) -> str:
    """How the papers write `key`: the commonest spelling (the plural where it is common), in the commonest case."""
    spellings: Counter[str] = Counter()
    for surface, times in uses.spellings[key].items():
        spellings[surface.casefold()] += times
    total = spellings.total()
    plural = [s for s, times in spellings.items() if s.endswith("s") and not key.endswith("s") and times * 4 >= total]
    choice = max(plural or spellings, key=lambda spelling: (spellings[spelling], spelling))
    words = [_cased(word, at, uses.spellings[key], uses) for at, word in enumerate(choice.split())]
    if words[0].islower() or (words[0][:1].islower() and "-" in words[0]):
        words[0] = words[0][:1].upper() + words[0][1:]
    return " ".join(words)


def _cased(word: str, at: int, surfaces: Mapping[str, int], uses: Uses) -> str:
    """`word` (lower case) as it is commonly written: lower case wherever that is at all common, for titles and
    spelt-out acronyms have capitals that mean nothing."""
    seen: Counter[str] = Counter(uses.cases.get(word, {}))
    for surface, times in surfaces.items():
        parts = surface.split()
        if at < len(parts) and parts[at].casefold() == word:
            seen[parts[at]] += times
    if not seen:
        return word
    if seen[word] * 5 >= seen.total():
        return word
    return max(seen, key=lambda spelling: (seen[spelling], spelling))


def _length_worth(key: str) -> float:
    if is_unspaced(key):
        return min(len(key), 6) / 4
    return _WORTH.get(len(key.split()), 0.6)
