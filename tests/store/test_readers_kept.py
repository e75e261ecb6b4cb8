"""Readers in the store: states, pauses, the audit, and addresses that must never come back by themselves."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import store_samples as made
from store_samples import NOW

from digest.model import Reader


def test_who_gets_a_newsletter(tmp_path: Path) -> None:
    people = [
        Reader(address="all@example.org"),
        Reader(address="weekly@example.org", newsletters=("weekly",)),
        Reader(address="waiting@example.org", state="pending"),
        Reader(address="away@example.org", state="paused", paused_until=date(2025, 3, 12)),
        Reader(address="gone@example.org", state="paused"),
    ]
    with made.store(tmp_path) as store:
        store.readers.add(people, NOW)
        assert [r.address for r in store.readers.active("daily", date(2025, 3, 11))] == ["all@example.org"]
        there = [r.address for r in store.readers.active("daily", date(2025, 3, 12))]
        assert there == ["all@example.org", "away@example.org"]


def test_addresses_differ_by_more_than_case(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        came = store.readers.add([Reader(address="Ann@example.org"), Reader(address="ann@example.org")], NOW)
        assert came == {"Ann@example.org": "added", "ann@example.org": "known"}
        ann = store.readers.get("ANN@example.org")
        assert ann is not None and ann.address == "Ann@example.org" and ann.since == NOW
        assert len(ann.uid) == 16 and store.readers.of_uid(ann.uid) == ann and store.readers.of_uid("") is None


def test_every_change_is_in_the_audit(tmp_path: Path) -> None:
    later = NOW + timedelta(days=1)
    with made.store(tmp_path) as store:
        store.readers.add([Reader(address="ann@example.org", state="pending", consent="the form, 192.0.2.1")], NOW)
        ann = store.readers.get("ann@example.org")
        assert ann is not None
        assert store.readers.change(replace(ann, state="active"), "confirmed", "the link in the mail", later)
        assert not store.readers.change(Reader(address="nobody@example.org"), "confirmed", "", later)
        assert store.readers.audit() == (
            ("ann@example.org", NOW, "added as pending", "the form, 192.0.2.1"),
            ("ann@example.org", later, "confirmed", "the link in the mail"),
        )


def test_removing_erases_everything_but_a_hash(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        store.readers.add([Reader(address="ann@example.org", name="Ann Erased", consent="said so")], NOW)
        store.issues.save(made.issue(range(0)), recipients=[("ann@example.org", "<1@x>"), ("bob@example.org", "<2@x>")])
        assert store.readers.remove("Ann@Example.org", NOW)
        assert store.readers.list() == () and store.readers.audit() == ()
        assert store.readers.add([Reader(address="ann@example.org")], NOW) == {"ann@example.org": "suppressed"}
        assert store.readers.suppressed(["ANN@example.org", "bob@example.org"]) == {"ANN@example.org"}
        (hers, his) = store.deliveries.list()
        assert hers.address.startswith("erased:") and (hers.state, hers.retry_at) == ("failed", None)
        assert (his.address, his.state) == ("bob@example.org", "pending")
    with made.store(tmp_path) as store:
        kept = b"".join(file.read_bytes().lower() for file in tmp_path.iterdir())
        assert b"ann@example.org" not in kept and b"ann erased" not in kept and b"bob@example.org" in kept
        assert store.readers.allow("ann@example.org") and not store.readers.allow("ann@example.org")
        assert store.readers.add([Reader(address="ann@example.org")], NOW) == {"ann@example.org": "added"}
