"""Web: ``POST /bounces``, where a mail service reports bounces and complaints, signed as docs/bounces.md says."""

import json
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from digest.deliver.channels import signature
from digest.errors import InputError
from digest.operations import returns
from digest.web.guard import drained
from digest.web.shared import Pages

if TYPE_CHECKING:
    from digest.store import Store

MOST_BYTES = 2_000_000


def routes(site: Pages, store: "Store") -> list[Route]:
    """The webhook, where its secret is set."""
    inbox = site.plan.inbox
    if inbox is None or not inbox.secret:
        return []
    secret = inbox.secret

    async def bounces(request: Request) -> Response:
        """Takes what is signed; what was taken before is counted as a repeat."""
        body, headers, now = await drained(request, MOST_BYTES), request.headers, site.clock()
        stamp, signed = headers.get(signature.TIMESTAMP, ""), headers.get(signature.SIGNATURE, "")
        if not signature.good(secret, stamp, body, signed, now):
            raise HTTPException(401)
        kind = headers.get("content-type", "")
        try:
            taken = await run_in_threadpool(returns.posted, site.plan, store, body, kind, now)
        except InputError as error:
            return Response(json.dumps({"error": str(error)}), 422, media_type="application/json")
        return Response(json.dumps(returns.as_json(taken)), media_type="application/json")

    return [Route("/bounces", bounces, methods=["POST"])]
