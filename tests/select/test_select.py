"""The issue that is chosen: its properties by hypothesis, and each rule by a small case."""

from datetime import UTC, datetime
from time import process_time

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model import Author, Grouping, Hand, Paper, Scored, Term, Topic, TopicRule
from digest.select import select
from digest.select.likeness import names, one_group, overlap, words

NOW = datetime(2026, 2, 10, 8, tzinfo=UTC)
GIVEN = Topic(slug="language-models", name="Language models", kind="given", colour=0)
VISION = Topic(slug="vision", name="Vision", kind="given", colour=1)
FOUND = tuple(Topic(slug=f"found-{n}", name=f"Found {n}", kind="discovered", colour=2 + n) for n in range(3))
REST = Topic(slug="other", name="Also new", kind="other")
TOPICS = (VISION, GIVEN, *FOUND, REST)
NOUNS = ["retrieval", "diffusion", "protein", "robot", "speech", "graph"]
NOUNS += ["agent", "market", "fluid", "planet", "memory", "vaccine"]


def paper(name, title="", authors=()):
    return Paper(
        id=name, keys=(name,), title=title or f"Study of {name}", authors=tuple(Author(name=a) for a in authors)
    )


def chosen(rows, *, picks=(), skips=(), limit=25, top=3, floor=None, rules=(), tags=None, topics=TOPICS, **more):
    """Rows are (id, score, topic slug[, title[, authors]]) in any order."""
    scored = sorted(
        (Scored(paper_id=r[0], total=r[1], terms=(), reasons=()) for r in rows), key=lambda s: (-s.total, s.paper_id)
    )
    papers = {r[0]: paper(r[0], *r[3:]) for r in rows}
    grouping = Grouping(topics=topics, topic_of={r[0]: r[2] for r in rows}, tags=tags or {})
    hand = Hand(picks=dict.fromkeys(picks, ""), skips=frozenset(skips))
    return select(scored, grouping, papers, hand, limit=limit, top=top, floor=floor, now=NOW, rules=rules, **more)


def printed(selection):
    return [paper_id for _, ids, _ in selection.sections for paper_id in ids]


def verdicts(selection):
    return {d.subject: d.verdict for d in selection.decisions}


def reason(selection, name):
    return next(d.reason for d in selection.decisions if d.subject == name)


rows = st.lists(
    st.tuples(
        st.floats(-2, 4).map(lambda x: round(x, 2)),
        st.sampled_from([t.slug for t in TOPICS]),
        st.lists(st.sampled_from(NOUNS), min_size=1, max_size=5).map(" ".join),
        st.lists(st.sampled_from(["Ada Alpha", "Bo Beta", "Cy Gamma", "Di Delta"]), max_size=3, unique=True),
    ),
    max_size=40,
).map(lambda found: [(f"p{n:02d}", *row) for n, row in enumerate(found)])
ids = st.sets(st.integers(0, 45).map(lambda n: f"p{n:02d}"), max_size=6)


@settings(max_examples=100)
@given(
    rows, ids, ids, st.integers(0, 30), st.integers(0, 5), st.none() | st.floats(-1, 3), st.none() | st.integers(0, 4)
)
def test_what_always_holds(found, picks, skips, limit, top, floor, cap):
    rules = (TopicRule(name=GIVEN.name, limit=cap), TopicRule(name=VISION.name))
    got = chosen(found, picks=sorted(picks), skips=skips, limit=limit, top=top, floor=floor, rules=rules)
    out, known = printed(got), {r[0] for r in found}
    assert len(set(out)) == len(out) <= limit
    assert [d.subject for d in got.decisions] == [r[0] for r in sorted(found, key=lambda r: (-r[1], r[0]))], (
        "one decision a candidate, in the order of scores"
    )
    assert {s for s, v in verdicts(got).items() if v == "printed"} == set(out)
    assert {s for s, v in verdicts(got).items() if v == "skipped"} == known & skips
    assert not set(out) & skips
    assert set(got.top) <= set(out)
    assert len(got.top) == min(top, len(out))
    wanted = [p for p in sorted(picks) if p in known and p not in skips]
    assert list(got.top[: len(wanted)]) == wanted[: min(len(got.top), limit)]
    assert set(wanted[:limit]) <= set(out)
    score = {r[0]: r[1] for r in found}
    assert all(floor is None or score[i] >= floor or i in picks for i in out)
    places = [{"given": 0, "discovered": 1, "other": 2}[t.kind] for t, _, _ in got.sections]
    assert places == sorted(places)
    assert [t for t, _, _ in got.sections if t.kind == "given"] == [
        t for t in (GIVEN, VISION) if t in [s[0] for s in got.sections]
    ]
    for topic, inside, waiting in got.sections:
        assert inside
        assert waiting >= 0
        if topic == GIVEN and cap is not None:
            assert len([i for i in inside if i not in picks]) <= cap
        tail = [score[i] for i in inside if i not in picks]
        assert tail == sorted(tail, reverse=True)
    assert sum(w for _, _, w in got.sections) <= len(known - skips) - len(out)


