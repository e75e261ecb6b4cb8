"""Invented papers and issues for the store's tests."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from digest.model import (
    Answer,
    Author,
    Coverage,
    Decision,
    Fact,
    Issue,
    Item,
    Link,
    Paper,
    Point,
    Reason,
    Resolved,
    Scored,
    Section,
    Sighting,
    Signal,
    Source,
    SourceState,
    Term,
    Topic,
    Validator,
)
from digest.store import Store

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)
URL = "sqlite:///digest.db"


def store(home: Path) -> Store:
    return Store.open(URL, home)


def paper(number: int) -> Paper:
    return Paper(
        id=f"arxiv:2503.{number:05d}",
        keys=(f"arxiv:2503.{number:05d}", f"doi:10.1000/x{number}"),
        title=f"On the {number} uses of ünïcode\u2028 and 'quotes\"",
        abstract="We show that invented abstracts suffice. " * 20,
        authors=(Author(name="A. Nonymous", affiliation="Nowhere"), Author(name="Ö. Ther")),
        url=f"https://example.org/{number}",
        categories=("cs.CL", "cs.CV"),
        published=NOW - timedelta(days=1, microseconds=number),
        version=2,
        links=(Link(kind="code", url="https://example.org/code"),),
    )


def fold(number: int) -> str:
    return f"on the {number} uses"


def sighting(number: int, at: datetime = NOW, source: str = "arxiv") -> Sighting:
    return Sighting(paper_id=paper(number).id, source=source, at=at, guid=f"g{number}")


def signal(number: int, value: float = 3.0, at: datetime = NOW) -> Signal:
    return Signal(paper_id=paper(number).id, kind="upvotes", value=value, at=at, source="hf")


def decision(subject: str, of: str | None = None) -> Decision:
    return Decision(
        subject=subject, stage="dedupe", verdict="new", reason="never seen", at=NOW, of=of, numbers=(("likeness", 0.5),)
    )


def state(name: str = "arxiv") -> SourceState:
    return SourceState(
        name=name,
        status="fresh",
        since=NOW,
        batch=("a", "b"),
        validators=(Validator(url="https://example.org/feed", etag='"x"', fresh_until=NOW),),
        memory={"page": 3, "ids": ["x"]},
    )


def answer(name: str = "arxiv") -> Answer:
    return Answer(source=Source(name=name, kind="feed"), entries=(), state=state(name))


def resolved(numbers: range, at: datetime = NOW, source: str = "arxiv", updated: tuple[Paper, ...] = ()) -> Resolved:
    return Resolved(
        new=tuple(paper(number) for number in numbers),
        updated=updated,
        sightings=tuple(sighting(number, at, source) for number in numbers),
        signals=tuple(signal(number, at=at) for number in numbers),
        decisions=tuple(decision(f"{source}#{number}", paper(number).id) for number in numbers),
        outcomes=("new",) * len(numbers),
    )


def collect(target: Store, numbers: range, at: datetime = NOW, source: str = "arxiv") -> None:
    target.save_collected([answer(source)], resolved(numbers, at, source), at, {paper(n).id: fold(n) for n in numbers})


def issue(numbers: range, day: date = date(2025, 3, 11), newsletter: str = "daily") -> Issue:
    items = tuple(
        Item(
            paper=paper(number),
            score=1.5,
            terms=(Term(name="upvotes", value=3.0, level=0.1 + 0.2, weight=1.0, points=0.3),),
            reasons=(Reason(kind="upvotes", words="3 upvotes"),),
            tldr="Short.",
            facts=(Fact(kind="code", text="code", url="https://example.org"),),
            attention=(Point(day=day, value=3.0),),
            sources=("arxiv",),
            announcement="new",
            first_seen=NOW,
        )
        for number in numbers
    )
    topic = Topic(slug="language", name="Language", kind="given", colour=1)
    return Issue(
        newsletter=newsletter,
        title="Papers",
        day=day,
        made_at=NOW,
        window_start=NOW - timedelta(days=7),
        language="en",
        top=tuple(item.paper.id for item in items[:1]),
        sections=(Section(topic=topic, items=items, arrivals=(Point(day=day, value=2.0),), usual=None),),
        candidates=10,
        coverage=(Coverage(source="arxiv", status="fresh", entries=2, new=2, since=NOW),),
    )


def scored(number: int) -> Scored:
    term = Term(name="upvotes", value=3.0, level=1.0, weight=0.5, points=0.5)
    return Scored(paper_id=paper(number).id, total=0.5, terms=(term,), reasons=(Reason(kind="upvotes", words="3"),))


def recipients(count: int) -> list[tuple[str, str]]:
    return [(f"r{number}@example.org", f"<{number}@example.org>") for number in range(count)]
