"""Render, a paper's page: what is known of it, why it was printed, how attention grew, where it was seen, what is near
it, and how to cite it. Touched when a paper's page must say something else; all text goes through `safe` here.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from digest.model import Dossier, Edition, Item, Point, Shown, Signal, Topic
from digest.render import addresses, curves, safe, view, words
from digest.render.citations import citations
from digest.render.frame import Site, page
from digest.render.templates import Templates
from digest.render.view import Card

_AUTHORS, _DECISIONS, _DAYS = 200, 100, 400
_MEDIA = {"bibtex": "application/x-bibtex; charset=utf-8", "ris": "application/x-research-info-systems; charset=utf-8",
          "csl": "application/vnd.citationstyles.csl+json", "markdown": "text/markdown; charset=utf-8"}  # fmt: skip
_NAMES = {"bibtex": "BibTeX", "ris": "RIS", "csl": "CSL-JSON", "markdown": "Markdown"}
_KINDS = ("upvotes", "votes", "stars", "citations", "mentions", "comments")
_NOUNS = {"upvotes": "votes", "votes": "readers’ votes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Attention of one kind as one source counts it: the last value in words, and a drawing where there is one."""

    name: str
    now: str
    curve: curves.Curve | None


def paper_page(known: Dossier, site: Site, templates: Templates) -> tuple[Edition, ...]:
    """The page of a paper and the files of its citations beside it; nothing for an id that no file can be named by."""
    folder = addresses.of_paper(known.paper.id)
    if not folder:
        return ()
    card, shown = _card(known), known.shown[::-1]
    cited = citations(known.paper)
    made = page(
        "paper.html.j2",
        f"{folder}index.html",
        site,
        templates,
        title=card.title,
        description=card.tldr or card.abstract,
        kind="article",
        card=card,
        authors=_authors(known),
        more_authors=max(0, len(known.paper.authors) - _AUTHORS),
        facts=_facts(known),
        appearances=[_appearance(one, site) for one in shown],
        growths=_growths(known.signals),
        table=_by_day(known.signals),
        sightings=[_sighting(seen) for seen in known.sightings[:_DAYS]],
        decisions=[_decision(made) for made in known.decisions[-_DECISIONS:]],
        related=[_related(one, site) for one in known.related],
        citations=[
            {"name": _NAMES[form], "file": addresses.CITATIONS[form], "text": text} for form, text in cited.items()
        ],
    )
    files = (
        Edition(path=folder + addresses.CITATIONS[form], media_type=_MEDIA[form], body=text.encode())
        for form, text in cited.items()
    )
    return (made, *files)


def _card(known: Dossier) -> Card:
    """The paper as it was printed last, with what is known of it by now; as if printed where it never was."""
    if known.shown:
        last = known.shown[-1]
        item, topic = last.item, last.topic
    else:
        item = Item(
            paper=known.paper, score=0.0, terms=(), reasons=(), tldr="", facts=(), attention=(), sources=(),
            announcement="new", first_seen=known.first_seen,
        )  # fmt: skip
        topic = Topic(slug="", name="", kind="other")
    return view.card(_with_paper(item, known), topic)


def _with_paper(item: Item, known: Dossier) -> Item:
    from dataclasses import replace

    sources = tuple(dict.fromkeys(seen.source for seen in known.sightings))
    # "no votes yet" held when it was printed.
    facts = tuple(fact for fact in item.facts if fact.kind != "unvoted" or not known.signals)
    return replace(item, paper=known.paper, sources=sources or item.sources, facts=facts)


def _authors(known: Dossier) -> list[dict[str, str]]:
    people = known.paper.authors[:_AUTHORS]
    cleaned = [(safe.clean(one.name, 120), safe.clean(one.affiliation or "", 200)) for one in people]
    return [{"name": name, "place": place} for name, place in cleaned if name]


def _facts(known: Dossier) -> list[tuple[str, str]]:
    """What else is certain, as (what, value)."""
    paper = known.paper
    doi = next((key.partition(":")[2] for key in paper.keys if key.startswith("doi:")), "")
    arxiv = next((key.partition(":")[2] for key in paper.keys if key.startswith("arxiv:")), "")
    pairs = (
        ("Standing", "withdrawn" if paper.withdrawn else ""),
        ("Published", words.short_date(paper.published.date()) if paper.published else ""),
        ("Updated", _updated(known)),
        ("First seen here", words.short_date(known.first_seen.date())),
        ("Venue", safe.clean(paper.venue or "", 300)),
        ("Categories", ", ".join(safe.clean(name, 60) for name in paper.categories[:20])),
        ("Institution", safe.clean(paper.organisation or "", 200)),
        ("arXiv", safe.clean(arxiv, 60)),
        ("DOI", safe.clean(doi, 300)),
        ("Comment", safe.clean(paper.comment or "", 600)),
    )
    return [(name, value) for name, value in pairs if value]


