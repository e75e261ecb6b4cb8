"""Render, the editor's desk: the page on which a draft is decided, the mail that asks for it, and the form to propose.

Pages are single files without script, fit for a phone. Touched when an editor may decide something more. Everything of
a paper or a proposal is strangers' text and cleaned here.
"""

from collections.abc import Sequence
from typing import Any

from digest.model import Draft, Item, Mail, Masthead, Proposal
from digest.render import safe
from digest.render.pages import Page, page_of, site_of
from digest.render.templates import Templates


def draft(
    masthead: Masthead,
    templates: Templates,
    of: Draft,
    proposals: Sequence[Proposal],
    *,
    until: str,
    said: str = "",
    error: str = "",
) -> Page:
    """The form of a draft that waits; `until` is what becomes of it when, `said` and `error` answer the last press."""
    return page_of(
        "desk.html.j2",
        f"Draft of {_day(of)}",
        masthead,
        templates,
        rows=rows(of),
        introduction=of.issue.introduction if of.edits.introduction is None else of.edits.introduction,
        proposals=[_proposal(each) for each in proposals],
        title_of=safe.clean(of.issue.title, 120),
        until=until,
        said=said,
        error=error,
    )


def propose(masthead: Masthead, templates: Templates, given: dict[str, str], error: str = "") -> Page:
    """The form to propose a paper; with an `error` what was typed stands there again."""
    shown = {name: safe.clean(given.get(name, ""), 2000) for name in ("paper", "note", "credit")}
    return page_of("propose.html.j2", "Propose a paper", masthead, templates, given=shown, error=error)


def letter(
    masthead: Masthead, templates: Templates, of: Draft, proposals: Sequence[Proposal], *, link: str, until: str
) -> Mail:
    """The mail that asks the editor: the draft, its runners-up and what readers propose; `link` is the page ("" where
    there is none)."""
    subject = safe.clean(f"Draft: {of.issue.title}, {_day(of)}, {len(of.issue.items)} papers", 140)
    shown = rows(of)
    values: dict[str, Any] = {
        "masthead": site_of(masthead),
        "subject": subject,
        "papers": [row for row in shown if not row["waits"]],
        "runners_up": [row for row in shown if row["waits"]],
        "proposals": [_proposal(each) for each in proposals],
        "issue_id": of.issue.id,
        "link": link,
        "until": until,
    }
    return Mail(
        subject=subject,
        html=templates.render("draft.html.j2", **values),
        text=templates.render("draft.txt.j2", **values),
    )


def rows(of: Draft) -> list[dict[str, Any]]:
    """Every paper of a draft, then every runner-up, each as it stands: number, title, whether it is printed and where
    the editor put it."""
    papers = [(item, section.topic.name, "") for section in of.issue.sections for item in section.items]
    waiting = [(one.item, one.topic.name, one.why) for one in of.runners_up]
    place = {name: number for number, name in enumerate(of.edits.order, 1)}
    return [
        {
            **_paper(item),
            "number": number,
            "topic": safe.clean(topic, 60),
            "waits": bool(number > len(papers)),
            "why": why and safe.clean(why, 200),
            "place": place.get(item.paper.id, ""),
            "top": item.paper.id in of.issue.top,
            "printed": item.paper.id not in of.edits.dropped
            and (number <= len(papers) or item.paper.id in of.edits.pinned),
            "note": safe.clean_lines(of.edits.notes.get(item.paper.id, item.note), 5_000),
        }
        for number, (item, topic, why) in enumerate([*papers, *waiting], 1)
    ]


def _day(of: Draft) -> str:
    return f"{of.issue.day.day} {of.issue.day:%B %Y}"


def _paper(item: Item) -> dict[str, Any]:
    names = [author.name for author in item.paper.authors]
    return {
        "id": item.paper.id,
        "title": safe.clean(item.paper.title, 300),
        "url": safe.url(item.paper.url or ""),
        "authors": safe.clean(", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else ""), 200),
        "tldr": safe.clean(item.tldr, 500),
        "reasons": safe.clean("; ".join(reason.words for reason in item.reasons), 300),
    }


def _proposal(one: Proposal) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": safe.clean(one.title or one.spelling, 300),
        "url": safe.url(one.spelling),
        "note": safe.clean(one.note, 500),
        "credit": safe.clean(one.credit, 80),
    }
