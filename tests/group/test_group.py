"""The stage as a whole: every paper under one heading, whatever comes in and in whatever order."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from themes import NOW, THEMES, check, paper, themed

from digest.group import bounds, claim, group
from digest.model import TopicRule


@pytest.mark.parametrize("many", [0, 1, 2, 3, 5, 25, 120])
def test_any_number_of_papers(many: int) -> None:
    papers = themed(many)
    check(group(papers, [], minimum=2, maximum=12, now=NOW), papers, 2, 12)


def test_alike_papers_stand_together_under_a_name_of_theirs() -> None:
    papers = themed(40)
    found = group(papers, [], minimum=2, maximum=12, now=NOW)
    names = {topic.slug: topic.name for topic in found.topics}
    for number, theme in enumerate(THEMES.values()):
        mine = {found.topic_of[p.id] for p in papers[number::4]}
        assert len(mine) == 1
        assert set(names[mine.pop()].casefold().rstrip("s").split()) & set(theme.split())


def test_order_does_not_matter() -> None:
    papers = themed(60)
    shuffled = random.Random(1).sample(papers, len(papers))
    rules = [TopicRule(name="Ice", words=("glacier",))]
    assert group(papers, rules, minimum=2, maximum=12, now=NOW) == group(
        shuffled, rules, minimum=2, maximum=12, now=NOW
    )


def test_given_topics_come_first_in_their_order_and_take_even_one_paper() -> None:
    papers = [*themed(24), paper(900, "Harpsichord tuning", "A note on meantone.")]
    rules = [TopicRule(name="Tuning", words=("meantone",)), TopicRule(name="Ice", words=("glacier", "moraine"))]
    found = group(papers, rules, minimum=2, maximum=12, now=NOW)
    check(found, papers, 2, 12)
    assert [topic.name for topic in found.topics[:2]] == ["Tuning", "Ice"]
    assert [topic.colour for topic in found.topics[:2]] == [0, 1]
    assert Counter(found.topic_of.values())["tuning"] == 1
    assert len({topic.colour for topic in found.topics[:7]}) == len(found.topics[:7])


def test_the_strongest_claim_wins_and_the_others_are_tags() -> None:
    papers = [paper(1, "Glacier moraine and kiln clay", categories=("physics.geo-ph",))]
    rules = [
        TopicRule(name="Physics", categories=("physics",)),
        TopicRule(name="Ice", words=("glacier", "moraine")),
        TopicRule(name="Pots", words=("kiln",)),
    ]
    found = group(papers, rules, minimum=2, maximum=12, now=NOW)
    assert found.topic_of[papers[0].id] == "ice"
    assert found.tags[papers[0].id] == ("pots", "physics")
    (decision,) = found.decisions
    assert "“Glacier” in the title" in decision.reason and "Pots (2)" in decision.reason
    assert decision.at == NOW and dict(decision.numbers) == {"Ice": 4.0, "Pots": 2.0, "Physics": 1.5}


def test_claims_alone_use_the_same_slugs() -> None:
    papers = themed(12)
    rules = [TopicRule(name="C++", words=("glacier",)), TopicRule(name="C", words=("kiln",))]
    found = group(papers, rules, minimum=2, maximum=12, now=NOW)
    alone = claim(papers, rules)
    assert len(alone) == 6 and alone == {id_: found.topic_of[id_] for id_ in alone}
    assert len(set(alone.values())) == 2


def test_bounds_grow_with_the_candidates_an_issue_is_chosen_from() -> None:
    assert bounds(2, 12, papers=200, limit=25) == (6, 96)
    assert bounds(2, 12, papers=10, limit=25) == (2, 12)


def test_a_paper_without_text_is_also_new_and_not_alone_there() -> None:
    papers = [*themed(20), paper(901, "", "")]
    found = group(papers, [], minimum=2, maximum=12, now=NOW)
    check(found, papers, 2, 12)
    assert found.topic_of["arxiv:2501.00901"] == "also-new"


def test_a_given_topic_called_as_the_rest_is_no_clash() -> None:
    papers = [paper(1, "Glacier"), paper(2, "")]
    found = group(papers, [TopicRule(name="Also new", words=("glacier",))], minimum=2, maximum=12, now=NOW)
    check(found, papers, 2, 12)
    assert len(set(found.topic_of.values())) == 2


def test_chinese_and_japanese_titles_group_and_are_named() -> None:
    texts = [
        "冰川质量平衡观测",
        "高山冰川质量平衡变化",
        "冰川质量平衡的模拟",
        "钢琴奏鸣曲和声分析",
        "古典钢琴奏鸣曲和声",
        "钢琴奏鸣曲的和声结构",
    ]
    papers = [paper(number, text) for number, text in enumerate(texts)]
    found = group(papers, [], minimum=2, maximum=4, now=NOW)
    slugs = [found.topic_of[p.id] for p in papers]
    assert slugs[0] == slugs[1] == slugs[2] != slugs[3] == slugs[4] == slugs[5]
    assert all(topic.kind == "discovered" for topic in found.topics)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(" ".join(THEMES.values()).split()), max_size=8), max_size=30),
    st.integers(1, 5),
    st.integers(0, 12),
    st.booleans(),
)
def test_every_paper_is_in_exactly_one_topic(texts: list[list[str]], minimum: int, more: int, ruled: bool) -> None:
    papers = [paper(number, " ".join(words[:3]), " ".join(words[3:])) for number, words in enumerate(texts)]
    rules = [TopicRule(name="Ice", words=("glacier",))] if ruled else []
    maximum = max(2, minimum + more)
    check(group(papers, rules, minimum=minimum, maximum=maximum, now=NOW), papers, minimum, maximum)