@given(rows, st.integers(1, 30))
def test_the_issue_is_full_when_it_can_be(found, limit):
    assert len(printed(chosen(found, limit=limit))) == min(limit, len(found))


@given(rows)
def test_a_lone_discovered_section_is_the_only_one_that_is_not_given(found):
    """A heading of one paper is a person's, or there was nowhere else to go."""
    sections = [s for s in chosen(found).sections if s[0].kind != "given"]
    assert all(len(inside) > 1 for _, inside, _ in sections) or len(sections) == 1


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_mappings_changes_nothing(found, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert chosen(shuffled) == chosen(found)


def test_picks_first_even_below_the_floor_and_over_the_topic_limit():
    found = [("a", 3.0, GIVEN.slug), ("b", 0.1, GIVEN.slug), ("c", 2.0, REST.slug), ("d", 2.0, REST.slug)]
    got = chosen(found, picks=["b"], floor=1.0, rules=(TopicRule(name=GIVEN.name, limit=1),), limit=3)
    assert got.top == ("b", "c", "d")
    assert reason(got, "a") == "“Language models” was full (1)"
    assert reason(got, "b") == "picked by the editor, under “Language models”"


def test_skipped_is_out_even_if_picked():
    got = chosen([("a", 3.0, "other"), ("b", 2.0, "other")], picks=["a"], skips=["a"])
    assert printed(got) == ["b"]
    assert reason(got, "a") == "left out by the editor"


def test_more_picks_than_room():
    got = chosen([("a", 3.0, "other"), ("b", 2.0, "other")], picks=["b", "a"], limit=1)
    assert printed(got) == ["b"]
    assert reason(got, "a") == "picked, but the issue was full (1)"


def test_floor_may_leave_an_empty_issue():
    got = chosen([("a", 0.5, "other")], floor=1.0)
    assert got.sections == ()
    assert reason(got, "a") == "below the floor (0.50 of 1.00)"


def test_topic_limit_counts_what_waits():
    found = [(f"p{n}", 3.0 - n / 10, GIVEN.slug, NOUNS[n]) for n in range(6)]
    got = chosen(found, rules=(TopicRule(name=GIVEN.name, limit=2),))
    assert [(t.slug, i, w) for t, i, w in got.sections] == [(GIVEN.slug, ("p0", "p1"), 4)]


def test_two_papers_of_a_group_while_others_are_left():
    lab = ("Ada Alpha", "Bo Beta", "Cy Gamma")
    found = [(f"a{n}", 3.0 - n / 100, "other", NOUNS[n], lab) for n in range(4)]
    found += [(f"b{n}", 1.0, "other", NOUNS[4 + n], (f"Zed {n}",)) for n in range(2)]
    got = chosen(found, limit=4)
    assert sorted(printed(got)) == ["a0", "a1", "b0", "b1"]
    assert reason(got, "a2") == "2 papers of these authors were chosen before it"
    assert len(printed(chosen(found, limit=5))) == 5


def test_near_copies_give_way_to_something_else():
    same = "Retrieval augmented generation with verified citations from private archives"
    found = [("a", 2.0, "other", same), ("b", 1.9, "other", same + " again"), ("c", 1.7, "other", "Coral reef sonar")]
    got = chosen(found, limit=2)
    assert printed(got) == ["a", "c"]
    assert reason(got, "b") == "much like a (0.90 of their words)"
    assert next(d.of for d in got.decisions if d.subject == "b") == "a"


def test_how_many_of_a_group_and_how_alike_is_for_the_editor_to_say():
    group = ["Ada Alpha", "Bo Beta", "Cy Gamma"]
    rows = [(f"a{n}", 3.0 - n / 10, "vision", f"{NOUNS[n]} {NOUNS[n + 3]}", group) for n in range(3)]
    rows += [("b", 1.0, "vision", "planet market")]
    assert set(printed(chosen(rows, limit=3))) == {"a0", "a1", "b"}
    assert set(printed(chosen(rows, limit=3, same_authors=3))) == {"a0", "a1", "a2"}
    one = chosen(rows, limit=2, same_authors=1)
    assert set(printed(one)) == {"a0", "b"}
    assert reason(one, "a1") == "1 paper of these authors was chosen before it"
    copies = [("x", 2.0, "vision", "robot speech graph"), ("y", 1.9, "vision", "robot speech graph")]
    copies += [("z", 1.6, "vision", "protein fluid memory")]
    assert set(printed(chosen(copies, limit=2))) == {"x", "z"}
    assert set(printed(chosen(copies, limit=2, diversity=0.0))) == {"x", "y"}


def test_a_lone_paper_joins_a_topic_it_touches():
    found = [("a", 3.0, "found-0"), ("b", 2.0, VISION.slug), ("c", 1.0, "found-1"), ("d", 0.5, "found-1")]
    got = chosen(found, tags={"a": (GIVEN.slug, VISION.slug)}, rules=(TopicRule(name=VISION.name),))
    assert [(t.slug, i) for t, i, _ in got.sections] == [(VISION.slug, ("a", "b")), ("found-1", ("c", "d"))]


def test_lone_papers_gather_in_the_rest():
    got = chosen([("a", 3.0, "found-0"), ("b", 2.0, "found-1"), ("c", 1.0, VISION.slug)])
    assert [(t.slug, i) for t, i, _ in got.sections] == [(VISION.slug, ("c",)), ("other", ("a", "b"))]


def test_a_topic_full_by_limit_takes_no_lone_paper():
    found = [("a", 3.0, "found-0"), ("b", 2.0, VISION.slug)]
    got = chosen(found, tags={"a": (VISION.slug,)}, rules=(TopicRule(name=VISION.name, limit=1),))
    assert [(t.slug, i) for t, i, _ in got.sections] == [(VISION.slug, ("b",)), ("found-0", ("a",))]


def test_waiting_of_topics_without_a_section_counts_with_the_rest():
    found = [("a", 3.0, "other"), ("b", 2.9, "other"), ("c", 0.1, "found-0"), ("d", 0.2, "other")]
    got = chosen(found, limit=2)
    assert [(t.slug, w) for t, _, w in got.sections] == [("other", 2)]


def test_a_grouping_without_a_rest_gets_one():
    got = chosen([("a", 3.0, "nowhere"), ("b", 2.0, "nowhere")], topics=(GIVEN,))
    assert [(t.name, t.kind, i) for t, i, _ in got.sections] == [("Also new", "other", ("a", "b"))]


def voted(name, votes, chance):
    """A paper whose votes are worth `votes` points and whose forecast stands at `chance`."""
    terms = [Term(name="upvotes", value=9, level=0.9, weight=1.0, points=votes)] if votes else []
    terms.append(Term(name="forecast", value=chance, level=chance, weight=1.0, points=chance))
    return Scored(paper_id=name, total=sum(t.points for t in terms), terms=tuple(terms), reasons=())


def test_room_for_the_overlooked():
    loud = [voted(f"v{n}", 2.0 - n / 100, 0.3) for n in range(8)]
    quiet, dull = [voted(f"q{n}", 0.0, 0.9 - n / 100) for n in range(3)], [voted("d0", 0.0, 0.4)]
    scored = loud + quiet + dull
    papers = {s.paper_id: paper(s.paper_id, NOUNS[n % 12]) for n, s in enumerate(scored)}
    grouping = Grouping(topics=TOPICS, topic_of=dict.fromkeys(papers, "other"), tags={})

    def ids(share, limit=5):
        got = select(
            scored, grouping, papers, Hand(), limit=limit, top=0, floor=None, now=NOW, rules=(), overlooked=share
        )
        return sorted(printed(got))

    assert ids(0.0) == ["v0", "v1", "v2", "v3", "v4"]
    assert ids(0.4) == ["q0", "q1", "v0", "v1", "v2"]
    assert ids(1.0) == ["q0", "q1", "q2", "v0", "v1"], "no more than there are, and the issue is full all the same"
    assert ids(0.2, limit=10) == sorted([*(f"v{n}" for n in range(8)), "q0", "q1"])


def test_likeness():
    one, two = paper("x", "Graph memory planning"), paper("y", "Planning with graph memory")
    assert overlap(words(one), words(two)) == 3 / 4
    assert overlap(frozenset(), frozenset()) == 0.0
    assert one_group(frozenset({"a"}), frozenset({"a", "b"}))
    assert not one_group(frozenset({"a", "c"}), frozenset({"a", "b"}))
    assert not one_group(frozenset(), frozenset({"a"}))
    assert names(paper("x", "t", ["Ada  ALPHA", "ada alpha", " "])) == {"ada alpha"}


def test_thousands_of_equal_candidates_take_seconds_at_most():
    found = [
        (
            f"p{n:04d}",
            1.0,
            "other",
            " ".join(f"{w}{'abcdefghij'[n % 10]}" for w in NOUNS[n % 7 :]),
            (f"A {n}", f"B {n}"),
        )
        for n in range(3000)
    ]
    start = process_time()
    assert len(printed(chosen(found, limit=50))) == 50
    assert process_time() - start < 10
