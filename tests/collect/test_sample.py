"""The bundled sample is as its README says."""

from pathlib import Path

import pytest

import digest
from digest.collect.errors import Unreadable
from digest.collect.recognise import recognise

SAMPLE = Path(digest.__file__).parent / "sample"
DAYS = sorted(path for path in SAMPLE.iterdir() if path.name.startswith("2026-03-0"))


def read(day, name):
    return recognise((day / name).read_bytes(), name)


def test_five_days_of_five_sources():
    assert [day.name for day in DAYS] == [f"2026-03-0{n}" for n in range(2, 7)]
    for day in DAYS:
        assert {p.name for p in day.iterdir()} == {
            "arxiv.rss",
            "huggingface.json",
            "journal.rdf",
            "lab.atom",
            "blog.json",
        }


@pytest.mark.parametrize("name", ["arxiv.rss", "huggingface.json", "journal.rdf", "lab.atom", "blog.json"])
def test_all_read_but_wednesdays_broken_feed(name):
    for day in DAYS:
        if (day.name, name) == ("2026-03-04", "lab.atom"):
            with pytest.raises(Unreadable, match="breaks off"):
                read(day, name)
        else:
            assert read(day, name)


def test_votes_grow_and_span_the_scale():
    votes: dict[str, list[float]] = {}
    for day in DAYS:
        for entry in read(day, "huggingface.json"):
            votes.setdefault(entry.guid, []).append(dict(entry.measures)["upvotes"])
    assert all(counts == sorted(counts) for counts in votes.values())
    assert sum(len(counts) > 2 for counts in votes.values()) > 20
    assert (min(map(min, votes.values())), max(map(max, votes.values()))) == (0, 90)


def test_arxiv_announces_all_kinds_and_about_sixty_papers():
    entries = [entry for day in DAYS for entry in read(day, "arxiv.rss")]
    assert {"new", "cross", "replace"} == {e.announcement for e in entries}
    assert 55 <= len({e.url for e in entries}) <= 65
    assert all(e.abstract and e.authors and e.categories for e in entries)


def test_nothing_leads_to_real_work():
    for day in DAYS:
        for path in day.iterdir():
            text = path.read_text()
            assert "10.5555/" in text or path.name != "journal.rdf"
            for host in ("github.com/", "doi.org/", "huggingface.co/"):
                found = [part for part in text.split(host)[1:] if not part.startswith("example-")]
                assert not found, (path, host, found[0][:40])
