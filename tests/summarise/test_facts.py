"""Badges: certain ones are shown, doubtful ones are not."""

from datetime import UTC, datetime, timedelta

import pytest

from digest.model import Candidate, Fact, Link, Paper, Sighting, Signal
from digest.summarise import facts
from digest.summarise.evidence import accepted_at, is_web, offered, venue

NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)


def candidate(**given: object) -> Candidate:
    parts = {name: given.pop(name) for name in ("sightings", "signals") if name in given}
    paper = Paper(**{"id": "arxiv:2603.00001", "keys": ("arxiv:2603.00001",), "title": "A title", **given})
    return Candidate(paper=paper, first_seen=NOW, **parts)


def sighting(source: str, announcement: str = "new", days: float = 1, version: int | None = None) -> Sighting:
    at = NOW - timedelta(days=days)
    return Sighting(paper_id="arxiv:2603.00001", source=source, at=at, announcement=announcement, version=version)


def votes(value: float, days: float = 1, source: str = "hf", kind: str = "upvotes") -> Signal:
    return Signal(paper_id="arxiv:2603.00001", kind=kind, value=value, at=NOW - timedelta(days=days), source=source)


def kinds(found: tuple[Fact, ...]) -> dict[str, str]:
    return {fact.kind: fact.text for fact in found}


def test_nothing_known_no_badges():
    assert facts(candidate(), NOW) == ()


def test_links_given_by_a_source_become_badges_in_order():
    links = (
        Link(kind="video", url="https://video.example.org/1"),
        Link(kind="pdf", url="https://example.org/1.pdf"),
        Link(kind="code", url="https://github.com/lab/one"),
        Link(kind="code", url="https://github.com/lab/two"),
        Link(kind="weights", url="https://huggingface.co/lab/one"),
    )
    found = facts(candidate(links=links), NOW)
    assert [(f.kind, f.url) for f in found] == [
        ("code", "https://github.com/lab/one"),
        ("weights", "https://huggingface.co/lab/one"),
        ("video", "https://video.example.org/1"),
    ]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://", "ftp://example.org/x", "https://a b", "https://u:p@example.org/", "data:x"],
)
def test_a_link_that_is_not_a_web_page_makes_no_badge(url):
    assert not is_web(url)
    assert facts(candidate(links=(Link(kind="code", url=url),)), NOW) == ()


@pytest.mark.parametrize(
    ("text", "kind", "url"),
    [
        ("Our code is available at https://github.com/lab/one.", "code", "https://github.com/lab/one"),
        ("Code: https://github.com/lab/one", "code", "https://github.com/lab/one"),
        ("Code and models are at github.com/lab/one.", "code", "https://github.com/lab/one"),
        ("Project page: https://lab.github.io/one/", "project", "https://lab.github.io/one/"),
        ("8 pages. Project website: https://one.example.org", "project", "https://one.example.org"),
        (
            "The dataset is released at https://huggingface.co/datasets/lab/d.",
            "data",
            "https://huggingface.co/datasets/lab/d",
        ),
        ("Weights are available at https://huggingface.co/lab/m.", "weights", "https://huggingface.co/lab/m"),
        ("A demo is hosted at https://huggingface.co/spaces/lab/x", "demo", "https://huggingface.co/spaces/lab/x"),
        ("Video: https://youtu.be/abc", "video", "https://youtu.be/abc"),
        ("Data are available at https://zenodo.org/records/1", "data", "https://zenodo.org/records/1"),
    ],
)
def test_links_a_text_offers(text, kind, url):
    assert [(link.kind, link.url) for link in offered(text)] == [(kind, url)]


@pytest.mark.parametrize(
    "text",
    [
        "We build on the toolkit of Doe, available using https://github.com/doe/kit.",
        "The model is based on https://github.com/doe/kit.",
        "Code will be released at https://github.com/lab/one.",
        "Code will be available at https://github.com/lab/one upon acceptance.",
        "See https://example.org for more.",
        "All code: https://github.com/lab",
        "Compared with the existing code at https://github.com/doe/kit we are faster.",
    ],
)
def test_links_that_may_be_somebody_elses_or_lead_nowhere_yet(text):
    assert offered(text) == ()


