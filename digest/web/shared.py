"""Web: what the pages of one subject need of the site they are part of."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from digest.config import Plan
from digest.render import Templates, pages
from digest.web.limits import Limit


class Pages(Protocol):
    """A site: its plan, templates, clock and limits, and how it answers."""

    @property
    def plan(self) -> Plan: ...
    @property
    def templates(self) -> Templates: ...
    @property
    def clock(self) -> Callable[[], datetime]: ...
    @property
    def by_client(self) -> Limit: ...
    @property
    def changes(self) -> Limit: ...

    async def form(self, request: Request, limit: Limit) -> dict[str, list[str]]:
        """The fields of a form sent from one of our pages, by a client within its limit."""

    def said(self, told: pages.Words) -> pages.Page:
        """A page of few words."""

    def page(self, page: pages.Page, status: int = 200, after: BackgroundTask | None = None) -> Response:
        """A page as an answer."""
