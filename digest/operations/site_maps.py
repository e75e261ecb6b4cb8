"""What crawlers are told: lists of the site's pages (sitemaps.org), one a month, so that an issue changes one of them.

Touched when the site gains a kind of page that search engines should find.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from digest.config import Plan
from digest.model import Edition
from digest.render import addresses, site, topic_page
from digest.render.frame import Site

if TYPE_CHECKING:
    from digest.store import Store


def index(months: Sequence[date], of: Site) -> Edition:
    """The list of lists."""
    parts: list[tuple[str, date | None]] = [("sitemap-pages.xml", None)]
    return site.sitemap_index([*parts, *((f"sitemap-{month:%Y-%m}.xml", None) for month in months)], of)


def of_month(month: date, plan: Plan, store: "Store", of: Site) -> Edition | None:
    """Papers first printed in a month, and its issues; None where there are none."""
    first = store.shelf.first_days(month)
    places: list[tuple[str, date | None]] = []
    places += [(folder, day) for id_, day in first.items() if (folder := addresses.of_paper(id_))]
    for letter in plan.newsletters:
        days = [day for day in store.shelf.days(letter.name) if day.replace(day=1) == month]
        places += [(f"{letter.name}/{day.isoformat()}/", day) for day in days]
    return site.sitemap(f"sitemap-{month:%Y-%m}.xml", places, of) if places else None


def of_lists(plan: Plan, store: "Store", of: Site) -> Edition:
    """All other pages: lists of issues, topics, months."""
    places: list[tuple[str, date | None]] = [("", None), ("about/", None), ("search/", None)]
    for letter in plan.newsletters:
        places.append((f"{letter.name}/", None))
        topics = store.shelf.topics(letter.name)
        places += [(topic_page.topic_path(letter.name, topic), last) for topic, _, last in topics]
        places += [(topic_page.month_path(letter.name, one.first), None) for one in store.shelf.months(letter.name)]
    return site.sitemap("sitemap-pages.xml", places, of)
