"""Web: the page on which anybody may propose a paper. Its answer says what became of it; limits are the store's, so
that they hold for every process and outlive a restart."""

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from digest.desk.proposals import Asked, propose
from digest.render import desk, pages
from digest.web.limits import client
from digest.web.shared import Pages

if TYPE_CHECKING:
    from digest.store import Store

TITLES = {"queued": "Thank you", "known": "We know it", "refused": "Not this one", "limited": "Slowly, please"}
STATUS = {"queued": 200, "known": 200, "refused": 422, "limited": 429}


def routes(site: Pages, store: "Store") -> list[Route]:
    """The page, where proposals are wanted."""
    if site.plan.proposals is None:
        return []

    async def proposed(request: Request) -> Response:
        """GET: the form. POST: the paper is looked at, and queued or not."""
        if request.method != "POST":
            return site.page(desk.propose(site.plan.masthead, site.templates, {}))
        form = await site.form(request, site.changes)
        given = {name: form.get(name, [""])[0] for name in ("paper", "note", "credit")}
        if form.get("website", [""])[0]:  # filled in by a program: it hears what it wants to hear
            return site.page(site.said(pages.Words(title=TITLES["queued"], paragraphs=("It waits for the editor.",))))
        where = client(request.client.host if request.client else "unknown")
        asked = Asked(spelling=given["paper"], note=given["note"], credit=given["credit"], client=where)
        answer = await run_in_threadpool(propose, site.plan, store, asked, site.clock())
        status = STATUS[answer.kind]
        if answer.kind == "refused":
            error = f"{answer.words[:1].upper()}{answer.words[1:]}."
            return site.page(desk.propose(site.plan.masthead, site.templates, given, error), status)
        told = f"{answer.words[:1].upper()}{answer.words[1:]}."
        return site.page(site.said(pages.Words(title=TITLES[answer.kind], paragraphs=(told,))), status)

    return [Route("/propose", proposed, methods=["GET", "POST"])]
