"""Deliver room, channels: a draft campaign in Keila, for a person to send. Nothing is ever sent by this program.

A campaign carries the parcel's key in its data and is looked for before it is made, so that none is made twice.
"""

import asyncio
import json
from typing import Any

from digest.deliver.channels.parcel import Handing, Means, Parcel, outcome
from digest.deliver.channels.webhook import post
from digest.deliver.outbox import Outcome
from digest.model import Channel


def send(channel: Channel, parcel: Parcel, means: Means, _handing: Handing) -> Outcome:
    """Makes the draft, in Markdown, unless it is there."""
    headers = {"Authorization": f"Bearer {channel.token}", "Content-Type": "application/json"}
    base = f"{channel.url}/api/v1/campaigns"
    looked = asyncio.run(post(base, headers, None, means))
    if looked.status != 200:
        return outcome(looked, seen=True)
    there = _campaigns(looked.body)
    if there is None:
        return Outcome(kind="again", words="Keila's list of campaigns cannot be read")
    if any((campaign.get("data") or {}).get("digest_key") == parcel.key for campaign in there):
        return Outcome(kind="accepted", words="the draft is there")
    chosen = {"sender_id": channel.sender, "segment_id": channel.segment, "template_id": channel.template}
    draft: dict[str, Any] = {
        "subject": parcel.subject,
        "text_body": parcel.body.decode(),
        "settings": {"type": "markdown"},
        "data": {"digest_key": parcel.key, "issue": parcel.issue_id},
        **{key: value for key, value in chosen.items() if value},
    }
    body = json.dumps({"data": draft}, ensure_ascii=False).encode()
    return outcome(asyncio.run(post(base, headers, body, means)), seen=True)


def _campaigns(body: bytes) -> list[dict[str, Any]] | None:
    try:
        found = json.loads(body)["data"]
    except (ValueError, KeyError, TypeError):
        return None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else None
