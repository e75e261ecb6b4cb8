"""Pruning lets old things go and keeps what must stay; cut short, it has done a part and may go on."""

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import store_samples as made

from digest.store import Store

LATER = made.NOW + timedelta(days=500)
BEFORE = LATER - timedelta(days=400)


def _old_and_young(home: Path) -> Store:
    """Ten papers of old, three of them printed, one picked; ten of today; votes that rest for days."""
    store = made.store(home)
    made.collect(store, range(10))
    store.hand.pick(made.paper(5).id, "", made.NOW)
    issue = made.issue(range(3))
    store.issues.save(issue, recipients=made.recipients(3), scored=tuple(made.scored(n) for n in range(10)))
    with store.deliveries.outbox(issue.id) as outbox:
        one, two, _ = outbox.claim(3, made.NOW)
        outbox.settle(replace(one, state="sent"), replace(two, state="sent"))
    for days in (1, 2, 3):
        made.collect(store, range(10), made.NOW + timedelta(days=days))
    made.collect(store, range(10, 20), LATER)
    store.runs.save({"now": made.NOW.isoformat()}, made.NOW)
    store.runs.save({"now": LATER.isoformat()}, LATER)
    return store


def test_what_would_go_is_what_goes(tmp_path: Path) -> None:
    with _old_and_young(tmp_path) as store:
        promised = store.pruning.counts(BEFORE)
        gone = dict.fromkeys(promised, 0)
        for kind, count in store.pruning.prune(BEFORE):
            gone[kind] += count
        assert gone == promised
        assert promised["signals"] == 10 and promised["runs"] == 1 and promised["deliveries"] == 2
        assert promised["abstracts"] == 6 and promised["scores"] == 10
        assert not any(store.pruning.counts(BEFORE).values())


def test_what_must_stay_stays(tmp_path: Path) -> None:
    with _old_and_young(tmp_path) as store:
        before = store.pruning.rows()
        signals = store.papers.history(made.paper(7).id)
        list(store.pruning.prune(BEFORE))
        store.pruning.compact()
        after = store.pruning.rows()
        for name in ("papers", "paper_keys", "paper_titles", "sightings", "issues", "printed", "hand"):
            assert after[name] == before[name], name
        papers = store.papers.some([made.paper(n).id for n in range(20)])
        kept = [n for n in range(20) if papers[made.paper(n).id].abstract]
        assert kept == [0, 1, 2, 5, *range(10, 20)]
        assert store.issues.list("daily")[0].items == made.issue(range(3)).items
        left = store.papers.history(made.paper(7).id)
        assert signals is not None and left is not None
        assert [max(signals.signals, key=lambda each: each.at)] == list(left.signals)
        assert {each.state for each in store.deliveries.list()} == {"pending"}


def test_young_things_stay(tmp_path: Path) -> None:
    with made.store(tmp_path) as store:
        made.collect(store, range(10))
        before = store.pruning.rows()
        assert list(store.pruning.prune(made.NOW - timedelta(days=1))) == []
        assert store.pruning.rows() == before


def test_dedupes_decisions_and_a_printed_papers_own_stay(tmp_path: Path) -> None:
    with _old_and_young(tmp_path) as store:
        list(store.pruning.prune(BEFORE))
        history = store.papers.history(made.paper(0).id)
        assert history is not None and history.decisions


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from digest.store import Store, prune
prune.STEP = 4
with Store.open("sqlite:///digest.db", Path(sys.argv[1])) as store:
    for number, _ in enumerate(store.pruning.prune(datetime.fromisoformat(sys.argv[2]))):
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_it_goes_on_where_it_was(tmp_path: Path) -> None:
    with _old_and_young(tmp_path) as store:
        promised = sum(store.pruning.counts(BEFORE).values())
        papers = store.pruning.rows()["papers"]
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), BEFORE.isoformat()], check=False)
    assert done.returncode == -signal.SIGKILL
    with made.store(tmp_path) as store:
        assert 0 < sum(store.pruning.counts(BEFORE).values()) < promised
        list(store.pruning.prune(BEFORE))
        assert not any(store.pruning.counts(BEFORE).values())
        assert store.pruning.rows()["papers"] == papers
        assert store.issues.last_day("daily") == date(2025, 3, 11)