def test_a_link_in_the_text_needs_the_text_to_offer_it():
    """A source's list of links is often read out of the abstract, where others' repositories are cited too."""
    link = Link(kind="code", url="https://github.com/doe/kit")
    cited = candidate(links=(link,), abstract="We test the library from https://github.com/doe/kit in depth.")
    assert facts(cited, NOW) == ()
    own = candidate(links=(link,), abstract="Our code is available at https://github.com/doe/kit.")
    assert kinds(facts(own, NOW)) == {"code": "code"}


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("Accepted to CVPR 2025", "accepted at CVPR 2025"),
        ("accepted at the Findings of ACL 2025; 12 pages", "accepted at Findings of ACL 2025"),
        ("10 pages. To appear in NeurIPS 2025 Workshop on Maps", "accepted at NeurIPS 2025 Workshop on Maps"),
        ("Accepted as a poster in NeurIPS 2025", "accepted at NeurIPS 2025"),
        ("Accepted for publication in Annals of Ferns", "accepted at Annals of Ferns"),
        ("ICML 2025", "ICML 2025"),
        ("Findings of EMNLP 2025, 14 pages", "Findings of EMNLP 2025"),
        ("ACL 2025 (Main), 16 pages, 5 figures", "ACL 2025 (Main)"),
        ("Accepted by AAAI 2026. Project page: https://one.example.org", "accepted at AAAI 2026"),
        ("8 pages, accepted by the 2nd Long Conference on Very Long Names of Systems and Things (LCVLN 2026)",
         "accepted at LCVLN 2026"),
    ],
)  # fmt: skip
def test_where_a_comment_says_it_appears(comment, said):
    assert accepted_at(comment) == said


@pytest.mark.parametrize(
    "comment",
    [
        "Submitted to ICCV 2025",
        "Under review at ICML 2025",
        "Not accepted at ICML 2025",
        "12 pages, 3 figures",
        "ICML 2025 submission",
        "Preprint",
        "accepted",
        "Accepted for publication",
        "Based on the AAMAS 2026 paper template",
        "Accepted at arXiv",
    ],
)
def test_where_a_comment_says_nothing_certain(comment):
    assert accepted_at(comment) == ""


def test_the_venue_of_a_journal_is_its_name():
    assert kinds(facts(candidate(venue="Annals of Ferns 12"), NOW)) == {"venue": "Annals of Ferns 12"}
    assert venue("arXiv preprint") == ""
    assert venue("bioRxiv") == ""


def test_a_new_version_is_the_latest_announcement():
    replaced = (sighting("arxiv", days=5), sighting("arxiv", "replace", days=1, version=3))
    assert kinds(facts(candidate(sightings=replaced), NOW)) == {"version": "new version (v3)"}
    unnumbered = (sighting("arxiv", "replace-cross"),)
    assert kinds(facts(candidate(sightings=unnumbered), NOW)) == {"version": "new version"}
    later_new = (sighting("arxiv", "replace", days=9, version=2), sighting("arxiv", days=1))
    assert facts(candidate(sightings=later_new), NOW) == ()


def test_sources_are_counted_once_each():
    same = (sighting("arxiv"), sighting("arxiv", "cross", days=2))
    assert facts(candidate(sightings=same), NOW) == ()
    assert kinds(facts(candidate(sightings=(*same, sighting("hf"))), NOW)) == {"sources": "seen in 2 sources"}


def test_what_is_observed_later_is_not_known_yet():
    ahead = candidate(sightings=(sighting("arxiv"), sighting("hf", days=-1)), signals=(votes(0, days=-1),))
    assert facts(ahead, NOW) == ()


def test_no_votes_only_where_votes_are_counted():
    assert kinds(facts(candidate(signals=(votes(0),)), NOW)) == {"unvoted": "no votes yet"}
    assert facts(candidate(signals=(votes(0), votes(3, days=0.5))), NOW) == ()
    assert facts(candidate(signals=(votes(0, kind="comments"),)), NOW) == ()
