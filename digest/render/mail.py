"""Render, mail: an issue as subject, HTML and text. Decides what fits.

Mail programs cut what is longer than about 100 kB, often the way out with it, so the HTML never is: the lowest ranked
papers move to the page. Touched when the mail has to keep to another limit.
"""

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
    reader = safe.clean(reader, 254)
    ranked = ranking(issue)
    whole = view(issue, masthead)
    subject = safe.clean(templates.render("subject.txt.j2", v=whole), _SUBJECT)
    html = _html(whole, templates, subject, reader)
    low, high = 0, len(ranked)
    if len(html.encode()) > MAX_HTML:
        # The most papers that fit, by halving: a paper more is never shorter.
        while low < high:
            middle = (low + high) // 2
            tried = view(issue, masthead, keep=frozenset(ranked[:middle]))
            made = _html(tried, templates, subject, reader)
            if len(made.encode()) <= MAX_HTML:
                low, html = middle + 1, made
            else:
                high = middle
    text = templates.render("mail.txt.j2", v=whole, reader=reader)
    return Mail(subject=subject, html=html, text=text)


def ranking(issue: Issue) -> tuple[str, ...]:
    """Ids of the issue's papers, most important first: the top of the day, then by score."""
    rest = sorted(issue.items, key=lambda item: -item.score)
    ids = (*issue.top, *(item.paper.id for item in rest))
    known = {item.paper.id for item in issue.items}
    return tuple(dict.fromkeys(identifier for identifier in ids if identifier in known))


def _html(shown: View, templates: Templates, subject: str, reader: str) -> str:
    preheader = safe.shorten(" · ".join(card.title for card in shown.cards[1:4]) or shown.size, _PREHEADER)
    return templates.render("mail.html.j2", v=shown, subject=subject, preheader=preheader, reader=reader)
