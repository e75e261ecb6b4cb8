"""Web: figures for Prometheus: requests as they are counted here, and the store's as it says when asked.

The only user of prometheus_client. Touched when an operator needs another figure; docs/serving.md lists them.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from digest.store import Store
    from digest.web.live import Live

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_FEEDS = (".xml", ".atom", ".json", ".opml", ".xsl")
_AREAS = ("subscribe", "confirm", "preferences", "unsubscribe", "healthz", "metrics", "search")
_METHODS = ("GET", "HEAD", "POST")


class Watch:
    """Counts requests; `page` is what Prometheus reads."""

    def __init__(self, store: "Store", live: "Live", clock: Callable[[], datetime]) -> None:
        self.hits = 0
        self._kinds: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._registry = CollectorRegistry(auto_describe=False)
        self._requests = Counter(
            "digest_http_requests", "Requests answered.", ("area", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "digest_http_request_seconds",
            "Time from a request's head to the end of its answer.",
            ("area",),
            registry=self._registry,
            buckets=_BUCKETS,
        )
        self._registry.register(_OfTheStore(store, clock))
        self._registry.register(_OfTheCache(self, live))

    def request(self, path: str, method: str, status: int, took: float) -> None:
        """Counts a request that took so many seconds."""
        area = _area(path)
        kind = (area, method if method in _METHODS else "other", status)
        found = self._kinds.get(kind)
        if found is None:
            found = self._requests.labels(area, kind[1], str(status)), self._seconds.labels(area)
            self._kinds[kind] = found
        found[0].inc()
        found[1].observe(took)

    def page(self) -> bytes:
        """All figures in Prometheus' text format. Raises StoreError."""
        return generate_latest(self._registry)


def _area(path: str) -> str:
    """What kind of address it is; of these there are few, whatever is asked for."""
    if path.endswith(_FEEDS):
        return "feeds"
    first = path[1:].partition("/")[0]
    return first if first in _AREAS else "pages"


class _OfTheCache(Collector):
    def __init__(self, watch: Watch, live: "Live") -> None:
        self._watch, self._live = watch, live

    def collect(self) -> Iterator[Metric]:
        """How well kept answers serve."""
        yield CounterMetricFamily("digest_cache_hits", "Requests answered by a kept answer.", self._watch.hits)
        yield GaugeMetricFamily("digest_cache_answers", "Answers kept.", len(self._live.cache))
        yield GaugeMetricFamily("digest_cache_bytes", "Memory they take.", self._live.cache.bytes)


class _OfTheStore(Collector):
    """Reads the store each time it is asked, so that figures are right whichever process changed it."""

    def __init__(self, store: "Store", clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    def describe(self) -> Iterator[Metric]:
        """Nothing before it is asked."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Collects, papers, issues, deliveries, queue, readers and sources."""
        found, now = self._store.figures.read(self._clock()), self._clock()
        yield GaugeMetricFamily("digest_papers", "Papers known.", found.papers)
        yield CounterMetricFamily("digest_runs", "Runs, collecting ones among them.", found.runs)
        if found.last_run:
            age = (now - found.last_run).total_seconds()
            yield GaugeMetricFamily("digest_last_run_age_seconds", "Time since the last run ended.", age)
        entries = GaugeMetricFamily("digest_last_collect_entries", "Entries of the last collect.", labels=("outcome",))
        for outcome, count in found.collected.items():
            entries.add_metric((outcome,), count)
        yield entries
        issues = GaugeMetricFamily("digest_issues", "Issues made.", labels=("newsletter",))
        age_of = GaugeMetricFamily("digest_last_issue_age_days", "Days since the newest.", labels=("newsletter",))
        for name, (count, day) in found.issues.items():
            issues.add_metric((name,), count)
            age_of.add_metric((name,), (now.date() - day).days)
        yield from (issues, age_of)
        yield from _labelled("digest_deliveries", "Deliveries by state.", "state", found.deliveries)
        yield GaugeMetricFamily("digest_queue", "Deliveries that can be sent now.", found.queue)
        yield from _labelled("digest_readers", "Readers by state.", "state", found.readers)
        yield from self._sources(now)

    def _sources(self, now: datetime) -> Iterator[Metric]:
        state = GaugeMetricFamily("digest_source_state", "1 for the state it is in.", labels=("source", "state"))
        asked = GaugeMetricFamily("digest_source_asked_age_seconds", "Time since it was asked.", labels=("source",))
        new = GaugeMetricFamily("digest_source_new_age_seconds", "Time since an id was new.", labels=("source",))
        failures = GaugeMetricFamily("digest_source_failures", "Failures in a row.", labels=("source",))
        for name, one in self._store.sources.states().items():
            state.add_metric((name, one.status), 1)
            failures.add_metric((name,), one.failures)
            for family, moment in ((asked, one.checked_at), (new, one.ids_at)):
                if moment:
                    family.add_metric((name,), (now - moment).total_seconds())
        yield from (state, asked, new, failures)


def _labelled(name: str, words: str, label: str, counts: dict[str, int]) -> Iterator[Metric]:
    family = GaugeMetricFamily(name, words, labels=(label,))
    for value, count in counts.items():
        family.add_metric((value,), count)
    yield family
