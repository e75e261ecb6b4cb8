"""The forecast: it learns what is picked, from the past alone, says why, keeps its state, knows when it is no good."""

import io
import json
import random
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from digest.model import Author, Candidate, Paper
from digest.rank import Check, Example, Forecast, rank
from digest.rank.check import auc, compare
from digest.rank.features import facts, grams, names, terms, text
from digest.rank.forecast import assess, day_after, train
from digest.rank.record import remember
from digest.rank.state import SCHEMA, dump, foresee, load

FIRST = date(2025, 9, 1)
LIKED = ["speech", "robots", "proteins", "reasoning", "retrieval"]
OTHER = ["lattices", "tariffs", "glaciers", "solvents", "auctions", "sediments", "turbines", "orchards"]
PLAIN = ["careful", "study", "measures", "several", "systems", "under", "load", "with", "simple", "tools"]


def invented(days=30, a_day=24, seed=1):
    """A community that likes some subjects and some authors, and a world that offers more than that."""
    pick = random.Random(seed)
    made = []
    for day in range(days):
        for number in range(a_day):
            liked, famous = pick.random() < 0.3, pick.random() < 0.2
            words = pick.choices(LIKED if liked else OTHER, k=6) + pick.choices(PLAIN, k=30)
            pick.shuffle(words)
            people = [f"Person {pick.randrange(900)}" for _ in range(pick.randint(1, 4))]
            people += [f"Star {pick.randrange(4)}"] * famous
            chance = 0.02 + 0.4 * liked + 0.4 * famous
            at = FIRST + timedelta(days=day)
            paper = Paper(
                id=f"arxiv:{day:02d}.{number:03d}",
                keys=(),
                title=" ".join(words[:5]),
                abstract=" ".join(words),
                authors=tuple(Author(name=name) for name in people),
                categories=("cs.CL",),
            )
            made.append(Example(paper=paper, day=at, picked_on=at if pick.random() < chance else None))
    return made


CUT = FIRST + timedelta(days=24)


@pytest.fixture(scope="module")
def examples():
    return invented()


@pytest.fixture(scope="module")
def trained(examples):
    return train(examples, CUT)


@pytest.fixture(scope="module")
def nameless(examples):
    return train(examples, CUT, authors=False)


def test_it_foresees_the_days_after_its_training(examples, trained):
    check = assess(trained, examples)
    assert check.days == 6
    assert check.auc > 0.7
    assert check.trusted


def test_it_checks_itself_on_days_it_had_not_seen(trained):
    assert trained.check.days >= 3
    assert trained.check.auc > 0.7


def test_picks_made_after_the_cut_and_papers_after_it_are_not_seen(examples, trained):
    changed = [replace(e, picked_on=CUT) if e.day >= CUT or e.picked_on is None else e for e in examples]
    assert dump(train(changed, CUT)) == dump(trained)


def test_the_order_of_examples_changes_nothing(examples, trained):
    shuffled = list(examples)
    random.Random(7).shuffle(shuffled)
    assert dump(train(shuffled, CUT)) == dump(trained)


def test_the_company_of_a_paper_changes_nothing(examples, trained):
    papers = [e.paper for e in examples[-40:]]
    together = trained.probabilities(papers)
    alone = [trained.probabilities([p])[0] for p in papers]
    assert together == pytest.approx(alone, abs=1e-6)
    assert list(trained.probabilities(papers[::-1])[::-1]) == pytest.approx(list(together), abs=1e-6)


def test_probabilities_are_about_right(examples, trained):
    later = [e for e in examples if e.day >= CUT]
    expected = trained.probabilities([e.paper for e in later]).sum()
    assert expected == pytest.approx(sum(e.picked_on is not None for e in later), rel=0.35)


def test_without_authors_names_change_nothing(examples, nameless):
    papers = [e.paper for e in examples[-40:]]
    renamed = [replace(p, authors=(Author(name="Star 1"),)) for p in papers]
    assert not nameless.authors
    assert list(nameless.probabilities(papers)) == list(nameless.probabilities(renamed))
    assert not any("author" in r for f in nameless.forecast(renamed).values() for r in f.reasons)


