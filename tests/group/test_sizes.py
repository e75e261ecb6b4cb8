"""Whatever comes in, in whatever order: every paper under one heading, no section too small or too large."""

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from themes import NOW, check, paper, themed

from digest.group import fit, group
from digest.model import Paper, TopicRule

RULES = (TopicRule(name="Ice", words=("glacier",)), TopicRule(name="Reefs", words=("coral reef",), exclude=("polyp",)))
ODD = st.text(st.sampled_from(list("aZ9 .,-’$\\{}日本語かなßéñ\u202e\n")), max_size=60)


@st.composite
def days(draw: st.DrawFn) -> list[list[Paper]]:
    """One to three days of papers: some on themes, some odd, some that come again."""
    made: list[list[Paper]] = []
    number = 0
    for seed in range(draw(st.integers(1, 3))):
        alike = themed(draw(st.integers(0, 40)), seed)
        papers = [paper(10_000 + number + at, one.title, one.abstract) for at, one in enumerate(alike)]
        papers += [
            paper(20_000 + number + at, title, abstract)
            for at, (title, abstract) in enumerate(draw(st.lists(st.tuples(ODD, ODD), max_size=6)))
        ]
        again = draw(st.integers(0, 8)) if made else 0
        papers += made[-1][:again] if made else []
        number += 100
        made.append(papers)
    return made


@settings(max_examples=40, deadline=None)
@given(days(), st.integers(1, 9), st.integers(0, 30), st.booleans(), st.booleans(), st.randoms(use_true_random=False))
def test_every_paper_has_one_heading_and_sections_their_bounds(
    days: list[list[Paper]], minimum: int, room: int, ruled: bool, fitted: bool, chance: random.Random
) -> None:
    maximum = max(2, minimum) + room
    rules = RULES if ruled else ()
    space = fit([one for day in days for one in day]) if fitted else None
    before = group([], (), minimum=2, maximum=9, now=NOW).standing
    for at, papers in enumerate(days):
        now = NOW + timedelta(days=at)
        once = group(papers, rules, minimum=minimum, maximum=maximum, now=now, space=space, standing=before)
        check(once, papers, minimum, maximum)
        shuffled = chance.sample(papers, len(papers))
        assert once == group(shuffled, rules, minimum=minimum, maximum=maximum, now=now, space=space, standing=before)
        before = once.standing
