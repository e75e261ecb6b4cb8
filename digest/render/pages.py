"""Render, readers' pages: forms to join, change and leave, the words between them, and the letters that go with them.

Every page is one file without script. Touched when readers may say something new; what then happens is the web's and
operations' business. What comes in (an address to show again, a newsletter's title) is cleaned here.
"""

import re
from base64 import b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from digest.model import Correction, Issue, Mail, Masthead, Newsletter, Reader
from digest.render import markup, safe, words
from digest.render.templates import Templates

DENSITIES = (
    ("", "As the newsletter is"),
    ("headlines", "Headlines: title, authors, links"),
    ("short", "Short: a sentence on each paper as well"),
    ("full", "Full: also why it is here, and notes"),
)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page and the content security policy to send with it, which allows its own style sheet and nothing else."""

    body: bytes
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a page of few words says. `button` posts to `action` ("": the page's own address) and is `quiet` where few
    want it; `link` is (word, where to); `leave`: where to unsubscribe. All are optional."""

    title: str
    paragraphs: tuple[str, ...]
    button: str = ""
    action: str = ""
    link: tuple[str, str] = ("", "")
    quiet: bool = False
    leave: str = ""


def subscribe(
    masthead: Masthead,
    newsletters: Sequence[Newsletter],
    templates: Templates,
    *,
    address: str = "",
    chosen: Collection[str] = (),
    error: str = "",
) -> Page:
    """The form to join; with an `error` what was typed stands there again."""
    return page_of(
        "subscribe.html.j2",
        "Subscribe",
        masthead,
        templates,
        letters=_letters(newsletters, chosen or [letter.name for letter in newsletters]),
        address=safe.clean(address, 254),
        error=error,
    )


def preferences(
    masthead: Masthead,
    newsletters: Sequence[Newsletter],
    templates: Templates,
    reader: Reader,
    *,
    leave: str,
    today: date,
    error: str = "",
    saved: bool = False,
) -> Page:
    """The form of what `reader` gets; `leave` is where the page to unsubscribe is. The address is shown in part only:
    a link may be forwarded."""
    resting = reader.state == "paused" and (reader.paused_until is None or reader.paused_until > today)
    return page_of(
        "preferences.html.j2",
        "Preferences",
        masthead,
        templates,
        letters=_letters(newsletters, reader.newsletters or [letter.name for letter in newsletters]),
        densities=[{"value": value, "words": words, "on": value == reader.density} for value, words in DENSITIES],
        until=reader.paused_until.isoformat() if resting and reader.paused_until else "",
        day=f"{reader.paused_until.day} {reader.paused_until:%B %Y}" if reader.paused_until else "",
        resting=resting,
        today=today.isoformat(),
        whom=masked(reader.address),
        leave=leave,
        error=error,
        saved=saved,
    )


def unsubscribe(masthead: Masthead, templates: Templates, whom: str, instead: str) -> Page:
    """The page with one button that ends it all; `instead` is where preferences are, "" for nowhere."""
    return page_of("unsubscribe.html.j2", "Unsubscribe", masthead, templates, whom=masked(whom), instead=instead)


def message(masthead: Masthead, templates: Templates, words: Words) -> Page:
    """A page that says something, perhaps with a button."""
    return page_of("message.html.j2", words.title, masthead, templates, words=words)


def correction(masthead: Masthead, templates: Templates, issue: Issue, found: Correction) -> Mail:
    """The short mail of a correction, with links to the issue and away from the newsletter."""
    titles = {item.paper.id: safe.clean(item.paper.title, 300) for item in issue.items}
    about = titles.get(found.paper_id or "", "")
    day, title = words.long_date(issue.day), safe.clean(issue.title, 120)
    said = Words(
        title=f"A correction to the issue of {day}",
        paragraphs=(
            f"A correction to {title} of {day}{f', “{about}”' if about else ''}:",
            *(part for part in markup.plain(found.note).split("\n\n") if part.strip()),
        ),
        link=("The issue with its correction", f"{masthead.url.rstrip('/')}/{quote(issue.newsletter)}/{issue.day}/"),
        leave=safe.url(masthead.unsubscribe),
    )
    return letter(masthead, templates, f"Correction: {title}, {day}", said)


def letter(masthead: Masthead, templates: Templates, subject: str, words: Words) -> Mail:
    """A mail of few words and a link, which is `words.link`."""
    subject = safe.clean(subject, 140)
    values: dict[str, Any] = {"masthead": site_of(masthead), "subject": subject, "words": words}
    return Mail(
        subject=subject,
        html=templates.render("letter.html.j2", **values),
        text=templates.render("letter.txt.j2", **values),
    )


def masked(address: str) -> str:
    """``a…@example.org``: enough for its owner to know it, too little for anybody else to write to."""
    name, _, domain = safe.clean(address, 254).rpartition("@")
    return f"{name[:1]}…@{domain}" if name else ""


def _letters(newsletters: Sequence[Newsletter], chosen: Collection[str]) -> list[dict[str, Any]]:
    return [
        {
            "name": letter.name,
            "title": safe.clean(letter.title, 120),
            "words": markup.plain(letter.introduction)[:200],
            "on": letter.name in chosen,
        }
        for letter in newsletters
    ]


def site_of(masthead: Masthead) -> dict[str, str]:
    """What pages and letters say of their publisher."""
    return {
        "title": safe.clean(masthead.title, 120),
        "contact": safe.clean(masthead.contact, 200),
        "address": safe.clean(masthead.address, 300),
        "url": safe.url(masthead.url),
    }


def page_of(name: str, title: str, masthead: Masthead, templates: Templates, **values: Any) -> Page:
    """A template as a page with the policy it needs: its own style sheet, forms to this site, nothing else."""
    site = site_of(masthead)
    common = {"site": site["title"], "language": "en", "direction": "ltr", "feeds": (), "here": ""}
    body = templates.render(name, title=title, masthead=site, **common, **values)
    hashes = " ".join(f"'sha256-{_digest(style)}'" for style in _STYLE.findall(body)) or "'none'"
    image = "img-src https:; " if templates.theme.logo else ""
    rest = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    return Page(body=body.encode(), policy=f"default-src 'none'; style-src {hashes}; {image}{rest}")


def _digest(style: str) -> str:
    return b64encode(sha256(style.encode()).digest()).decode()