def test_an_address_names_people_too():
    paper = Paper(id="x", keys=(), title="T", abstract="Code: https://github.com/jane-doe/speech (soon)", comment=None)
    assert text(paper, owners=False)[1].split() == ["Code:", "github.com", "(soon)"]
    assert not any("jane" in term for term in terms(paper, owners=False))
    assert any("jane" in term for term in terms(paper, owners=True))
    other = replace(paper, comment="see janedoe.github.io/talk")
    assert "talk" not in text(other, owners=False)[2]


def test_reasons_are_words_of_the_paper_and_the_record_of_its_authors(examples, trained):
    later = [e.paper for e in examples if e.day >= CUT and any(a.name.startswith("Star") for a in e.paper.authors)]
    found = max(trained.forecast(later).items(), key=lambda pair: pair[1].probability)
    paper = next(p for p in later if p.id == found[0])
    chance, usual, reasons = found[1].probability, found[1].usual, found[1].reasons
    assert chance > 2 * usual
    picks = trained.parts.record.most(names(paper))
    assert picks > 1
    assert reasons[0] == f"forecast {100 * chance:.0f}\u2009% to be picked (usual {100 * usual:.0f}\u2009%)"
    assert reasons[1].startswith("words your community picked before: “")
    named = reasons[1].partition(": ")[2].replace("“", "").replace("”", "").split(", ")
    assert all(words in f"{paper.title} | {paper.abstract}" for words in named)
    assert any(word in reasons[1] for word in LIKED)
    assert reasons[2] == f"by an author picked {picks} times before"


def test_an_unlikely_paper_gets_no_reasons_and_an_empty_one_no_forecast(trained):
    dull = Paper(
        id="dull", keys=(), title="Tariffs", abstract="Tariffs glaciers solvents " * 12, authors=(Author(name="Z"),)
    )
    empty = Paper(id="empty", keys=(), title="Speech")
    found = trained.forecast([dull, empty])
    assert list(found) == ["dull"]
    assert found["dull"].reasons == ()


def test_state_comes_back_as_it_was(examples, trained, nameless):
    papers = [e.paper for e in examples[-60:]]
    for forecaster in (trained, nameless):
        again = load(dump(forecaster))
        assert again is not None
        assert again.check == forecaster.check
        assert again.cut == CUT
        assert again.authors == forecaster.authors
        assert again.forecast(papers) == forecaster.forecast(papers)
        assert dump(again) == dump(forecaster)


def test_only_a_trusted_forecast_is_used(examples, trained):
    papers = [e.paper for e in examples[-10:]]
    good = replace(trained, check=Check(days=9, auc=0.8, newest=0.5, error=0.03))
    assert foresee(dump(good), papers) == good.forecast(papers) != {}
    assert foresee(dump(replace(good, check=Check(days=9, auc=0.5, newest=0.5, error=0.03))), papers) == {}
    assert foresee(b"", papers) == {}


