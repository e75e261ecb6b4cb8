"""A simulated year of the whole program: a collect an hour, an issue and its mails a day, then a pruning.

    benchmarks/year.py [--days 365] [--papers 100] [--hours 24]

Made-up sources on loopback announce papers as arXiv and Hugging Face do (a feed that changes once a day, lists whose
votes grow by the hour), a real store, real HTTP, a real SMTP server, pages on disk; only the clock is simulated. Prints
one JSON object: memory, open files and threads by month, how the store grew and how straight, what pruning gave back,
and whether all that must stay stayed. Ends by itself; exit 1 if anything grew that should not.
"""

import argparse
import json
import os
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from measures.topics import papers
from smtp_sink import Sink

from digest.config import Plan, load
from digest.model import Paper
from digest.operations import upkeep
from digest.operations.run import Hooks, Wishes, run
from digest.store import Store

FIRST, ISSUE_AT, PICKED = date(2025, 1, 1), 8, 15
CONFIG = """
contact: editor@example.org
network: {{allow_hosts: [127.0.0.1], gap_s: 0}}
sources:
  - {{name: arxiv, kind: feed, url: "{url}/new.rss"}}
  - {{name: hf, kind: huggingface, base_url: "{url}"}}
newsletters: [{{name: daily, schedule: "0 {hour} * * *", limit: 20}}]
mail: {{from: digest@example.org, to: [a@example.org, b@example.org, c@example.org], smtp: "smtp://127.0.0.1:{port}"}}
"""


