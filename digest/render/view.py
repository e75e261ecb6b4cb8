"""Render, the view: what every edition of an issue says, in reading order, as clean strings ready to print.

Decides content only (no markup but the editor's); the templates decide the looks. Touched when an edition must say
something else. All text here went through `safe`, so a template only has to escape.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from urllib.parse import quote

from digest.model import Fact, Issue, Item, Masthead, Section, Topic
from digest.render import markup, safe, updates, words
from digest.render.charts import bars
from digest.render.shapes import Amendment as Amendment
from digest.render.shapes import Card as Card
from digest.render.shapes import Group as Group
from digest.render.shapes import View as View

TITLE, TLDR, ABSTRACT = 300, 600, 6000
_REASONS = 4  # in a line of the mail; more is noise
_NEW = timedelta(days=1)


def view(issue: Issue, masthead: Masthead, keep: frozenset[str] | None = None) -> View:
    """`issue` as printed. With `keep`, only papers of these ids; the others count as moved to the page."""
    issue = updates.marked(issue)
    topic_of = {item.paper.id: section.topic for section in issue.sections for item in section.items}
    fresh = {item.paper.id for item in issue.items if issue.made_at - item.first_seen < _NEW}
    fresh = fresh if len(fresh) < len(issue.items) else set()  # what holds for all tells nothing
    made = {item.paper.id: card(item, topic_of[item.paper.id], item.paper.id in fresh) for item in issue.items}
    shown = [identifier for identifier in made if keep is None or identifier in keep]
    top = tuple(made[identifier] for identifier in issue.top if identifier in shown)
    groups = tuple(_groups(issue, made, set(shown)))
    home = masthead.url.rstrip("/")
    return View(
        title=safe.clean(issue.title, 120),
        site=safe.clean(masthead.title, 120),
        day=issue.day,
        date=words.long_date(issue.day),
        made_at=issue.made_at,
        language=safe.clean(issue.language, 20) or "en",
        direction=words.direction_of(issue.language),
        url=f"{home}/{quote(issue.newsletter)}/{issue.day.isoformat()}/",
        home=f"{home}/{quote(issue.newsletter)}/",
        size=words.size_of(len(made), issue.candidates),
        minutes=words.minutes([f"{c.title} {c.byline} {c.tldr} {c.why} {c.note_text}" for c in made.values()]),
        papers=len(made),
        moved=len(made) - len(shown),
        note=markup.html(issue.introduction),
        note_text=markup.plain(issue.introduction),
        corrections=tuple(_amendments(issue)),
        glance=tuple(group for group in groups if group.bars),
        top=top,
        groups=tuple(group for group in groups if group.cards or group.waiting or group.moved),
        updated=updates.lines(issue, f"{home}/"),
        coverage=words.coverage(issue.coverage, issue.day),
        trouble=words.trouble(issue.coverage),
        contact=safe.clean(masthead.contact, 200),
        address=safe.clean(masthead.address, 300),
        unsubscribe=safe.url(masthead.unsubscribe) or safe.mailto(masthead.contact, f"Unsubscribe {issue.newsletter}"),
        preferences=safe.url(masthead.preferences),
    )


def _amendments(issue: Issue) -> Iterable[Amendment]:
    titles = {item.paper.id: item.paper.title for item in issue.items}
    for each in issue.corrections:
        yield Amendment(
            at=each.at,
            date=words.short_date(each.at.date()),
            title=safe.clean(titles.get(each.paper_id or "", ""), TITLE),
            note=markup.html(each.note),
            note_text=markup.plain(each.note),
        )


def _groups(issue: Issue, made: dict[str, Card], shown: set[str]) -> Iterable[Group]:
    top = set(issue.top)
    for section in issue.sections:
        ids = [item.paper.id for item in section.items if item.paper.id not in top]
        yield Group(
            slug=anchor(section.topic.slug),
            name=safe.clean(section.topic.name, 80),
            colour=section.topic.colour % 8,
            cards=tuple(made[identifier] for identifier in ids if identifier in shown),
            waiting=section.waiting,
            also=tuple(_also(section)),
            moved=sum(identifier not in shown for identifier in ids),
            bars=bars(section.arrivals, "papers a day"),
            today=words.against_usual(section.today, section.usual),
        )


def _also(section: Section) -> Iterable[tuple[str, str, str]]:
    for title, address in section.also:
        title = safe.clean(title, TITLE) or "(untitled)"
        yield title, safe.url(address), safe.direction(title)


def card(item: Item, topic: Topic, new: bool = False) -> Card:
    """One paper as printed; `new` gives it a badge that says so."""
    paper = item.paper
    title = safe.clean(paper.title, TITLE) or "(untitled)"
    abstract = safe.clean(paper.abstract, ABSTRACT)
    byline, institution = words.authors(paper.authors)
    facts = (updates.BADGE, *item.facts) if paper.withdrawn else item.facts
    return Card(
        id=paper.id,
        anchor=anchor(paper.id),
        title=title,
        url=safe.url(paper.url) or next((address for _, address in _links(item)), ""),
        language=safe.clean(paper.language or "", 20),
        title_dir=safe.direction(title),
        text_dir=safe.direction(item.tldr or abstract),
        byline=byline,
        institution=institution or safe.clean(paper.organisation or "", 80),
        sources=words.names(item.sources),
        authors=tuple(name for person in paper.authors[:500] if (name := safe.clean(person.name, 80))),
        topic=safe.clean(topic.name, 80),
        colour=topic.colour % 8,
        badges=tuple(_badges((Fact(kind="new", text="new"), *facts) if new else facts)),
        tldr=safe.clean(item.tldr, TLDR),
        original=safe.clean(item.tldr_original, TLDR),
        abstract=abstract,
        why=" · ".join(_why(item)),
        note=markup.html(item.note),
        note_text=markup.plain(item.note),
        links=tuple(_links(item)),
        attention=bars(item.attention, "attention over time"),
        categories=tuple(dict.fromkeys(safe.clean(name, 80) for name in paper.categories[:20])),
        origin=_origin(item),
        published=paper.published,
        updated=paper.updated,
        math=tuple((safe.clean(plain, 200), safe.clean(tex, 200)) for plain, tex in paper.math[:20]),
        item=item,
        heading=topic,
    )


def _origin(item: Item) -> str:
    """Who announced the paper, under which categories, and when it was published, as far as known."""
    names = words.names(item.sources, 8)
    published = item.paper.published
    parts = (
        f"announced by {names}" if names else "",
        ", ".join(safe.clean(name, 40) for name in item.paper.categories[:8]),
        f"published {words.short_date(published.date())}" if published else "",
    )
    return " · ".join(part for part in parts if part)


def _why(item: Item) -> Iterable[str]:
    """The reasons as printed, strongest first: at most four, without those that a badge of the same kind says already
    or that hold for every new paper, unless nothing that speaks for it is left. `digest explain` prints them all."""
    told = [(reason.kind, safe.clean(reason.words, 200)) for reason in item.reasons if reason.words.strip()]
    told = [(kind, words.replace("\u2009%", "\u202f%")) for kind, words in told]  # no line begins with a %
    badged = {fact.kind for fact in item.facts} | {"fresh"}
    telling = [(kind, words) for kind, words in told if kind not in badged]
    chosen = telling if any(kind != "unvoted" for kind, _ in telling) else told
    return [words for _, words in chosen[:_REASONS]]


def anchor(text: str) -> str:
    """`text` as an id in a page: letters, digits and hyphens."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in text)[:80].strip("-") or "x"


def _badges(facts: Sequence[Fact]) -> Iterable[Fact]:
    for fact in facts[:6]:
        text = safe.clean(fact.text, 40)
        if text:
            yield Fact(kind=safe.clean(fact.kind, 20), text=text, url=safe.url(fact.url) or None)


def _links(item: Item) -> Iterable[tuple[str, str]]:
    """The paper first, then one link a kind, in the order of `words.LINK_WORDS`; no address twice."""
    first = safe.url(item.paper.url)
    found = {"paper": first} if first else {}
    for link in item.paper.links:
        address = safe.url(link.url)
        if address and link.kind in words.LINK_WORDS and address not in found.values():
            found.setdefault(link.kind, address)
    for kind, word in words.LINK_WORDS.items():
        if kind in found:
            yield word, found[kind]
