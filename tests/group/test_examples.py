"""Papers like an example of a given topic are claimed by it, weakly and with the likeness as evidence."""

from themes import NOW, check, paper, themed

from digest.group import claim, fit, group
from digest.group.examples import LIKE, likenesses
from digest.group.rules import claims
from digest.group.space import text_of
from digest.model import TopicRule

PAST = themed(400, seed=3)
SPACE = fit(PAST)
REEFS = TopicRule(name="Reefs", examples=("x:1",), texts=(text_of(PAST[0]),))


def test_what_is_like_an_example_is_claimed_and_nothing_else() -> None:
    today = themed(40, seed=4)
    found = group(today, [REEFS], minimum=2, maximum=40, now=NOW, space=SPACE)
    check(found, today, 2, 40)
    taken = {one.id for one in today if found.topic_of[one.id] == "reefs"}
    assert len(taken) >= 3 and taken <= {one.id for one in today if "coral" in one.title}
    assert claim(today, [REEFS], SPACE) == dict.fromkeys(sorted(taken), "reefs")
    reasons = {one.subject: one.reason for one in found.decisions}
    assert all("like an example (0." in reasons[id_] or "like an example (1." in reasons[id_] for id_ in taken)


def test_words_of_a_title_are_stronger_than_likeness_and_an_exclusion_ends_it() -> None:
    pairs = zip(PAST[1:], likenesses(PAST[1:], [REEFS], SPACE), strict=True)
    near, like = next((one, like) for one, like in pairs if like)
    assert LIKE <= like["Reefs"] <= 1
    words = TopicRule(name="Corals", words=("coral reef bleaching ocean",))
    named = paper(1, f"Coral reef bleaching ocean: {near.title}", near.abstract)
    assert [one.topic for one in claims(named, [REEFS, words], like)] == ["Corals", "Reefs"]
    shut = TopicRule(name="Reefs", examples=("x:1",), texts=REEFS.texts, exclude=("coral",))
    assert claims(near, [shut], like) == ()


def test_without_a_space_or_texts_only_the_example_itself_is_taken() -> None:
    assert likenesses(PAST[:3], [REEFS], None) == [{}, {}, {}]
    own = TopicRule(name="Mine", examples=(PAST[0].id,))
    assert claim(PAST[:3], [own], SPACE) == {PAST[0].id: "mine"}
