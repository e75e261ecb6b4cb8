"""Deliver room, channels: a draft campaign in listmonk, for a person to send. Nothing is ever sent by this program.

A campaign carries the parcel's key as a tag and is looked for before it is made, so that none is made twice.
"""

import asyncio
import json
from base64 import b64encode
from typing import Any
from urllib.parse import quote

from digest.deliver.channels.parcel import Handing, Means, Parcel, outcome
from digest.deliver.channels.webhook import post
from digest.deliver.outbox import Outcome
from digest.model import Channel


def send(channel: Channel, parcel: Parcel, means: Means, _handing: Handing) -> Outcome:
    """Makes the draft unless it is there."""
    login = b64encode(f"{channel.user}:{channel.token}".encode()).decode()
    headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json", "Accept": "application/json"}
    base = f"{channel.url}/api/campaigns"
    tag = parcel.key[:40]
    looked = asyncio.run(post(f"{base}?tags={quote(tag)}&per_page=all&no_body=true", headers, None, means))
    if looked.status != 200:
        return outcome(looked, seen=True)
    there = _results(looked.body)
    if there is None:
        return Outcome(kind="again", words="listmonk's list of campaigns cannot be read")
    if any(tag in (campaign.get("tags") or ()) for campaign in there):
        return Outcome(kind="accepted", words="the draft is there")
    draft: dict[str, Any] = {
        "name": f"{parcel.subject} ({parcel.issue_id})",
        "subject": inert(parcel.subject, "{ {"),
        "lists": list(channel.lists),
        "type": "regular",
        "content_type": "html",
        "body": parcel.body.decode(),
        "altbody": inert(parcel.text, "{ {"),
        "tags": ["digest", tag],
        **({"template_id": int(channel.template)} if channel.template.isdigit() else {}),
    }
    return outcome(asyncio.run(post(base, headers, json.dumps(draft, ensure_ascii=False).encode(), means)), seen=True)


def inert(text: str, harmless: str) -> str:
    """`text` without the braces that begin a command of the service's template language."""
    while "{{" in text:
        text = text.replace("{{", harmless)
    return text


def _results(body: bytes) -> list[dict[str, Any]] | None:
    try:
        found = json.loads(body)["data"]["results"]
    except (ValueError, KeyError, TypeError):
        return None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else None
