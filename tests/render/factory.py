"""Invented issues: an ordinary day, a quiet one, an empty one, a hostile one. Values only."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from digest.model import (
    Author,
    Coverage,
    Fact,
    Issue,
    Item,
    Link,
    Masthead,
    Newsletter,
    Paper,
    Point,
    Reason,
    Section,
    Term,
    Topic,
)

DAY = date(2025, 6, 5)
NOW = datetime(2025, 6, 5, 5, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=2)
MASTHEAD = Masthead(
    title="Papers today",
    url="https://papers.example.org",
    contact="editor@example.org",
    address="Papers today, Rua das Flores 12, 4050 Porto, Portugal",
    unsubscribe="https://papers.example.org/u/abc123",
    preferences="https://papers.example.org/p/abc123",
)
NEWSLETTER = Newsletter(name="daily", title="Papers today", schedule="0 7 * * *", timezone="Europe/Lisbon")
TOPICS = ("Language models", "Vision", "Robotics", "Medical imaging")
NAMES = ("Ines Carvalho", "Tomasz Wilk", "Aiko Mori", "R. Haddad", "Yi-Ting Lo", "Sofía Peña", "M. Okafor", "Jun Park")
TITLES = (
    "Small Models Learn Faster from Ordered Mistakes",
    "One Camera, Whole Room: Metric 3D from a Single Turn",
    "A Cache That Forgets on Purpose",
    "Why Do Translators Hedge? Uncertainty in 31 Languages",
    "Hands That Ask First",
    "Counting Cells without a Count: Weak Labels at 𝒪(n²)",
)
TLDRS = (
    "Feeding a 1B model its own errors from easy to hard halves the tokens it needs to reach a given accuracy.",
    "A single slow turn of a phone recovers a room to 2 cm, with no depth sensor, by tying scale to the person’s gait.",
    "Dropping the least surprising half of the attention cache keeps answers unchanged up to 500k tokens.",
    "Systems hedge most where reference translations disagree, and alignment explains half of it.",
    "A gripper that pauses when its forecast of touch is unsure breaks 8x fewer objects and loses 6 % of speed.",
    "Slides labelled only as healthy or ill are enough to count cells within 4 % of two pathologists.",
)
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% for x in range(9) %}{% raw %} ${jndi:ldap://x}",
    "abc\u202egnp.exe\u202c \u2066right\u2069 zero\u200bwidth\ufeff",
    "controls \x00\x0b\x1b[31m\x7f\x85 and \ud800 and \ufffe",
    "line\r\nBcc: victim@example.org\r\n\r\nbody",
    "]]> --> </title></style></script> <!-- <![endif]",
    "z" + "\u0301" * 500 + "algo",
    "🧑‍🔬 研究 نص عربي e\u0301 𝒪(n²) $5",
    '" onmouseover="alert(1)" x=\'',
    "A" * 100_000,
    "&lt;b&gt; &amp;amp; &#0; &nosuch;",
    "[link](javascript:alert(1)) **bold** `code`\n# head",
    "",
    "   \u200b ",
    "כותרת בעברית",
)


def paper(number: int, title: str, **changes: object) -> Paper:
    """An invented paper; `changes` replace its fields."""
    first = Paper(
        id=f"arxiv:2506.{number:05d}",
        keys=(f"arxiv:2506.{number:05d}",),
        title=title,
        abstract=f"{TLDRS[number % len(TLDRS)]} We show this on four sets, with code. It costs little.",
        authors=tuple(Author(name=name) for name in NAMES[: 1 + number % 8]),
        url=f"https://arxiv.org/abs/2506.{number:05d}",
        categories=("cs.CL", "cs.LG"),
        published=NOW - timedelta(hours=20 + number),
        links=(
            Link(kind="pdf", url=f"https://arxiv.org/pdf/2506.{number:05d}"),
            Link(kind="code", url=f"https://github.com/example/{number}"),
        ),
    )
    return replace(first, **changes)  # type: ignore[arg-type]


def item(number: int, made: Paper | None = None, **changes: object) -> Item:
    """An item with badges, reasons and a history of attention by its number."""
    made = made or paper(number, TITLES[number % len(TITLES)])
    facts = (Fact(kind="code", text="code"), Fact(kind="venue", text="accepted at ICLR"))
    history = tuple(Point(day=DAY - timedelta(days=4 - i), value=float(i * i + number)) for i in range(5))
    first = Item(
        paper=made,
        score=100.0 - number,
        terms=(Term(name="upvotes", value=38, level=0.98, weight=1, points=0.98),),
        reasons=(
            Reason(kind="upvotes", words="38 votes in a day (more than 98 % of papers this old)"),
            Reason(kind="sources", words="seen in 3 sources"),
        ),
        tldr=TLDRS[number % len(TLDRS)],
        facts=facts if number % 3 == 0 else (Fact(kind="unvoted", text="no votes yet"),) if number % 3 == 1 else (),
        attention=history if number % 2 == 0 else (),
        sources=("arxiv", "hf"),
        announcement="new",
        first_seen=NOW - timedelta(hours=3),
    )
    return replace(first, **changes)  # type: ignore[arg-type]


def issue(papers: int = 25, top: int = 3, **changes: object) -> Issue:
    """An ordinary day of `papers` papers under up to four topics."""
    items = [item(number) for number in range(papers)]
    sections = tuple(
        Section(
            topic=Topic(slug=name.lower().replace(" ", "-"), name=name, kind="given", colour=i),
            items=tuple(items[i::4]),
            waiting=(22, 0, 7, 1)[i],
            arrivals=tuple(
                Point(day=DAY - timedelta(days=13 - d), value=float(4 + (d * (i + 3)) % 9)) for d in range(14)
            ),
            today=(24, 19, 8, 3)[i],
            usual=(14.0, 19.0, 5.7, 5.0)[i],
            also=tuple(
                (f"{TITLES[n]}, Again", f"https://arxiv.org/abs/2506.9{i}{n:03d}") for n in range((5, 0, 6, 1)[i])
            ),
        )
        for i, name in enumerate(TOPICS)
        if items[i::4]
    )
    made = Issue(
        newsletter="daily",
        title="Papers today",
        day=DAY,
        made_at=NOW,
        window_start=NOW - timedelta(days=7),
        language="en",
        top=tuple(each.paper.id for each in items[:top]),
        sections=sections,
        candidates=papers + 206 if papers else 0,
        coverage=(
            Coverage(source="arxiv", status="fresh", entries=231, new=180),
            Coverage(source="hf", status="quiet", entries=0, new=0),
            Coverage(source="journal", status="failed", entries=0, new=0, since=SINCE, error="HTTP 503"),
        ),
        introduction="Two groups reached the same *cache trick* within a day of each other; both are below. "
        "See [the notes](https://papers.example.org/notes).",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def hostile(texts: tuple[str, ...] = HOSTILE) -> Issue:
    """An issue whose every text is one of `texts`, and whose links try to run something."""
    items = []
    for number, text in enumerate(texts):
        made = paper(
            number,
            text,
            abstract=text,
            authors=(Author(name=text, affiliation=text), Author(name="")),
            url="javascript:alert(1)" if number % 2 else f"https://example.org/{number}?a=1&b=<>",
            categories=(text,),
            links=(Link(kind="pdf", url="data:text/html,x"), Link(kind="code", url='https://example.org/"><b>')),
            published=None,
        )
        reasons = (Reason(kind="x", words=text),)
        facts = (Fact(kind=text[:10], text=text, url="javascript:1"),)
        items.append(item(number, made, tldr=text, note=text, reasons=reasons, facts=facts))
    first = issue(0)
    topic = Topic(slug='x" onclick="1', name=texts[0] or "Other", kind="discovered", colour=3)
    also = tuple(
        (text, ("javascript:alert(1)", 'https://example.org/"><b>', "")[n % 3]) for n, text in enumerate(texts)
    )
    section = Section(topic=topic, items=tuple(items), waiting=len(texts) + 3, also=also)
    coverage = (Coverage(source=texts[0] or "x", status="failed", entries=1, new=1, error=texts[-1]),)
    return replace(
        first,
        title=texts[0] or "x",
        sections=(section,),
        top=(items[0].paper.id,),
        candidates=len(items),
        coverage=coverage,
        introduction="\n\n".join(texts),
    )
