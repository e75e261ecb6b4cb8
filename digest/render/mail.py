"""Render, mail: an issue as subject, HTML and text. Decides what fits.

Mail programs cut what is longer than about 100 kB, often the way out with it, so the HTML never is: the lowest ranked
papers move to the page. Touched when the mail has to keep to another limit.
"""

from collections.abc import Callable
from dataclasses import replace

from markupsafe import Markup

from digest.model import Issue, Mail, Masthead
from digest.render import safe
from digest.render.templates import Templates
from digest.render.view import View, view

MAX_HTML = 102_400
_SUBJECT, _PREHEADER = 140, 160


def mail(issue: Issue, masthead: Masthead, templates: Templates, reader: str = "") -> Mail:
    """`issue` as a mail to `reader` (an address, or "" where there is none yet). The HTML is at most `MAX_HTML` bytes
    of UTF-8: what does not fit, lowest ranked first and the top of the day last, is counted as "more on the web".
    Raises `errors.TemplateError`."""
    return of_view(view(issue, masthead), issue, masthead, templates, safe.clean(reader, 254))


def of_view(whole: View, issue: Issue, masthead: Masthead, templates: Templates, reader: str) -> Mail:
    """`mail` for who has the view of the issue already."""
    subject = safe.clean(templates.render("subject.txt.j2", v=whole), _SUBJECT)

    ways = {name: tuple(map(safe.url, both)) for name, both in masthead.votes.items()}

    def html(shown: View) -> str:
        preheader = safe.shorten(" · ".join(card.title for card in whole.cards[1:4]) or whole.size, _PREHEADER)
        return templates.render(
            "mail.html.j2", v=shown, subject=subject, preheader=preheader, reader=reader, votes=ways
        )

    made = html(whole)
    if len(made.encode()) > MAX_HTML:
        made = _fitting(issue, masthead, html)
    return Mail(subject=subject, html=made, text=templates.render("mail.txt.j2", v=whole, reader=reader, votes=ways))


def _fitting(issue: Issue, masthead: Masthead, html: Callable[[View], str]) -> str:
    """The HTML with as many papers as fit, found by halving: a paper more is never shorter."""
    ranked = ranking(issue)
    made, low, high = "", 0, len(ranked)
    while low < high:
        middle = (low + high) // 2
        tried = html(view(issue, masthead, keep=frozenset(ranked[:middle])))
        if len(tried.encode()) <= MAX_HTML:
            made, low = tried, middle + 1
        else:
            high = middle
    # An editor's note or a list of topics that fills the mail alone goes to the page as well.
    bare = view(issue, masthead, keep=frozenset())
    return made or html(replace(bare, note=Markup(""), glance=(), groups=(), updated=()))


def ranking(issue: Issue) -> tuple[str, ...]:
    """Ids of the issue's papers, most important first: the top of the day, then by score."""
    rest = sorted(issue.items, key=lambda item: -item.score)
    ids = (*issue.top, *(item.paper.id for item in rest))
    known = {item.paper.id for item in issue.items}
    return tuple(dict.fromkeys(identifier for identifier in ids if identifier in known))
