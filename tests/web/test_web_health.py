"""What machines ask: is it well, and how is it going. Read by Prometheus' own parser."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from web_serving import CONFIG, NOW, World, issue, world

from digest.model import Answer, Reader, Resolved, Source, SourceState

ODD = 'quo"ted\\ source\n{x}'


@pytest.fixture
def site(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def figures(site: World) -> dict[tuple[str, ...], float]:
    answer = site.ask("/metrics")
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["cache-control"] == "no-store"
    return {
        (sample.name, *(f"{name}={value}" for name, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_an_empty_store_has_figures(site: World) -> None:
    found = figures(site)
    assert found[("digest_papers",)] == 0 and found[("digest_queue",)] == 0 and found[("digest_runs_total",)] == 0


def test_figures_are_those_of_the_store(site: World) -> None:
    site.store.readers.add([Reader(address="ann@example.org"), Reader(address="bob@example.org", state="pending")], NOW)
    recipients = [(f"r{n}@example.org", f"<{n}@x>") for n in range(4)]
    site.store.issues.save(issue(), recipients=recipients)
    with site.store.deliveries.outbox("daily/2026-03-02") as outbox:
        from dataclasses import replace

        claimed = outbox.claim(2, NOW)
        outbox.settle(replace(claimed[0], state="sent"))
        outbox.settle(replace(claimed[1], state="failed", retry_at=NOW + timedelta(hours=1)))
    state = SourceState(name=ODD, status="stalled", checked_at=NOW - timedelta(minutes=2), failures=3)
    nothing = Resolved(new=(), updated=(), sightings=(), signals=(), decisions=(), outcomes=())
    site.store.save_collected([Answer(source=Source(name=ODD, kind="feed"), entries=(), state=state)], nothing, NOW, {})
    report = {"now": NOW.isoformat(), "collected": {"entries": 9, "new": 4, "known": 5, "merged": 0, "rejected": 0}}
    site.store.runs.save(report, NOW - timedelta(hours=1))
    found = figures(site)
    assert found[("digest_deliveries", "state=sent")] == 1 and found[("digest_deliveries", "state=pending")] == 2
    assert found[("digest_queue",)] == 2
    assert found[("digest_readers", "state=active")] == 1 and found[("digest_readers", "state=pending")] == 1
    assert found[("digest_issues", "newsletter=daily")] == 1
    assert found[("digest_last_issue_age_days", "newsletter=daily")] == 0
    assert found[("digest_source_state", f"source={ODD}", "state=stalled")] == 1
    assert found[("digest_source_asked_age_seconds", f"source={ODD}")] == 120
    assert found[("digest_source_failures", f"source={ODD}")] == 3
    assert found[("digest_last_collect_entries", "outcome=known")] == 5
    assert (found[("digest_runs_total",)], found[("digest_last_run_age_seconds",)]) == (1, 3600)
    site.now += timedelta(hours=2)
    assert figures(site)[("digest_queue",)] == 3, "what is to be tried again counts when it is due"


def test_requests_are_counted_by_what_they_are(site: World) -> None:
    site.store.issues.save(issue())
    for path in ("/daily/feed.xml", "/daily/feed.xml", "/daily/", "/subscribe", "/unsubscribe/token", "/none/at/all"):
        site.ask(path)
    site.ask("/daily/", method="BREW")
    found = figures(site)
    total = "digest_http_requests_total"
    assert found[(total, "area=feeds", "method=GET", "status=200")] == 2
    assert found[(total, "area=unsubscribe", "method=GET", "status=404")] == 1
    assert found[(total, "area=pages", "method=GET", "status=404")] == 1
    assert found[(total, "area=pages", "method=other", "status=405")] == 1
    assert found[("digest_http_request_seconds_count", "area=feeds")] == 2
    assert found[("digest_http_request_seconds_bucket", "area=feeds", "le=+Inf")] == 2
    assert found[("digest_cache_hits_total",)] == 1 and found[("digest_cache_bytes",)] > 1_000
    assert "token" not in site.ask("/metrics").text


def test_figures_are_for_those_who_may_read_them(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        assert site.ask("/metrics", x_forwarded_for="192.0.2.1").status == 404, "who came through the proxy"
    with world(tmp_path, CONFIG.replace("{port: 0}", "{port: 0, metrics: [10.0.0.0/8, 192.0.2.1]}")) as site:
        assert site.ask("/metrics").status == 404
        asked = {
            host: site.ask("/metrics", x_forwarded_for=host).status for host in ("10.1.2.3", "192.0.2.1", "::1", "x")
        }
        assert asked == {"10.1.2.3": 200, "192.0.2.1": 200, "::1": 404, "x": 404}


def test_health_follows_the_store(site: World) -> None:
    site.store.runs.save({"now": NOW.isoformat()}, NOW)
    well = site.ask("/healthz")
    assert (well.status, json.loads(well.text)) == (200, {"status": "ok", "last_run": NOW.isoformat()})
    assert site.ask("/healthz", method="HEAD").status == 200 and site.ask("/healthz", {}).status == 405
    database = site.plan.home / "digest.db"
    site.store.close()
    for file in site.plan.home.glob("digest.db*"):
        file.unlink()
    database.write_bytes(b"not a database" * 1_000)
    ill = site.ask("/healthz")
    assert (ill.status, json.loads(ill.text)["status"]) == (503, "unwell") and str(site.plan.home) not in ill.text
    assert site.ask("/daily/feed.xml").status == 503, "nothing is served as if all were well"
