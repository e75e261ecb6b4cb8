"""Deliver room, channels: a JSON object posted to an address, signed where a secret is set (docs/channels.md).

A try that may have arrived is in doubt; every try carries the same Idempotency-Key, so that a receiver may drop a
repeat that a person asks for.
"""

import asyncio

from digest.deliver.channels import signature
from digest.deliver.channels.parcel import Handing, Means, Parcel, outcome
from digest.deliver.outbox import Outcome
from digest.model import Channel
from digest.net import Client, Reply, call


def send(channel: Channel, parcel: Parcel, means: Means, handing: Handing) -> Outcome:
    """Posts the parcel once. `channel.url` may hold a secret and is in no words."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": parcel.key, "X-Digest-Event": "issue.published"}
    if channel.secret:
        stamp = str(int(means.now.timestamp()))
        signed = signature.sign(channel.secret, stamp, parcel.body)
        headers |= {signature.TIMESTAMP: stamp, signature.SIGNATURE: signed}
    handing()
    found = outcome(asyncio.run(post(channel.url, headers, parcel.body, means)))
    return Outcome(kind=found.kind, words=found.words.replace(channel.url, "the webhook"))


async def post(url: str, headers: dict[str, str], body: bytes | None, means: Means) -> Reply:
    """One request, with a client of its own."""
    async with Client(means.contact, means.allow_hosts, gap_s=0.0, timeout_s=means.timeout_s) as client:
        return await call(client, url, headers, body)
