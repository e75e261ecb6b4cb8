"""Claims and the journal: who may send what, when an owner is gone, and what the journal saves of its work."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import store_samples as made
from store_samples import NOW

from digest.errors import StoreError
from digest.model import Counts, Delivery
from digest.store import Store

ID = "daily/2025-03-11"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with made.store(tmp_path) as opened:
        opened.issues.save(made.issue(range(0)), recipients=made.recipients(4))
        yield opened


def _sent(delivery: Delivery) -> Delivery:
    return replace(delivery, state="sent", attempts=delivery.attempts + 1)


def test_what_one_claims_no_other_gets(store: Store) -> None:
    with store.deliveries.outbox(ID) as one, store.deliveries.outbox(ID) as other:
        first, second = one.claim(3, NOW), other.claim(3, NOW)
        assert [each.address for each in first] == [address for address, _ in made.recipients(3)]
        assert [each.address for each in second] == ["r3@example.org"] and other.claim(3, NOW) == ()
        assert store.deliveries.counts(ID) == Counts(pending=4)
    assert len(store.deliveries.list(ID, ["pending"])) == 4


def test_failed_ones_come_back_when_they_are_due(store: Store) -> None:
    due = NOW + timedelta(minutes=5)
    with store.deliveries.outbox(ID) as box:
        one, two, *_ = box.claim(9, NOW)
        box.settle(replace(one, state="failed", attempts=1, retry_at=due), replace(two, state="failed", attempts=1))
    with store.deliveries.outbox(ID) as box:
        assert len(box.claim(9, NOW)) == 2
        assert [(each.address, each.attempts) for each in box.claim(9, due)] == [(one.address, 1)]
    assert store.deliveries.unfinished(NOW) == (ID,)


def test_leaving_an_outbox_frees_or_doubts(store: Store) -> None:
    with store.deliveries.outbox(ID) as box:
        one, two, _ = box.claim(3, NOW)
        box.hand(one)
        box.settle(_sent(one))
        box.hand(two)
    assert store.deliveries.counts(ID) == Counts(sent=1, in_doubt=1, pending=2)
    assert "begun to hand" in str(store.deliveries.list(ID)[1].error)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("", Counts(sent=1, pending=3)),
        ("box.hand(two)", Counts(sent=1, in_doubt=1, pending=2)),
        ("box.hand(two); box.settle(replace(two, state='sent', attempts=1))", Counts(sent=2, pending=2)),
        ("cut(replace(two, state='sending'))", Counts(sent=1, pending=3)),
        ("box.hand(two); cut(replace(two, state='sent'))", Counts(sent=1, in_doubt=1, pending=2)),
    ],
)
def test_a_dead_owners_journal_is_brought_in(last: str, expected: Counts, store: Store, tmp_path: Path) -> None:
    code = f"""
        import os; from dataclasses import replace; from pathlib import Path
        from digest.store import Store; from digest.store.codec import encode
        from datetime import datetime, UTC
        with Store.open("sqlite:///digest.db", Path({str(tmp_path)!r})) as store:
            with store.deliveries.outbox({ID!r}) as box:
                one, two, three = box.claim(3, datetime(2025, 3, 11, 8, tzinfo=UTC))
                cut = lambda delivery: os.write(box._journal._descriptor, encode(delivery)[:40].encode())
                box.hand(one); box.settle(replace(one, state="sent", attempts=1))
                {last}
                os.kill(os.getpid(), 9)
    """
    assert subprocess.run([sys.executable, "-c", textwrap.dedent(code)]).returncode == -9
    assert len(list(tmp_path.glob("*.sender-*"))) == 1
    assert store.deliveries.counts(ID) == expected
    assert not list(tmp_path.glob("*.sender-*"))


def test_a_person_settles_what_is_in_doubt(store: Store) -> None:
    with store.deliveries.outbox(ID) as box:
        for delivery in box.claim(3, NOW):
            box.hand(delivery)
    assert store.deliveries.accept(ID, ["r0@example.org", "nobody@example.org"]) == 1
    assert store.deliveries.retry(ID, ["r1@example.org"]) == 1
    assert store.deliveries.counts(ID) == Counts(sent=1, pending=2, in_doubt=1)
    assert store.deliveries.retry(ID) == 1 and store.deliveries.retry(ID) == 0


def test_a_claim_without_its_owners_file_is_free(store: Store, tmp_path: Path) -> None:
    """As after the database was put back from a copy made while somebody was sending."""
    with store.deliveries.outbox(ID) as box:
        box.claim(3, NOW)
        with store.rehearsal(made.URL, tmp_path) as copy:
            assert copy.deliveries.counts(ID) == Counts(pending=4)
            assert len(copy.deliveries.list(ID, ["sending"])) == 0


def test_a_full_disk_stops_before_the_message_is_handed_over(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small], capture_output=True).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        with made.store(small) as store:
            store.issues.save(made.issue(range(0)), recipients=made.recipients(3))
            filler = small / "filler"
            with pytest.raises(StoreError, match="no room"), store.deliveries.outbox(ID) as box:
                one, two, _ = box.claim(3, NOW)
                box.hand(one)
                box.settle(_sent(one))
                with filler.open("wb", buffering=0) as file:
                    while file.write(b"x" * 512) == 512:
                        pass
                for _ in range(100):
                    box.hand(two)
            filler.unlink()
            assert store.deliveries.counts(ID).sent == 1
    finally:
        subprocess.run(["umount", small], check=True)


def test_a_lock_is_free_as_soon_as_its_holder_is_dead(store: Store, tmp_path: Path) -> None:
    code = f"""
        import sys, time; from pathlib import Path; from digest.store import Store
        with Store.open("sqlite:///digest.db", Path({str(tmp_path)!r})) as store, store.lock("run", 0):
            print("held", flush=True); time.sleep(60)
    """
    holder = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE)
    assert holder.stdout and holder.stdout.readline() == b"held\n"
    waited: list[int] = []
    with pytest.raises(StoreError, match="another digest"), store.lock("run", 0.1, lambda: waited.append(1)):
        pass
    with store.lock("other", 0):
        holder.kill()
        holder.wait()
    with store.lock("run", 0):
        assert waited == [1]
