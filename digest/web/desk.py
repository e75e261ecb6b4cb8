"""Web: the editor's page of a draft. Only the signed link of that draft's mail leads there; looking changes nothing.

What a press does is `desk/acts.py`'s; publishing goes on after the answer, and is finished by the next run should this
process end before.
"""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from digest.desk import acts, letter, taking
from digest.errors import DigestError, InputError
from digest.model import Draft, Edits
from digest.operations import desk as operation
from digest.render import desk, pages
from digest.web import words
from digest.web.guard import fields, foreign
from digest.web.limits import client
from digest.web.shared import Pages

if TYPE_CHECKING:
    from digest.store import Store

log = logging.getLogger(__name__)
MOST_BYTES, MOST_FIELDS = 1_000_000, 5_000
STATES = {
    "approved": ("Approved", "This issue is approved and goes out as decided."),
    "released": ("It is out", "This issue was approved and is published."),
    "lapsed": ("Too late", "A newer draft has taken the place of this one; its papers are candidates again."),
    "empty": ("Nothing left", "Every paper was left out, so there is no issue of this day."),
}


def routes(site: Pages, store: "Store") -> list[Route]:
    """The page, where any newsletter wants approval."""
    if all(newsletter.approval is None for newsletter in site.plan.newsletters):
        return []
    return [Route("/desk/{token}", _Desk(site, store).draft, methods=["GET", "POST"])]


class _Desk:
    def __init__(self, site: Pages, store: "Store") -> None:
        self._site, self._store, self._plan = site, store, site.plan

    async def draft(self, request: Request) -> Response:
        """GET: the draft as it stands. POST: what the form says is kept and, if so pressed, approved."""
        now, site = self._site.clock(), self._site
        token = request.path_params["token"]
        found = await run_in_threadpool(operation.of_token, self._plan, self._store, token, now)
        if found is None:
            return site.page(site.said(replace(words.OVER, link=("", ""))), 404)
        if request.method != "POST" or found.state != "open":
            return await run_in_threadpool(self._shown, found)
        if foreign(request.headers, urlsplit(self._plan.masthead.url).netloc):
            raise HTTPException(403)
        if not site.changes.allows(client(request.client.host if request.client else ""), now):
            raise HTTPException(429, headers={"Retry-After": "3600"})
        form = await fields(request, MOST_BYTES, MOST_FIELDS)
        return await run_in_threadpool(self._pressed, found, form)

    def _pressed(self, found: Draft, form: dict[str, list[str]]) -> Response:
        now, issue_id = self._site.clock(), found.issue.id
        try:
            acts.decide(self._store, issue_id, edits(found, form))
            for number in _numbers(form.get("take", [])):
                taking.take(self._plan, self._store, number, "", now)
            for number in _numbers(form.get("decline", [])):
                taking.decline(self._store, number)
            if form.get("do", [""])[0] == "approve":
                acts.approve(self._store, issue_id, "the signed page", now)
        except InputError as error:
            return self._shown(self._store.drafts.get(issue_id) or found, error=str(error), status=422)
        except DigestError as error:
            log.info("%s", error)  # decided meanwhile: the page says how
        draft = self._store.drafts.get(issue_id) or found
        after = BackgroundTask(self._publish, issue_id) if draft.state == "approved" else None
        return self._shown(draft, said="Saved.", after=after)

    def _shown(
        self, found: Draft, *, said: str = "", error: str = "", status: int = 200, after: BackgroundTask | None = None
    ) -> Response:
        site = self._site
        if found.state != "open":
            title, told = STATES[found.state]
            return site.page(site.said(pages.Words(title=title, paragraphs=(told,))), after=after)
        newsletter = self._plan.newsletter(found.issue.newsletter)
        until = letter.until(newsletter, newsletter.approval, found) if newsletter.approval else ""
        queued = self._store.proposals.list("queued")
        page = desk.draft(self._plan.masthead, site.templates, found, queued, until=until, said=said, error=error)
        return site.page(page, status)

    def _publish(self, issue_id: str) -> None:
        try:
            line = operation.approve(self._plan, self._store, issue_id, "the signed page", self._site.clock())
        except DigestError as error:
            log.error("%s is approved, and was not published yet: %s", issue_id, error)
        else:
            log.info("%s: %s", issue_id, line.status if line else "every paper was left out")


def edits(draft: Draft, form: dict[str, list[str]]) -> Edits:
    """What the form says. Papers that came to the draft after the form was shown stay as they are."""
    shown = min(int(next(iter(_numbers(form.get("rows", []))), 0)), len(desk.rows(draft)))
    rows = desk.rows(draft)[:shown]
    names = {row["id"] for row in rows}
    printed = set(_numbers(form.get("print", [])))
    places = {row["id"]: place for row in rows for place in _numbers(form.get(f"place{row['number']}", []))}
    notes = {row["id"]: _lines(form.get(f"note{row['number']}", [row["note"]])[0]) for row in rows}
    before = draft.edits
    original = {item.paper.id: item.note for item in draft.issue.items}
    return Edits(
        order=(*sorted(places, key=lambda name: places[name]), *(name for name in before.order if name not in names)),
        dropped=tuple(row["id"] for row in rows if not row["waits"] and row["number"] not in printed)
        + tuple(name for name in before.dropped if name not in names),
        pinned=tuple(row["id"] for row in rows if row["waits"] and row["number"] in printed)
        + tuple(name for name in before.pinned if name not in names),
        notes={
            **{name: said for name, said in before.notes.items() if name not in names},
            **{name: said for name, said in notes.items() if said != original.get(name, "")},
        },
        introduction=_lines(form["introduction"][0]) if "introduction" in form else before.introduction,
    )


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
