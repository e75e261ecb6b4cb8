"""What topics remember between issues: first headings from history, charts only where there is a past, rises."""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from digest import topics
from digest.model import Candidate, Grouping, Newsletter, Point, StandingTopic, Topic, TopicRule

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "group"))
from themes import paper, themed

NOW = datetime(2025, 3, 31, 8, tzinfo=UTC)
DAILY = Newsletter(name="daily", title="Daily", schedule="0 7 * * *", timezone="UTC")


def came(days_ago: int, many: int, seed: int) -> list[Candidate]:
    """`many` candidates on four themes, first seen so many days ago."""
    found = []
    for number, one in enumerate(themed(many, seed=seed)):
        made = paper(seed * 1000 + number, one.title, one.abstract)
        found.append(Candidate(paper=made, first_seen=NOW - timedelta(days=days_ago)))
    return found


def test_headings_of_a_first_issue_come_from_history() -> None:
    earlier, today = came(20, 400, 1), came(0, 6, 2)
    grouping, fitted = topics.grouped(DAILY, today, [*earlier, *today], topics.Past(), NOW)
    assert len(grouping.standing) >= 4, "four themes, though today alone shows hardly any of them"
    alone, _ = topics.grouped(DAILY, today, today, topics.Past(), NOW)
    assert len(alone.standing) < 4
    assert {one.verdict for one in grouping.decisions if one.subject.startswith("topic:")} >= {"new"}
    assert set(fitted) == {"topic space", "standing topics of daily"}
    again = topics.grouped(DAILY, today, [*earlier, *today], topics.Past(), NOW)
    assert again == (grouping, fitted), "the same input gives the same bytes"


def _series(kind: str, past: topics.Past, population: list[Candidate]) -> topics.Arrivals:
    topic = Topic(slug="coral", name="Coral", kind=kind)  # type: ignore[arg-type]
    under = {one.paper.id: "coral" for one in population if "coral" in one.paper.title and one.first_seen == NOW}
    grouping = Grouping(topics=(topic,), topic_of=under, tags={})
    return topics.arrivals(DAILY, population, grouping, past, {"coral": len(under)}, NOW.date())


def test_a_heading_found_today_has_no_chart_and_an_old_one_what_was_recorded() -> None:
    population = [one for ago in range(10) for one in came(ago, 8, ago + 1)]
    assert _series("discovered", topics.Past(), population).series == {}
    recorded = tuple(Point(day=date(2025, 3, day), value=3.0) for day in (27, 28, 29, 30))
    found = _series("discovered", topics.Past(recorded={"coral": recorded}), population)
    assert found.series["coral"] == (*recorded, Point(day=NOW.date(), value=2.0)) and found.usual("coral") == 3.0
    assert _series("discovered", topics.Past(recorded={"coral": recorded[:1]}), population).usual("coral") is None


def test_a_rise_is_told_by_weeks_where_four_are_known_else_by_days() -> None:
    rules = (TopicRule(name="Coral", words=("coral",)),)
    population = [one for ago in range(28) for one in came(ago, 24 if ago < 7 else 8, ago + 1)]
    found = _series("given", topics.Past(rules=rules), population)
    trend, when = found.trend("coral")
    assert (trend.direction, trend.times, when) == ("rising", "3x", "this week")
    population = [one for ago in range(9) if ago not in (2, 3) for one in came(ago, 40 if ago == 0 else 8, ago + 1)]
    found = _series("given", topics.Past(rules=rules), population)
    trend, when = found.trend("coral")
    assert (trend.direction, trend.times, when) == ("rising", "5x", "today"), "days without any paper do not count"
    assert found.usual("coral") == 2.0


def test_a_standing_topic_is_kept_as_it_is() -> None:
    day = NOW.date()
    one = StandingTopic(slug="a", name="Ä", words=(("wort", 0.5),), first=day, last=day, pinned=True)
    assert list(topics.kept(DAILY, [one])) == ["standing topics of daily"]
