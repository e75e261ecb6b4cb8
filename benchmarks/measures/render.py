"""Speed of rendering: a 25-paper issue into all formats, against Jinja2 and css-inline alone doing the same output.

The floor is what is left when nothing is decided: the same templates, values ready made, run by a bare Jinja2, and the
mail's CSS inlined by css-inline after rendering. Ours cleans and arranges the issue first, but inlines once in all.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import css_inline
import jinja2

from digest.render import FORMATS, Templates, editions, feeds, layout, mail
from digest.render.editions import alternates
from digest.render.templates import shipped
from digest.render.view import view

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "render"))
import factory

ROUNDS, TIMES = 5, 10


def measure() -> dict[str, Any]:
    """Milliseconds an issue, best of five rounds of ten, and ours as a ratio of the floor (below 1 is faster)."""
    templates, issue = Templates(), factory.issue(25)
    ours = best(lambda: editions(issue, factory.MASTHEAD, templates, FORMATS))
    ours_mail = best(lambda: mail(issue, factory.MASTHEAD, templates))
    floor, floor_mail = _floors(templates, issue)
    return {
        "papers": 25,
        "formats": len(FORMATS),
        "all_formats_ms": round(ours * 1000, 2),
        "floor_ms": round(floor * 1000, 2),
        "ratio": round(ours / floor, 2),
        "mail_ms": round(ours_mail * 1000, 2),
        "mail_floor_ms": round(floor_mail * 1000, 2),
        "mail_ratio": round(ours_mail / floor_mail, 2),
        "first_use_ms": round(best(lambda: mail(issue, factory.MASTHEAD, Templates()), 1) * 1000, 2),
        "mail_bytes": len(mail(issue, factory.MASTHEAD, templates).html.encode()),
    }


def best(work: Callable[[], object], times: int = TIMES) -> float:
    """Seconds one call of `work` takes: the best of five rounds of `times`."""
    work()
    rounds = []
    for _ in range(ROUNDS):
        began = perf_counter()
        for _ in range(times):
            work()
        rounds.append((perf_counter() - began) / times)
    return min(rounds)


def _floors(templates: Templates, issue: Any) -> tuple[float, float]:
    """Seconds of the floor for all formats, and for HTML and text of the mail alone."""
    bare = jinja2.Environment(loader=jinja2.FileSystemLoader(shipped()), autoescape=True, trim_blocks=True)
    bare.filters.update(layout.FILTERS)
    bare.globals = {"theme": templates.theme}
    shown = view(issue, factory.MASTHEAD)
    feed = feeds.papers([shown], feeds.Frame(base=shown.url, title=shown.title), templates)
    css = bare.get_template("_mail.css.j2").render()
    inliner = css_inline.CSSInliner(
        keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False, extra_css=css
    )
    frame = {"v": shown, "title": shown.title, "site": shown.site, "language": "en", "direction": "ltr",
             "subject": "s", "preheader": "p", "reader": "", "feed": feed, "namespace_of_digests": "",
             "feeds": alternates(shown.home, shown.title)}  # fmt: skip

    def mail_alone() -> None:
        inliner.inline(bare.get_template("mail.html.j2").render(frame))
        bare.get_template("mail.txt.j2").render(frame)

    def all_alone() -> None:
        mail_alone()
        for name in ("rss.xml.j2", "atom.xml.j2", "issue.md.j2", "issue.html.j2"):
            bare.get_template(name).render(frame)
        feeds.body("json", feed, templates)

    return best(all_alone), best(mail_alone)


if __name__ == "__main__":
    print(measure())