@dataclass
class World:
    """What the sources say at the simulated moment."""

    many: int
    now: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    days: dict[date, list[Paper]] = field(default_factory=dict)

    def of(self, day: date) -> list[Paper]:
        """The papers announced on a day; only the last fortnight's are kept."""
        if day not in self.days:
            number = (day - FIRST).days
            made = papers(self.many, number) if number >= 0 else []
            ids = [f"arxiv:{day:%y%m}.{day.day:02d}{place:03d}" for place in range(len(made))]
            self.days[day] = [replace(each, id=id_, keys=(id_,)) for each, id_ in zip(made, ids, strict=True)]
            for old in [each for each in tuple(self.days) if each < day - timedelta(days=14)]:
                self.days.pop(old, None)
        return self.days[day]

    def feed(self) -> bytes:
        """Today's announcements; the same bytes all day."""
        at = format_datetime(datetime.combine(self.now.date(), datetime.min.time(), UTC))
        items = "".join(
            f"<item><title>{escape(each.title)}</title><link>https://arxiv.org/abs/{each.id[6:]}</link>"
            f"<guid>oai:arXiv.org:{each.id[6:]}v1</guid><description>{escape(each.abstract)}</description>"
            f"<pubDate>{at}</pubDate></item>"
            for each in self.of(self.now.date())
        )
        return f"<rss version='2.0'><channel><title>New</title>{items}</channel></rss>".encode()

    def voted(self, day: date) -> bytes:
        """The list of a day, with votes that grow for three days and then rest."""
        hours = min(
            max(int((self.now - datetime.combine(day, datetime.min.time(), UTC)).total_seconds() // 3600), 0), 72
        )
        rows = [
            {
                "paper": {
                    "id": each.id[6:],
                    "title": each.title,
                    "summary": each.abstract,
                    "upvotes": (1 + rank % 7) * hours // 12,
                    "authors": [],
                    "publishedAt": f"{day}T00:00:00.000Z",
                },
                "publishedAt": f"{day}T00:00:00.000Z",
                "title": each.title,
            }
            for rank, each in enumerate(self.of(day)[:PICKED])
        ]
        return json.dumps(rows if day <= self.now.date() else []).encode()


@contextmanager
def serving(world: World) -> Iterator[str]:
    """The world's sources on a loopback port, with validators: their address."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            asked = parse_qs(url.query).get("date", [""])[0]
            body = world.voted(date.fromisoformat(asked)) if asked else world.feed()
            tag = f'"{sha256(body).hexdigest()[:16]}"'
            same = self.headers.get("If-None-Match") == tag
            self.send_response(304 if same else 200)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", "application/json" if asked else "application/rss+xml")
            self.send_header("Content-Length", "0" if same else str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if same else body)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def reading(plan: Plan, store: Store, day: int) -> dict[str, Any]:
    """What the process and its disk hold on a day."""
    status = Path("/proc/self/status").read_text()
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    pages = [path.stat().st_size for path in plan.output.rglob("*") if path.is_file()]
    return {
        "day": day,
        "memory_mb": round(resident / 1000),
        "files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 (a listing of descriptors, not of files)
        "threads": threading.active_count(),
        "store_mb": round(store.pruning.size() / 1e6, 2),
        "site_mb": round(sum(pages) / 1e6, 2),
        "site_files": len(pages),
    }


def live(plan: Plan, store: Store, world: World, days: int, hours: int) -> Iterator[dict[str, Any]]:
    """The days, one reading a month."""
    every = 24 // hours
    for number in range(days):
        for hour in range(0, 24, every):
            world.now = datetime.combine(FIRST + timedelta(days=number), datetime.min.time(), UTC) + timedelta(
                hours=hour
            )
            run(plan, store, world.now, Wishes(sources=plan.sources), Hooks())
        if number % 30 == 29 or number == days - 1:
            made = reading(plan, store, number + 1)
            print(made, file=sys.stderr, flush=True)
            yield made


def straight(readings: list[dict[str, Any]], key: str) -> tuple[float, float]:
    """The slope a day of a reading after its first month, and the R² of the straight line through it."""
    points = [(each["day"], each[key]) for each in readings[1:]]
    n = len(points)
    mx, my = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    xx = sum((x - mx) ** 2 for x, _ in points)
    xy = sum((x - mx) * (y - my) for x, y in points)
    yy = sum((y - my) ** 2 for _, y in points)
    return xy / xx, xy * xy / (xx * yy) if yy else 1.0


def pruned(plan: Plan, store: Store, world: World) -> dict[str, Any]:
    """What a pruning of all but 90 days gives back, and whether what must stay stayed."""
    before, rows = store.pruning.size(), store.pruning.rows()
    gone = upkeep.prune(store, world.now - timedelta(days=90), lambda _kind: None)
    store.pruning.compact()
    after = store.pruning.rows()
    world.now += timedelta(minutes=30)
    report = run(plan, store, world.now, Wishes(sources=plan.sources), Hooks())
    assert report.collected is not None
    with closing(sqlite3.connect(plan.home / "digest.db")) as connection:
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
    stays = ("papers", "paper_keys", "sightings", "issues", "printed", "readers", "consents")
    return {
        "store_mb_before": round(before / 1e6, 2),
        "store_mb_after": round(store.pruning.size() / 1e6, 2),
        "gone": {each.kind: each.count for each in gone},
        "stayed": all(after[name] >= rows[name] for name in stays),
        "new_afterwards": report.collected.new,
        "sound": sound,
    }


def main() -> int:
    """The year."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--papers", type=int, default=100, help="papers a day")
    parser.add_argument("--hours", type=int, default=24, help="collects a day, a divisor of 24")
    asked = parser.parse_args()
    world, started = World(asked.papers), perf_counter()
    with tempfile.TemporaryDirectory() as folder, serving(world) as url, Sink(Path(folder) / "mailed") as port:
        (Path(folder) / "config.yaml").write_text(CONFIG.format(url=url, hour=ISSUE_AT, port=port))
        plan = load(Path(folder) / "config.yaml", environ={})
        with Store.open(plan.database, plan.home) as store:
            readings = list(live(plan, store, world, asked.days, asked.hours))
            rows = store.pruning.rows()
            after = pruned(plan, store, world)
    found: dict[str, Any] = {"days": asked.days, "papers_a_day": asked.papers, "collects_a_day": asked.hours}
    found |= {"seconds": round(perf_counter() - started), "readings": readings, "rows": rows, "pruned": after}
    good = after["stayed"] and after["new_afterwards"] == 0 and after["sound"] == "ok"
    if len(readings) > 3:
        (grows, line), (memory, _) = straight(readings, "store_mb"), straight(readings, "memory_mb")
        found |= {
            "store_mb_a_year": round(grows * 365, 1),
            "r2": round(line, 4),
            "memory_mb_a_year": round(memory * 365, 1),
        }
        same = all(len({each[key] for each in readings[1:]}) == 1 for key in ("files", "threads"))
        good = good and line > 0.98 and memory * 365 < 50 and same
    found["good"] = good
    print(json.dumps(found, indent=1))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