def test_damaged_and_foreign_state_is_none(trained):
    body = dump(trained)
    assert load(b"") is None
    assert load(b"PK nonsense") is None
    assert load(body[: len(body) // 2]) is None
    assert load(body[:2000] + b"\0" * 64 + body[2064:]) is None
    pickled = io.BytesIO()
    np.savez(pickled, json=np.array([{"schema": SCHEMA}], dtype=object))
    assert load(pickled.getvalue()) is None
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        with np.load(io.BytesIO(body)) as arrays:
            told = json.loads(arrays["json"].tobytes())
        assert told["schema"] == SCHEMA
        other = io.BytesIO()
        with zipfile.ZipFile(other, "w") as out:
            for name in archive.namelist():
                data = archive.read(name)
                out.writestr(name, data.replace(b'"schema": %d' % SCHEMA, b'"schema": 9'))
    assert load(other.getvalue()) is None


def test_too_little_to_learn_from_is_none(examples):
    few = [replace(e, picked_on=None) for e in examples]
    assert train(few, CUT) is None
    assert train([], CUT) is None
    assert train(examples[:100], CUT) is None
    assert train([replace(e, picked_on=e.day) for e in examples], CUT) is None


def test_a_forecast_that_is_no_better_than_newest_first_is_not_trusted():
    rng = np.random.default_rng(0)
    made = []
    for e in invented(days=20, seed=3):
        at = datetime(e.day.year, e.day.month, e.day.day, 8 if e.picked_on else 2, tzinfo=UTC)
        made.append(replace(e, paper=replace(e.paper, published=at)))
    picked = np.array([e.picked_on is not None for e in made])
    check = compare(made, picked, rng.random(len(made)))
    assert check.newest == 1.0
    assert not check.trusted
    assert not Check(days=3, auc=0.9, newest=0.5, error=0.01).trusted
    assert not Check(days=9, auc=0.52, newest=0.5, error=0.03).trusted
    assert Check(days=9, auc=0.6, newest=0.5, error=0.03).trusted


def test_auc_by_hand():
    assert auc(np.array([3.0, 2, 1, 0]), np.array([True, False, True, False])) == 0.75
    assert auc(np.zeros(4), np.array([True, False, True, False])) == 0.5


def test_the_record_is_of_the_past(examples):
    one = next(e for e in examples if e.picked_on and any(a.name.startswith("Star") for a in e.paper.authors))
    star = next(n for n in names(one.paper) if n.startswith("star"))
    assert remember(examples, one.day).most([star]) < remember(examples, CUT).most([star])
    assert remember(examples, FIRST).names == ()
    assert len(remember(examples, CUT).features([star])) == len(remember(examples, CUT).features([])) == 18


def test_features_are_as_many_for_every_paper():
    empty = Paper(id="e", keys=(), title="")
    full = replace(empty, title="ABC: a study?", abstract="100 % at https://x.org", comment="9 pages, 99999 figures")
    assert len(facts(empty)) == len(facts(full))
    assert list(grams("We do It")) == ["we", "do", "it", "we do", "do it"]


def test_a_forecast_is_a_term_of_the_score_and_its_lack_is_none():
    now = datetime(2026, 2, 10, 8, tzinfo=UTC)
    candidates = [Candidate(paper=Paper(id=i, keys=(), title=i), first_seen=now) for i in "abc"]
    outlook = {"a": Forecast(probability=0.01, usual=0.06), "c": Forecast(probability=0.5, usual=0.06, reasons=("x",))}
    found = rank(candidates, (), {}, 3.0, now, forecast=outlook)
    assert [s.paper_id for s in found] == ["c", "b", "a"]
    assert [[t.name for t in s.terms] for s in found] == [["forecast", "fresh"], ["fresh"], ["forecast", "fresh"]]
    assert [r.words for r in found[0].reasons] == ["x", "new today"]
    assert rank(candidates, (), {"forecast": 0}, 3.0, now, forecast=outlook) == rank(candidates, (), {}, 3.0, now)


def test_on_a_month_of_a_real_community(shared):
    """A first month of picks is enough to beat newest-first on the days after it."""
    import gzip

    made = []
    with gzip.open(shared / "data" / "forecast" / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["announced"] > "2025-04-10":
                break
            paper = Paper(
                id=row["id"],
                keys=(),
                title=row["title"],
                abstract=row["abstract"],
                authors=tuple(Author(name=name) for name in row["authors"]),
                categories=tuple(row["categories"]),
                comment=row["comment"],
            )
            picked = date.fromisoformat(row["picked_on"]) if row["picked_on"] else None
            made.append(Example(paper=paper, day=date.fromisoformat(row["announced"]), picked_on=picked))
    forecaster = train(made, date(2025, 4, 4))
    check = assess(forecaster, made)
    assert check.days >= 3
    assert check.auc > 0.8
    assert load(dump(forecaster)).probabilities([made[0].paper]) == forecaster.probabilities([made[0].paper])
    assert day_after(made) == date(2025, 4, 11)
