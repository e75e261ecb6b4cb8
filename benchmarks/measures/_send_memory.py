"""Takes an issue to 100,000 readers, all but the server, and prints as JSON how many megabytes that needed at most.

A process of its own for `send.py`; rendering is left out, for its libraries alone need more than all the readers.
"""

import json
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from digest.deliver import message
from digest.model import Issue, Mail, Reader
from digest.store import Store

NOW = datetime(2025, 3, 11, 8, tzinfo=UTC)
READERS = 100_000
ISSUE = Issue(
    newsletter="daily",
    title="Papers",
    day=date(2025, 3, 11),
    made_at=NOW,
    window_start=NOW,
    language="en",
    top=(),
    sections=(),
    candidates=0,
    coverage=(),
)
MAIL = Mail(subject="Papers", html="<p>an invented abstract</p>" * 3_000, text="an invented abstract\n" * 500)


def used() -> int:
    """Megabytes needed at most so far."""
    status = Path("/proc/self/status").read_text()  # getrusage would tell of the process that started this one
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def main() -> None:
    """Adds readers, saves an issue for all of them, assembles every message and settles it as sent."""
    before, form = used(), message.Form(MAIL, "digest@example.org", NOW, "daily.example.org")
    with tempfile.TemporaryDirectory() as home, Store.open("sqlite:///digest.db", Path(home)) as store:
        for start in range(0, READERS, 5_000):
            store.readers.add([Reader(address=f"reader{n}@example.org") for n in range(start, start + 5_000)], NOW)
        addresses = store.readers.addresses(ISSUE.newsletter)
        ids = ((each, message.message_id(ISSUE.id, each, "example.org")) for each in addresses)
        store.issues.save(ISSUE, recipients=ids)
        with store.deliveries.outbox(ISSUE.id) as outbox:
            while claimed := outbox.claim(100, NOW):
                for delivery in claimed:
                    form.message(delivery.address, delivery.message_id)
                outbox.settle(*[replace(each, state="sent", attempts=1) for each in claimed])
            if outbox.counts().sent != READERS:
                raise SystemExit("not every reader was served")
    print(json.dumps({"readers": READERS, "mb_at_start": before, "mb_at_most": used()}))


if __name__ == "__main__":
    main()
