"""Speed of topics: a day's 500 papers against a fitted history of 50,000, beside k-means on TF-IDF of that history.

The papers are made up: twenty-four themes with words of their own and of all, drawn with a fixed seed, as long as
abstracts are. The peer groups the same papers with scikit-learn alone; it has no memory, no names and no bounds.
"""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter, process_time
from typing import Any

from digest.group import bounds, fit, group, related
from digest.group.space import text_of
from digest.model import Paper

HISTORY, DAY, INDEXED, ROUNDS = 50_000, 500, 100_000, 5
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def measure() -> dict[str, Any]:
    """Seconds to fit once, to group a first and a later day (best of five), and to find related papers."""
    past, first, later = papers(HISTORY, 0), papers(DAY, 1), papers(DAY, 2)
    space, fitting = timed(lambda: fit(past))
    least, most = bounds(2, 12, DAY, 25)
    kept = group(first, (), minimum=least, maximum=most, now=NOW, space=space).standing
    tomorrow = NOW + timedelta(days=1)
    first_s = best(lambda: group(first, (), minimum=least, maximum=most, now=NOW, space=space))

    def later_day() -> object:
        return group(later, (), minimum=least, maximum=most, now=tomorrow, space=space, standing=kept)

    later_s = best(later_day)
    (weigher, centres), peer_fitting = timed(lambda: _peer(past))
    peer_s = best(lambda: centres.predict(weigher.transform([text_of(paper) for paper in later])))
    return {
        "history": HISTORY,
        "papers_a_day": DAY,
        "fit_s": round(fitting, 1),
        "peer_fit_s": round(peer_fitting, 1),
        "fit_ratio": round(fitting / peer_fitting, 2),
        "first_day_s": round(first_s, 2),
        "later_day_s": round(later_s, 2),
        "later_day_cpu_s": round(min(_cpu(later_day) for _ in range(ROUNDS)), 2),
        "peer_day_s": round(peer_s, 2),
        "day_ratio": round(later_s / peer_s, 2),
        "related": _related(space, later),
    }


def papers(many: int, seed: int) -> list[Paper]:
    """`many` papers of about 160 words, made of runs of four words as language is: pairs of words come again."""
    words, chance = random.Random(7), random.Random(seed)
    everyday = _words(words, 2000)
    common = [_run(words, everyday) for _ in range(3000)]
    themes = [[_run(words, own) for _ in range(300)] for own in (_words(words, 150) for _ in range(24))]
    made = []
    for number in range(many):
        own = chance.choice(themes)
        drawn = [chance.choice(own if chance.random() < 0.3 else common) for _ in range(40)]
        key = f"arxiv:{2000 + seed}.{number:05d}"
        made.append(Paper(id=key, keys=(key,), title=" ".join(drawn[:2]), abstract=". ".join(drawn[2:])))
    return made


def _run(chance: random.Random, words: Sequence[str]) -> str:
    return " of ".join(f"{chance.choice(words)} {chance.choice(words)}" for _ in range(2))


def _words(chance: random.Random, many: int) -> list[str]:
    syllables = [consonant + vowel for consonant in "bcdfglmnprstv" for vowel in "aeiou"]
    return ["".join(chance.choice(syllables) for _ in range(chance.randint(2, 4))) for _ in range(many)]


def _peer(past: Sequence[Paper]) -> tuple[Any, Any]:
    """TF-IDF of words and pairs, and k-means of as many groups as a page bears, on all of the past."""
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.feature_extraction.text import TfidfVectorizer

    weigher = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=5, max_df=0.5, max_features=40_000)
    rows = weigher.fit_transform([text_of(paper) for paper in past])
    return weigher, MiniBatchKMeans(12, n_init=3, random_state=0).fit(rows)


def _related(space: Any, day: Sequence[Paper]) -> dict[str, Any]:
    """Milliseconds to read an index of many papers and to ask it, beside scikit-learn's nearest neighbours."""
    import numpy as np
    from sklearn.neighbors import NearestNeighbors

    rows = np.random.default_rng(0).standard_normal((INDEXED, len(space.axes))).astype("float32")
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    index = related.Index(tuple(f"p{number}" for number in range(INDEXED)), rows)
    body = index.to_bytes()
    nearest = NearestNeighbors(n_neighbors=6, metric="cosine", algorithm="brute").fit(rows)
    ask, peer = best(lambda: index.like("p777", 5)), best(lambda: nearest.kneighbors(rows[777:778]))
    return {
        "papers": INDEXED,
        "ask_ms": round(ask * 1000, 2),
        "peer_ask_ms": round(peer * 1000, 2),
        "ask_ratio": round(ask / peer, 2),
        "read_ms": round(best(lambda: related.Index.from_bytes(body)) * 1000, 1),
        "add_day_ms": round(best(lambda: index.with_papers(day, space)) * 1000, 1),
        "megabytes": round(len(body) / 1e6, 1),
    }


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What `work` gives, and the seconds it took."""
    began = perf_counter()
    return work(), perf_counter() - began


def _cpu(work: Callable[[], object]) -> float:
    """Seconds of processor time of `work`: on a busy machine the clock tells of others."""
    began = process_time()
    work()
    return process_time() - began


def best(work: Callable[[], object]) -> float:
    """Seconds of `work`: the best of five rounds."""
    return min(timed(work)[1] for _ in range(ROUNDS))


if __name__ == "__main__":
    print(measure())
