"""Render, the "updated" section and marks of what was withdrawn: as clean strings, ready to print.

Touched when an update must say something else; the templates decide how it looks.
"""

from dataclasses import dataclass, replace

from digest.model import Fact, Issue
from digest.render import safe

_WORDS = 240
BADGE = Fact(kind="withdrawn", text="withdrawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A known paper that changed: `words` say what; `issue` is the address of the page that printed it, or ""."""

    id: str
    kind: str
    title: str
    title_dir: str
    url: str
    words: str
    issue: str


def lines(issue: Issue, root: str) -> tuple[Line, ...]:
    """The updates of an issue; `root` is the site's address, ending in a slash."""
    return tuple(
        Line(
            id=safe.clean(one.paper.id, 200),
            kind=one.kind,
            title=safe.clean(one.paper.title, 300),
            title_dir=safe.direction(one.paper.title),
            url=safe.url(one.paper.url),
            words=safe.clean(one.words, _WORDS),
            issue=f"{root}{one.issue}/" if one.issue else "",
        )
        for one in issue.updated
    )


def marked(issue: Issue) -> Issue:
    """The issue with what was withdrawn since known as such; its cards get a badge."""
    if not issue.withdrawn:
        return issue
    gone = set(issue.withdrawn)
    sections = (
        replace(
            section,
            items=tuple(
                replace(item, paper=replace(item.paper, withdrawn=True)) if item.paper.id in gone else item
                for item in section.items
            ),
        )
        for section in issue.sections
    )
    return replace(issue, sections=tuple(sections))
