"""Deliver room: editions and messages go out to the world. Touched when a channel is added or a server misbehaves.

    folder.write(editions, root)             files, each whole or not at all
    message.build(mail, …) -> bytes          one reader's message
    smtp.Relay.from_url(url, allow_hosts)    a server that takes messages
    send(outbox, relay, build, now, …)       every due delivery of an outbox, each once
    send_at_once(open_outbox, relays, …)     the same over several connections
    pace.Pace(most, window_s)                how fast, where that is limited

This room knows no store: it is handed an `Outbox`. Waiting and the real clock are allowed here and in `net` alone.
"""

from digest.deliver.outbox import Outbox, Outcome, Unsendable
from digest.deliver.send import send, send_at_once

__all__ = ["Outbox", "Outcome", "Unsendable", "send", "send_at_once"]
