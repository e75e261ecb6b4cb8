"""Web: the page behind "more like this" and "less" in a mail. GET shows a button; only POST votes."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from digest.config import Plan
from digest.model import Reader
from digest.operations.subscriptions import JOINED
from digest.render import safe
from digest.web import words
from digest.web.limits import Limit

if TYPE_CHECKING:
    from digest.store import Store
    from digest.web.app import _Readers

MOST = 100
"""Votes of one reader within a day: far above what anybody reads, far below what a program could do."""


@dataclass
class Votes:
    """Readers' votes: the token in the address is good for one reader and one paper."""

    site: "_Readers"
    plan: Plan
    store: "Store"
    by_client: Limit = field(default_factory=lambda: Limit(300, timedelta(hours=1)))

    def route(self) -> Route:
        """Where the links in mails lead."""
        return Route("/vote/{token}/{choice}/{paper:path}", self.vote, methods=["GET", "POST"])

    async def vote(self, request: Request) -> Response:
        """GET: a button. POST: the vote counts, in place of an earlier one on this paper."""
        token, paper_id = request.path_params["token"], request.path_params["paper"]
        choice: Literal["more", "less"] = "less" if request.path_params["choice"] == "less" else "more"
        reader, title = await run_in_threadpool(self._found, token, paper_id)
        if reader is None or not title:
            join = f"{urlsplit(self.plan.masthead.url).path}/subscribe"
            return self.site.page(self.site.said(replace(words.OVER, link=("Subscribe", join))), 404)
        if request.method != "POST":
            return self.site.page(self.site.said(words.vote(choice, title)))
        await self.site.form(request, self.by_client)
        now = self.site.clock()
        counted = await run_in_threadpool(self.store.votes.cast, reader.address, paper_id, choice, now, MOST)
        if not counted:
            return self.site.page(self.site.said(words.TOO_MANY), 429)
        other = "less" if choice == "more" else "more"
        back = f"{urlsplit(self.plan.masthead.url).path}/vote/{token}/{other}/{quote(paper_id, safe=':')}"
        return self.site.page(self.site.said(words.voted(choice, title, back)))

    def _found(self, token: str, paper_id: str) -> tuple[Reader | None, str]:
        """Whose the token is, if it is good for this paper and they still get mail, and the paper's title."""
        uid = self.site.desk.signer.read("vote", token, self.site.clock(), about=paper_id)
        reader = self.store.readers.of_uid(uid) if uid else None
        if reader is None or reader.state not in JOINED or not any(letter.votes for letter in self.plan.newsletters):
            return None, ""
        paper = self.store.papers.get(paper_id)
        return reader, safe.clean(paper.title, 300) or "(untitled)" if paper else ""
