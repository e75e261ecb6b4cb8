"""Web: is it well (`/healthz`, for whoever restarts it) and how is it going (`/metrics`, for Prometheus).

Touched when another sign of health is to be told; what a person should look at is `digest doctor`'s.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from digest.config import Plan
from digest.errors import StoreError
from digest.web.metrics import MEDIA, Watch

if TYPE_CHECKING:
    from digest.store import Store

log = logging.getLogger(__name__)


class Health:
    """Pages for machines. What tells of now is kept by nobody."""

    def __init__(self, plan: Plan, store: "Store", watch: Watch, clock: Callable[[], datetime]) -> None:
        self._store, self._watch, self._clock = store, watch, clock
        self._readers = tuple(ip_network(each, strict=False) for each in (plan.serve.metrics if plan.serve else ()))

    def routes(self) -> list[Route]:
        """Their addresses."""
        return [Route("/healthz", self.well), Route("/metrics", self.figures), Route("/favicon.ico", self.icon)]

    async def well(self, _request: Request) -> Response:
        """200 where the store can be read, else 503; and when the last run ended."""
        try:
            runs = await run_in_threadpool(self._store.runs.last)
        except StoreError as error:
            log.error("%s", error)
            return JSONResponse({"status": "unwell", "store": "cannot be read"}, 503, {"Cache-Control": "no-store"})
        last = runs[0].get("now") if runs else None
        return JSONResponse({"status": "ok", "last_run": last}, 200, {"Cache-Control": "no-store"})

    async def icon(self, _request: Request) -> Response:
        """There is none; said so, browsers do not complain."""
        return Response(status_code=204, headers={"Cache-Control": "public, max-age=86400"})

    async def figures(self, request: Request) -> Response:
        """The figures; to strangers there is no such page."""
        if not self._known(request.client.host if request.client else ""):
            raise HTTPException(404)
        body = await run_in_threadpool(self._watch.page)
        return Response(body, 200, {"Cache-Control": "no-store"}, MEDIA)

    def _known(self, host: str) -> bool:
        try:
            address = ip_address(host)
        except ValueError:
            return False
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self._readers)
