"""Deliver room, channels: a short message to a chat or push service. The only user of apprise.

apprise asks the network by itself, past `net`: so its host is looked up and judged here before, it follows no redirect,
and it is given no file to attach. It says only whether all went well; its log says why not.
"""

import asyncio
import re
from logging import DEBUG

from digest.deliver.channels.parcel import WAIT, Handing, Means, Parcel
from digest.deliver.outbox import Outcome
from digest.model import Channel
from digest.net import may_ask

_UNSENT = re.compile(r"refused|NameResolution|Failed to resolve|NewConnection|ConnectTimeout|Max retries", re.I)
_STATUS = re.compile(r"error[=:]\s*(\d{3})")


def send(channel: Channel, parcel: Parcel, means: Means, handing: Handing) -> Outcome:
    """Hands the parcel's text to the service that `channel.url` names. The url is a secret and in no words."""
    import apprise

    asset = apprise.AppriseAsset(http_redirects=False, secure_logging=True, storage_mode="memory", async_mode=False)
    service = apprise.Apprise.instantiate(channel.url, asset=asset, suppress_exceptions=True)
    if service is None:
        return Outcome(kind="refused", words="apprise knows no service by this url")
    for host in {str(getattr(service, name, None) or "") for name in ("host", "smtp_host")} - {""}:
        if reason := asyncio.run(may_ask(host, means.allow_hosts)):
            return Outcome(kind="refused", words=reason)
    handing()
    with apprise.LogCapture(level=DEBUG, fmt="%(message)s") as said:  # type: ignore[no-untyped-call]
        done = service.notify(body=parcel.body.decode(), title=parcel.subject, body_format=apprise.NotifyFormat.TEXT)
        told = said.getvalue()
    return Outcome(kind="accepted", words="taken") if done else _failure(told)


def _failure(told: str) -> Outcome:
    """What a failure means. In doubt, unless the log says that nothing was sent, or what the service answered."""
    statuses = [int(found) for found in _STATUS.findall(told)]
    if statuses:
        later = statuses[-1] in WAIT or statuses[-1] >= 500
        return Outcome(kind="again" if later else "refused", words=f"the service answered {statuses[-1]}")
    if _UNSENT.search(told) and "Read timed out" not in told:
        return Outcome(kind="again", words="the service could not be reached")
    return Outcome(kind="lost", words="the service did not say whether it took the message")
