"""The score: its properties, its terms, its words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model import Candidate, Link, Paper, Sighting, Signal
from digest.rank import WEIGHTS, rank
from digest.rank.standing import DAY, band
from digest.rank.trending import CAP, LASTING, MOST, decay, weight

NOW = datetime(2026, 2, 10, 8, tzinfo=UTC)
settings.register_profile("patient", deadline=None)  # a busy machine is no failure
settings.load_profile("patient")
HOUR = timedelta(hours=1)
KINDS = ("upvotes", "comments", "stars", "mentions", "bookmarks")


def candidate(number, *, seen=6, published=None, signals=(), sources=("arxiv",), links=()):
    """A paper first seen `seen` hours ago; signals are (kind, value, hours ago[, source])."""
    name = f"arxiv:2602.{number:05d}"
    paper = Paper(
        id=name,
        keys=(name,),
        title=f"Paper {number}",
        published=None if published is None else NOW - published * HOUR,
        links=tuple(Link(kind=kind, url=f"https://example.org/{number}/{kind}") for kind in links),
    )
    observed = tuple(
        Signal(paper_id=name, kind=s[0], value=float(s[1]), at=NOW - s[2] * HOUR, source=s[3] if len(s) > 3 else "hf")
        for s in signals
    )
    sightings = tuple(Sighting(paper_id=name, source=source, at=NOW - seen * HOUR) for source in sources)
    return Candidate(paper=paper, first_seen=NOW - seen * HOUR, signals=observed, sightings=sightings)


def scores(candidates, population=(), weights=None, half_life=3.0, now=NOW):
    return {s.paper_id: s for s in rank(candidates, population, weights or {}, half_life, now)}


def order(candidates, population=(), **named):
    return [s.paper_id for s in rank(candidates, population, {}, 3.0, NOW, **named)]


def votes(n, hours=1, seen=6):
    """A population of n papers with 1..n votes."""
    return [candidate(10_000 + i, seen=seen, signals=[("upvotes", i, hours)]) for i in range(1, n + 1)]


observations = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 500), st.integers(0, 60), st.sampled_from(["hf", "hn", "github"])),
    max_size=6,
)
papers = st.lists(
    st.tuples(observations, st.integers(0, 200), st.none() | st.integers(0, 900), st.integers(1, 3)), max_size=12
).map(
    lambda rows: [
        candidate(i, seen=seen, published=published, signals=signals, sources=("a", "b", "c")[:n])
        for i, (signals, seen, published, n) in enumerate(rows)
    ]
)


@given(papers)
def test_total_is_the_sum_of_the_terms(found):
    for scored in rank(found, votes(30), {}, 3.0, NOW):
        assert scored.total == pytest.approx(sum(t.points for t in scored.terms), abs=1e-9)
        assert all(0.0 <= t.level <= 1.0 for t in scored.terms)
        assert len({t.name for t in scored.terms}) == len(scored.terms)


@given(papers)
def test_best_first_and_ties_by_id(found):
    ranked = rank(found, (), {}, 3.0, NOW)
    assert sorted(s.paper_id for s in ranked) == sorted(c.paper.id for c in found)
    assert list(ranked) == sorted(ranked, key=lambda s: (-s.total, s.paper_id))


@settings(max_examples=60)
@given(papers, st.randoms(use_true_random=False))
def test_order_of_input_changes_nothing(found, random):
    shuffled = [replace(c, signals=tuple(random.sample(c.signals, len(c.signals)))) for c in found]
    random.shuffle(shuffled)
    population = votes(25)
    random.shuffle(population)
    assert rank(shuffled, population, {}, 3.0, NOW) == rank(found, votes(25), {}, 3.0, NOW)


def moved(candidate, move):
    """The candidate with every time changed by `move`."""
    published = candidate.paper.published
    return replace(
        candidate,
        paper=replace(candidate.paper, published=move(published) if published else None),
        first_seen=move(candidate.first_seen),
        signals=tuple(replace(s, at=move(s.at)) for s in candidate.signals),
        sightings=tuple(replace(s, at=move(s.at)) for s in candidate.sightings),
    )


@given(papers, st.integers(-(10**6), 10**6))
def test_a_shift_of_all_times_changes_nothing(found, minutes):
    def move(at):
        return at + timedelta(minutes=minutes)

    assert rank([moved(c, move) for c in found], (), {}, 3.0, move(NOW)) == rank(found, (), {}, 3.0, NOW)


@given(papers, st.sampled_from([ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata"), timezone(-9 * HOUR)]))
def test_the_zone_times_are_written_in_changes_nothing(found, zone):
    there = [moved(c, lambda at: at.astimezone(zone)) for c in found]
    assert rank(there, (), {}, 3.0, NOW.astimezone(zone)) == rank(found, (), {}, 3.0, NOW)


def test_a_clock_change_within_a_zone_changes_nothing():
    berlin, now = ZoneInfo("Europe/Berlin"), datetime(2026, 3, 29, 6, tzinfo=UTC)
    found = [moved(c, lambda at: at + (now - NOW)) for c in [candidate(1, seen=23.5, signals=[("upvotes", 9, 1)])]]
    there = [moved(c, lambda at: at.astimezone(berlin)) for c in found]
    assert rank(there, (), {}, 3.0, now.astimezone(berlin)) == rank(found, (), {}, 3.0, now)


@settings(max_examples=60)
@given(papers.filter(bool), st.data())
def test_more_of_a_signal_never_lowers_a_score(found, data):
    index = data.draw(st.integers(0, len(found) - 1))
    paper = found[index]
    signals = [("upvotes", data.draw(st.integers(0, 100)), 30), ("upvotes", data.draw(st.integers(0, 100)), 2)]
    less = replace(paper, signals=(*paper.signals, *candidate(0, signals=signals).signals))
    extra = data.draw(st.integers(1, 10**6))
    last = replace(less.signals[-1], value=less.signals[-1].value + extra)
    more = replace(less, signals=(*less.signals[:-1], last))
    rest = [c for c in found if c is not paper]
    name, population = paper.paper.id, votes(25)
    assert scores([more, *rest], population)[name].total >= scores([less, *rest], population)[name].total - 1e-12


@settings(max_examples=60)
@given(papers.filter(bool), st.data(), st.floats(0, 5))
def test_a_hundred_times_one_signal_lifts_at_most_its_cap(found, data, configured):
    index = data.draw(st.integers(0, len(found) - 1))
    kind = data.draw(st.sampled_from(KINDS))
    weights = {kind: configured}
    paper = found[index]
    raised = replace(
        paper, signals=tuple(replace(s, value=s.value * 100) if s.kind == kind else s for s in paper.signals)
    )
    everyone = [raised if c is paper else c for c in found]
    before = scores(found, votes(25), weights)[paper.paper.id].total
    after = scores(everyone, votes(25), weights)[paper.paper.id].total
    assert after - before <= weight(kind, weights) + 1e-12
    assert weight(kind, weights) <= CAP


@given(papers, st.sampled_from(["hf", "hn", "github"]))
@settings(max_examples=60)
def test_a_dead_signal_source_changes_no_order_among_papers_that_lacked_it(found, dead):
    population = votes(25)

    def without(cs):
        return [replace(c, signals=tuple(s for s in c.signals if s.source != dead)) for c in cs]

    lacked = {c.paper.id for c in found if all(s.source != dead for s in c.signals)}
    before = [s.paper_id for s in rank(found, population, {}, 3.0, NOW) if s.paper_id in lacked]
    after = [s.paper_id for s in rank(without(found), without(population), {}, 3.0, NOW) if s.paper_id in lacked]
    assert before == after


def test_one_signal_alone_does_not_carry_a_paper():
    """All the votes there are, against a middling paper that several things speak for."""
    everyone = [candidate(i, signals=[("upvotes", i % 9, 1), ("comments", i % 7, 1)]) for i in range(60)]
    brigaded = candidate(900, signals=[("upvotes", 10**6, 1)])
    noticed = candidate(
        901,
        signals=[("upvotes", 7, 1), ("comments", 6, 1), ("stars", 50, 1)],
        sources=("a", "b", "c"),
        links=("code",),
    )
    starred = [candidate(700 + i, signals=[("stars", i, 1)]) for i in range(30)]
    assert order([brigaded, noticed, *everyone, *starred])[0] == noticed.paper.id


@settings(max_examples=60)
@given(papers.filter(bool), st.data())
def test_a_signal_earns_no_more_by_growing_than_its_share(found, data):
    """Level and growth of a kind together: at most MOST of its weight above neutral, whatever was bought."""
    paper = found[data.draw(st.integers(0, len(found) - 1))]
    bought = candidate(0, signals=[("upvotes", 0, 30), ("upvotes", data.draw(st.integers(1, 10**9)), 2)]).signals
    mine = replace(paper, signals=(*paper.signals, *bought))
    terms = scores([mine, *(c for c in found if c is not paper)], votes(25))[paper.paper.id].terms
    for kind in KINDS:
        earned = sum(t.points for t in terms if t.name in (kind, f"{kind} growth"))
        assert earned <= MOST * weight(kind, {}) + 1e-12


@given(papers)
def test_every_term_can_be_worked_out_again(found):
    """points = weight · (level - neutral) · decay, to 1e-9."""
    of = {c.paper.id: c for c in found}
    for scored in rank(found, votes(30), {}, 3.0, NOW):
        for term in scored.terms:
            compared = term.name.removesuffix(" growth") in KINDS
            factor = decay(of[scored.paper_id], 3.0, NOW, LASTING if compared else 1.0)
            neutral = 0.25 if compared else 0.0
            assert term.points == pytest.approx(term.weight * (term.level - neutral) * factor, abs=1e-9)


def test_a_riser_passes_newcomers_with_usual_votes():
    """Seen yesterday without a vote, today with sixty; the newcomers have what is usual on their first day."""
    known = []
    for i in range(40):
        hours = 24 * (2 + i // 5)  # since it was seen; observed at five hours of age, and a day later
        seen = [("upvotes", min(i % 5, 1), hours - 5), ("upvotes", min(i % 5, 1), hours - 29)]
        known.append(candidate(100 + i, seen=hours, signals=seen))
    newcomers = [candidate(i, signals=[("upvotes", 1, 1)]) for i in range(10)]
    riser = candidate(900, seen=30, signals=[("upvotes", 0, 25), ("upvotes", 60, 1)])
    assert order([*newcomers, riser], population=known)[0] == riser.paper.id


def test_nothing_of_what_most_have_nothing_of_earns_nothing():
    """A hundred papers nobody mentions: that is no merit of any; one mention stands above them all."""
    silent = [candidate(100 + i, signals=[("mentions", 0, 1)]) for i in range(100)]
    one, none = candidate(1, signals=[("mentions", 1, 1)]), candidate(2, signals=[("mentions", 0, 1)])
    found = scores([one, none, candidate(3)], silent)
    assert found[none.paper.id].total == pytest.approx(found["arxiv:2602.00003"].total)
    assert next(t for t in found[one.paper.id].terms if t.name == "mentions").level > 0.9


def test_facts_that_are_there_or_not():
    author, picked = candidate(1, signals=[("author", 1, 1)]), candidate(2, signals=[("picks", 1, 1)])
    dropped = candidate(3, signals=[("picks", 1, 5), ("picks", 0, 1)])
    found = scores([author, picked, dropped, candidate(4)])
    assert found[picked.paper.id].total > found[author.paper.id].total > found["arxiv:2602.00004"].total
    assert found[dropped.paper.id].total == found["arxiv:2602.00004"].total
    assert "an author takes part in the discussion" in [r.words for r in found[author.paper.id].reasons]


def test_missing_is_not_zero():
    """No term for what was never observed: better than an observed nothing, less than a typical something."""
    missing, zero, some = candidate(1), candidate(2, signals=[("upvotes", 0, 1)]), candidate(3)
    some = candidate(3, signals=[("upvotes", 20, 1)])
    found = scores([missing, zero, some], votes(40))
    assert all(not t.name.startswith("upvotes") for t in found[missing.paper.id].terms)
    assert found[some.paper.id].total > found[missing.paper.id].total > found[zero.paper.id].total


def test_no_comparison_no_points():
    """With nothing to compare with, a level shrinks to neutral and moves nothing."""
    found = scores([candidate(1, signals=[("upvotes", 500, 1)]), candidate(2)])
    term = next(t for t in found["arxiv:2602.00001"].terms if t.name == "upvotes")
    assert term.points == 0.0
    assert found["arxiv:2602.00001"].total == found["arxiv:2602.00002"].total


def test_attention_is_compared_with_papers_as_old():
    """Ten votes are much for a paper of hours and little for one of a fortnight."""
    young = [candidate(100 + i, seen=10, signals=[("upvotes", i % 5, 1)]) for i in range(30)]
    old = [candidate(200 + i, seen=14 * 24, signals=[("upvotes", 50 + i, 1)]) for i in range(30)]
    one, other = (
        candidate(1, seen=10, signals=[("upvotes", 10, 1)]),
        candidate(2, seen=336, signals=[("upvotes", 10, 1)]),
    )
    terms = {
        name: next(t for t in s.terms if t.name == "upvotes").level
        for name, s in scores([one, other], young + old).items()
    }
    assert terms[one.paper.id] > 0.8 > 0.2 > terms[other.paper.id]


def test_two_sources_of_one_kind_are_compared_apart():
    """Twelve mentions on a small forum stand above twelve on a busy one, and count once."""
    small = [candidate(100 + i, signals=[("mentions", i % 4, 1, "forum")]) for i in range(30)]
    busy = [candidate(200 + i, signals=[("mentions", 20 + i, 1, "square")]) for i in range(30)]
    both = candidate(1, signals=[("mentions", 12, 1, "forum"), ("mentions", 12, 1, "square")])
    one = candidate(2, signals=[("mentions", 12, 1, "forum")])
    found = scores([both, one], small + busy)
    assert found[both.paper.id].total == pytest.approx(found[one.paper.id].total)


def test_decay_halves_with_the_half_life_and_late_finds_keep_half():
    today, older, late = candidate(1, seen=1), candidate(2, seen=73), candidate(3, seen=1, published=24 * 400)
    found = scores([today, older, late])
    assert found[older.paper.id].total == pytest.approx(found[today.paper.id].total / 2)
    assert found[late.paper.id].total == pytest.approx(found[today.paper.id].total / 2)


def test_first_morning_newest_then_substance():
    """Nothing observed yet: the newest day first, then code and project pages and sources, then ids."""
    plain, coded = candidate(1, published=5), candidate(2, published=5, links=("code",))
    twice = candidate(3, published=5, sources=("arxiv", "hf"))
    old = candidate(4, published=24 * 5, links=("code", "project"))
    assert order([old, plain, coded, twice]) == [c.paper.id for c in (twice, coded, plain, old)]
    reasons = {i: [r.words for r in s.reasons] for i, s in scores([old, plain, coded, twice]).items()}
    assert reasons[coded.paper.id] == ["code linked", "new today"]
    assert reasons[twice.paper.id] == ["seen in 2 sources", "new today"]


def test_words_with_numbers():
    found = [candidate(i, seen=30, signals=[("upvotes", i % 10, 26), ("upvotes", i % 10, 2)]) for i in range(100)]
    star = candidate(
        900,
        seen=30,
        signals=[("upvotes", 12, 26), ("upvotes", 38, 2), ("stars", 412, 2)],
        sources=("a", "b", "c"),
        links=["code"],
    )
    said = [r.words for r in scores([star], found)[star.paper.id].reasons]
    assert "38 votes in a day (more than all 100 papers this old)" in said
    assert "rising 3.2x since yesterday" in said
    assert "code with 412 stars" in said
    assert "code linked" not in said
    assert "seen in 3 sources" in said
    middling = scores([candidate(901, seen=30, signals=[("upvotes", 8, 2)])], found)["arxiv:2602.00901"]
    assert middling.reasons[0].words == "8 votes in a day (more than 80\u2009% of papers this old)"


def test_no_percentage_from_few_papers():
    few = scores([candidate(1, signals=[("upvotes", 38, 1)])], votes(19))["arxiv:2602.00001"]
    enough = scores([candidate(1, signals=[("upvotes", 38, 1)])], votes(20))["arxiv:2602.00001"]
    assert not any("more than" in r.words for r in few.reasons)
    assert any("more than all 20 papers" in r.words for r in enough.reasons)


def test_no_votes_is_said_only_where_it_is_known():
    unknown = scores([candidate(1)])["arxiv:2602.00001"]
    zero = scores([candidate(1, signals=[("upvotes", 0, 1)])])["arxiv:2602.00001"]
    unseen = scores([candidate(1)], votes(3))["arxiv:2602.00001"]
    assert [r.words for r in unknown.reasons] == ["new today"]
    assert "no votes yet" in [r.words for r in zero.reasons]
    assert "no votes seen yet" in [r.words for r in unseen.reasons]


def test_weights_override_and_zero_switches_off():
    star = candidate(1, signals=[("stars", 50, 1)])
    pool = [candidate(100 + i, signals=[("stars", i, 1)]) for i in range(30)]
    off = scores([star], pool, {"stars": 0.0})["arxiv:2602.00001"]
    assert [t.name for t in off.terms] == ["fresh"]
    assert weight("stars", {"stars": 50.0}) == CAP
    assert weight("bookmarks", {}) == WEIGHTS["other"]
    assert weight("bookmarks", {"other": 0.2}) == 0.2
    assert weight("stars", {"stars": -1.0}) == 0.0


def test_hostile_numbers_are_not_observations():
    bad = candidate(1, signals=[("upvotes", float("nan"), 1), ("upvotes", float("inf"), 1), ("upvotes", -5, 1)])
    assert [t.name for t in scores([bad], votes(30))["arxiv:2602.00001"].terms] == ["fresh"]


def test_bands_double():
    assert [band(d * DAY) for d in (0, 0.9, 1, 1.5, 2, 3, 4, 5, 30)] == [0, 0, 0, 1, 1, 2, 2, 3, 5]


def test_nothing_to_rank():
    assert rank((), votes(3), {}, 3.0, NOW) == ()


def test_another_version_of_an_older_paper_is_not_new() -> None:
    """A replacement of a paper that was never seen stands behind whatever is new, until it draws attention itself."""
    old, new = candidate(1), candidate(2)
    old = replace(old, sightings=tuple(replace(seen, announcement="replace") for seen in old.sightings))
    found = {each.paper_id: each for each in rank([old, new], [], {}, 3.0, NOW)}
    assert found[old.paper.id].total < found[new.paper.id].total
    assert not any(term.name == "fresh" for term in found[old.paper.id].terms)
