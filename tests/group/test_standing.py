"""Headings that stay: names from day to day, newcomers, drift, merging, forgetting."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from themes import NOW, check, paper, themed

from digest.group import TopicSpace, fit, group, standing
from digest.model import Grouping, Paper, StandingTopic

SPACE = fit(
    [*themed(200, seed=7), *(paper(5000 + n, "Honey bee waggle dance", "Foraging nectar hive") for n in range(20))]
)


def day(papers: list[Paper], before: Sequence[StandingTopic] = (), later: int = 0) -> Grouping:
    now = NOW + timedelta(days=later)
    return group(papers, (), minimum=2, maximum=40, now=now, space=SPACE, standing=before)


def headings(found: Grouping) -> dict[str, str]:
    return {topic.slug: topic.name for topic in found.topics if topic.kind == "discovered"}


def verdicts(found: Grouping) -> dict[str, str]:
    return {d.subject: d.verdict for d in found.decisions if d.subject.startswith("topic:")}


def test_the_same_content_keeps_its_names_and_addresses() -> None:
    first = day(themed(40, seed=1))
    second = day(themed(48, seed=2), first.standing, 1)
    assert len(headings(first)) == 4 and headings(second) == headings(first)
    assert set(verdicts(first).values()) == {"new"} and verdicts(second) == {}
    assert {topic.last for topic in second.standing} == {(NOW + timedelta(days=1)).date()}


def test_it_holds_in_another_space() -> None:
    first = day(themed(40, seed=1))
    other = TopicSpace.from_bytes(fit(themed(120, seed=9)).to_bytes())
    second = group(themed(40, seed=2), (), minimum=2, maximum=40, now=NOW, space=other, standing=first.standing)
    assert headings(second) == headings(first)


def test_something_unlike_all_is_a_newcomer_with_a_reason() -> None:
    first = day(themed(40, seed=1))
    bees = [
        paper(700 + n, f"Waggle dance {n}", "How a honey bee finds nectar for the hive, foraging.") for n in range(12)
    ]
    second = day([*themed(40, seed=2), *bees], first.standing, 1)
    new = set(headings(second).items()) - set(headings(first).items())
    assert len(new) == 1 and set(headings(first).items()) <= set(headings(second).items())
    ((slug, name),) = new
    assert {second.topic_of[bee.id] for bee in bees} == {slug}
    (decision,) = [d for d in second.decisions if d.subject == f"topic:{slug}"]
    assert decision.verdict == "new" and name in decision.reason and "12 papers" in decision.reason


def test_a_topic_without_papers_rests_and_comes_back() -> None:
    first = day(themed(40, seed=1))
    without = day([p for n, p in enumerate(themed(40, seed=2)) if n % 4], first.standing, 1)
    assert len(headings(without)) == 3 and len(without.standing) == 4
    assert headings(day(themed(40, seed=3), without.standing, 2)) == headings(first)


def test_a_topic_long_unprinted_is_forgotten_unless_pinned() -> None:
    first = day(themed(40, seed=1))
    gone, pinned, *_ = first.standing
    kept = standing.change(first.standing, pinned.slug, pinned=True)
    found, decisions = standing.current(kept, SPACE, NOW + timedelta(days=30))
    assert [topic.slug for topic in found] == [pinned.slug]
    assert {d.verdict for d in decisions} == {"forgotten"} and f"topic:{gone.slug}" in {d.subject for d in decisions}


def test_two_topics_grown_alike_are_merged_into_the_older() -> None:
    first = day(themed(40, seed=1))
    old = first.standing[0]
    young = replace(old, slug="young", name="Young", first=old.first + timedelta(days=3))
    found, decisions = standing.current([young, old], SPACE, NOW + timedelta(days=3))
    assert [topic.slug for topic in found] == [old.slug]
    assert [(d.verdict, d.of) for d in decisions] == [("merged", old.slug)]


def test_words_that_no_longer_fit_are_drift() -> None:
    first = day(themed(40, seed=1))
    one, other, *_ = first.standing
    assert standing.drifted(one, other.words, SPACE) is not None
    assert standing.drifted(one, one.words, SPACE) is None
    assert standing.drifted(replace(one, pinned=True), other.words, SPACE) is None


def test_the_curator_renames_pins_and_merges() -> None:
    first = day(themed(40, seed=1))
    one, other, *_ = first.standing
    renamed = standing.change(first.standing, one.slug, name="My own heading")
    second = day(themed(40, seed=2), renamed, 1)
    assert headings(second)[one.slug] == "My own heading"
    merged = standing.merge(first.standing, one.slug, other.slug)
    third = day(themed(40, seed=2), merged, 1)
    assert one.slug not in headings(third) and other.slug in headings(third)
    with pytest.raises(KeyError):
        standing.change(first.standing, "nothing", pinned=True)


def test_a_section_above_the_maximum_is_cut_and_the_larger_part_keeps_the_name() -> None:
    first = day(themed(40, seed=1))
    many = themed(80, seed=2)
    found = group(many, (), minimum=2, maximum=12, now=NOW, space=SPACE, standing=first.standing)
    check(found, many, 2, 12)
    assert set(headings(first).items()) <= set(headings(found).items())
    assert set(verdicts(found).values()) <= {"split", "new"}


def test_times_are_those_given() -> None:
    found = day(themed(40, seed=1))
    assert all(d.at == NOW for d in found.decisions) and datetime(2025, 3, 11, 8, tzinfo=UTC) == NOW
