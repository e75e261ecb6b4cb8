"""Deliver room, channels: an issue goes to programs, chats, mailboxes and list services: one delivery a channel.

    carry(outbox, channel, pack, means, most)    the channel's delivery of an issue, if it is due

Each kind is a file with `send(channel, parcel, means, handing) -> Outcome`. A kind that can see whether an earlier try
arrived never calls `handing`, and is never in doubt; the others call it just before the first byte goes out, as a relay
does. A kind is added by a file here, its line in `sender`, and its keys in config/channels.py.
"""

from collections.abc import Callable

from digest.deliver.channels.parcel import Handing, Means, Parcel
from digest.deliver.outbox import MOST_ATTEMPTS, Outbox, Outcome, Unsendable, after
from digest.model import Channel, Delivery

__all__ = ["Handing", "Means", "Parcel", "carry", "sender"]

Sender = Callable[[Channel, Parcel, Means, Handing], Outcome]


def sender(kind: str) -> Sender:
    """What carries parcels to channels of this kind."""
    from digest.deliver.channels import chat, files, keila, listmonk, webhook

    return {
        "webhook": webhook.send,
        "apprise": chat.send,
        "maildir": files.maildir,
        "mbox": files.mbox,
        "eml": files.eml,
        "listmonk": listmonk.send,
        "keila": keila.send,
    }[kind]


def carry(
    outbox: Outbox,
    channel: Channel,
    pack: Callable[[Delivery], Parcel],
    means: Means,
    most: int = MOST_ATTEMPTS,
) -> None:
    """Takes the channel's delivery out of `outbox` if it is due at `means.now`, hands its parcel over once, and settles
    what came of it. `pack` makes the parcel or raises Unsendable; `most` attempts are made. Never raises for anything
    the other side does."""
    send = sender(channel.kind)
    for delivery in outbox.claim(1, means.now):
        try:
            parcel = pack(delivery)
        except Unsendable as error:
            outcome = Outcome(kind="refused", words=str(error))
        else:
            outcome = send(channel, parcel, means, lambda of=delivery: outbox.hand(of))  # type: ignore[misc]
        outbox.settle(after(delivery, outcome, means.now, most))