def _updated(known: Dossier) -> str:
    paper = known.paper
    if not paper.updated or (paper.published and paper.updated.date() <= paper.published.date()):
        return ""
    version = f", version {paper.version}" if paper.version and paper.version > 1 else ""
    return words.short_date(paper.updated.date()) + version


def _appearance(shown: Shown, site: Site) -> dict[str, Any]:
    """An issue that printed it: where, why in words, and the score term by term."""
    item, home = shown.item, site.home(shown.newsletter)
    return {
        "issue": f"{safe.clean(shown.title, 120)}, {words.short_date(shown.day)}",
        "url": f"{home}{shown.day.isoformat()}/",
        "anchor": view.anchor(item.paper.id),
        "topic": safe.clean(shown.topic.name, 80),
        "topic_url": f"{home}topics/{view.anchor(shown.topic.slug)}/",
        "colour": shown.topic.colour % 8,
        "reasons": [safe.clean(reason.words, 200) for reason in item.reasons if reason.words.strip()],
        "score": f"{item.score:.2f}",
        "terms": [
            {
                "name": safe.clean(term.name, 60), "value": f"{term.value:,.4g}", "level": f"{term.level:.2f}",
                "weight": f"{term.weight:.2f}", "points": f"{term.points:+.3f}",
            }
            for term in sorted(item.terms, key=lambda term: -term.points)
        ],
    }  # fmt: skip


def _growths(signals: Sequence[Signal]) -> list[Growth]:
    """Each kind of attention as each source counts it, the most telling kind first."""
    made = []
    for (kind, source), points in sorted(_series(signals).items(), key=lambda one: _telling(*one[0])):
        noun = safe.clean(_NOUNS.get(kind, kind), 40)
        now = f"{points[-1].value:,.10g} {noun} at {safe.clean(source, 60)}, {words.short_date(points[-1].day)}"
        made.append(Growth(name=f"{noun} at {safe.clean(source, 60)}", now=now, curve=curves.curve(points, noun)))
    return made[:8]


def _series(signals: Sequence[Signal]) -> dict[tuple[str, str], list[Point]]:
    """The last value of each UTC day by (kind, source), oldest first."""
    days: defaultdict[tuple[str, str], dict[date, float]] = defaultdict(dict)
    for signal in sorted(signals, key=lambda one: (one.at, one.value)):
        days[signal.kind, signal.source][signal.at.date()] = signal.value
    return {key: [Point(day=day, value=value) for day, value in found.items()] for key, found in days.items()}


def _telling(kind: str, source: str) -> tuple[int, str, str]:
    """What series are in order of: the most telling kind first."""
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS), kind, source


def _by_day(signals: Sequence[Signal]) -> dict[str, Any]:
    """The same as a table: a row a day, a column for each kind and source."""
    series = _series(signals)
    heads = sorted(series, key=lambda key: _telling(*key))[:8]
    days = sorted({point.day for key in heads for point in series[key]}, reverse=True)[:_DAYS]
    at = {key: {point.day: f"{point.value:,.10g}" for point in series[key]} for key in heads}
    return {
        "heads": [f"{safe.clean(_NOUNS.get(kind, kind), 40)} ({safe.clean(source, 60)})" for kind, source in heads],
        "rows": [(words.short_date(day), [at[key].get(day, "") for key in heads]) for day in days],
    }


def _sighting(seen: Any) -> tuple[str, str, str]:
    version = f", version {seen.version}" if seen.version else ""
    return (
        f"{words.short_date(seen.at.date())}, {seen.at:%H:%M} UTC",
        safe.clean(seen.source, 60),
        seen.announcement + version,
    )


def _decision(made: Any) -> tuple[str, str, str]:
    what = f"{made.stage}: {made.verdict}"
    return (
        f"{words.short_date(made.at.date())}, {made.at:%H:%M} UTC",
        safe.clean(what, 80),
        safe.clean(made.reason, 300),
    )


def _related(one: Any, site: Site) -> dict[str, str]:
    title = safe.clean(one.paper.title, view.TITLE) or "(untitled)"
    here = site.page_of(one.paper.id) if one.here else ""
    return {
        "title": title,
        "dir": safe.direction(title),
        "url": here or safe.url(one.paper.url),
        "byline": words.authors(one.paper.authors)[0],
        "likeness": f"{one.likeness:.2f}",
    }
