"""Proposals: by command and page; known, printed, withdrawn, nonsense, too many; taken, declined and credited."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from channelserver import Receiver, Request
from web_serving import World, world

from digest.config import Plan, load
from digest.desk import proposals, taking
from digest.desk.proposals import Asked, propose
from digest.errors import InputError
from digest.store import Store

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
CONFIG = """
url: https://papers.example.org/sub
contact: editor@example.org
network: {{allow_hosts: [127.0.0.1]}}
sources:
  - {{name: papers, kind: file, path: papers.jsonl}}
  - {{name: arxiv, kind: arxiv, path: papers.jsonl, api_url: "{url}/api/query"}}
newsletters: [{{name: daily, limit: 3}}]
serve: {{port: 0}}
proposals: {{per_day: 5, waiting: 20, timeout_s: 3}}
"""
PAGE = """<!doctype html><html><head><title>x</title>
<meta name="citation_title" content="Tides of the {name} sea, measured &amp; told">
<meta name="citation_author" content="Lovelace, Ada"><meta name="citation_author" content="Bo Ek">
<meta name="citation_publication_date" content="2026/03/01">
<meta name="citation_abstract" content="We measure tides of the {name} sea. {more}">
<meta name="citation_doi" content="10.5555/tide.{name}"></head><body>hello</body></html>"""
ATOM = """<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"
 xmlns:arxiv="http://arxiv.org/schemas/atom"><entry><id>http://arxiv.org/abs/{id}v2</id>
<title>Of arXiv tides {id}</title>
<summary>We look at tides.</summary><published>2026-02-27T10:00:00Z</published><updated>2026-03-01T10:00:00Z</updated>
<author><name>Ada Lovelace</name></author><link href="http://arxiv.org/abs/{id}v2" rel="alternate" type="text/html"/>
<arxiv:comment>{comment}</arxiv:comment><category term="cs.CL"/></entry></feed>"""


def answers(request: Request) -> tuple[int, bytes]:
    """Pages of papers, arXiv's API, and much that is neither."""
    kind, _, name = request.path.strip("/").partition("/")
    if kind == "paper":
        return 200, PAGE.format(name=name, more="").encode()
    if kind == "gone":
        return 200, PAGE.format(name=name, more="This paper has been withdrawn by its authors.").encode()
    if kind == "api":
        found = request.path.partition("id_list=")[2].partition("&")[0]
        if found == "2503.00404":
            return 200, b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>'
        comment = "This paper has been withdrawn due to an error" if found == "2503.00001" else "12 pages"
        return 200, ATOM.format(id=found, comment=comment).encode()
    return (
        (404, b"") if kind == "missing" else (200, b"<html><head><title>Cakes</title></head><body>Cakes</body></html>")
    )


@pytest.fixture
def pages() -> Iterator[Receiver]:
    with Receiver(answer=answers, content_type="text/html") as running:
        yield running


@pytest.fixture
def place(tmp_path: Path, pages: Receiver) -> Iterator[tuple[Plan, Store]]:
    (tmp_path / "papers.jsonl").write_text(
        "".join(
            f'{{"title": "Tidal study {n}", "abstract": "We measure {n}.", "doi": "10.5555/old.{n}"}}\n'
            for n in range(9)
        )
    )
    (tmp_path / "config.yaml").write_text(CONFIG.format(url=pages.url))
    plan = load(tmp_path / "config.yaml", environ={})
    with Store.open(plan.database, plan.home) as store:
        yield plan, store


def asked(place: tuple[Plan, Store], spelling: str, **more: Any) -> proposals.Answered:
    return propose(*place, Asked(spelling=spelling, **more), NOW)


def test_a_papers_page_is_fetched_recognised_and_queued(place: tuple[Plan, Store], pages: Receiver) -> None:
    plan, store = place
    answer = asked(place, f"  {pages.url}/paper/north ", note="It is good", credit="Ada")
    assert answer.kind == "queued" and "Tides of the north sea, measured & told" in answer.words
    (queued,) = store.proposals.list("queued")
    assert (queued.paper_id, queued.note, queued.credit) == ("doi:10.5555/tide.north", "It is good", "Ada")
    assert queued.entry is not None and [author.name for author in queued.entry.authors] == ["Lovelace, Ada", "Bo Ek"]
    assert store.papers.history(queued.paper_id) is None  # no stranger makes a candidate
    again = asked(place, f"{pages.url}/paper/north")
    assert again.kind == "known" and "proposed before" in again.words and len(store.proposals.list("queued")) == 1
    agent = pages.requests[0].headers["user-agent"]
    assert "editor@example.org" in agent and plan.proposals is not None


def test_an_arxiv_number_in_any_spelling(place: tuple[Plan, Store], pages: Receiver) -> None:
    assert asked(place, "https://arxiv.org/pdf/2503.01234v2").kind == "queued"
    assert pages.requests[-1].path.startswith("/api/query?id_list=2503.01234")
    assert asked(place, "arXiv:2503.01234").kind == "known"
    (queued,) = place[1].proposals.list("queued")
    assert (queued.paper_id, queued.title) == ("arxiv:2503.01234", "Of arXiv tides 2503.01234")


@pytest.mark.parametrize(
    ("spelling", "words"),
    [
        ("2503.00001", "withdrawn"),
        ("{url}/gone/south", "withdrawn"),
        ("2503.00404", "no paper was recognised"),
        ("{url}/cakes/chocolate", "no paper was recognised"),
        ("{url}/missing/page", "could not be read"),
        ("http://127.0.0.1:9/closed", "could not be read"),
        ("http://10.0.0.1/inside", "could not be read"),
        ("http://[::ffff:10.0.0.1]/inside", "could not be read"),
        ("buy our cakes", "no paper was recognised"),
        ("javascript:alert(1)", "no paper was recognised"),
        ("file:///etc/passwd", "no paper was recognised"),
        ("   ", "no paper was recognised"),
        ("\x00\u202e" * 300, "no paper was recognised"),
    ],
)
def test_what_is_no_paper_is_refused_in_words(
    place: tuple[Plan, Store], pages: Receiver, spelling: str, words: str
) -> None:
    answer = asked(place, spelling.format(url=pages.url))
    assert answer.kind == "refused" and words in answer.words
    assert "10.0.0.1" not in answer.words and "private" not in answer.words  # nothing of the network here
    assert place[1].proposals.list("queued") == ()


def test_a_page_that_never_ends_costs_its_time_and_no_more(place: tuple[Plan, Store], pages: Receiver) -> None:
    pages.delay_s = 6
    assert "could not be read" in asked(place, f"{pages.url}/paper/slow").words


def test_known_papers_printed_or_not(place: tuple[Plan, Store], digest: Callable[..., Any]) -> None:
    plan, store = place
    came = digest("run", "--config", plan.path, "--now", "2026-03-02T07:30", "--json").json
    printed = [name for section in came["issues"][0]["sections"] for name in section["papers"]]
    answer = asked(place, printed[0])
    assert answer.kind == "known" and "printed already, in daily/2026-03-02" in answer.words
    waiting = next(f"doi:10.5555/old.{n}" for n in range(9) if f"doi:10.5555/old.{n}" not in printed)
    answer = asked(place, f"https://doi.org/{waiting[4:].upper()}")
    assert answer.kind == "queued" and "known here" in answer.words
    (queued,) = store.proposals.list("queued")
    assert queued.paper_id == waiting and queued.entry is None


def test_taken_it_is_printed_first_with_its_proposers_name(
    place: tuple[Plan, Store], pages: Receiver, digest: Callable[..., Any]
) -> None:
    plan, store = place
    asked(place, f"{pages.url}/paper/north", credit="Ada <b>L</b> *x*\n# y")
    asked(place, f"{pages.url}/paper/south", credit="see https://spam.example")
    asked(place, f"{pages.url}/paper/west")
    take = digest("proposals", "take", "1", "--note", "Worth it.", "--config", plan.path, "--now", "2026-03-02T07:00")
    assert take.code == 0 and "Tides of the north sea" in take.err
    assert digest("proposals", "take", "2", "--config", plan.path, "--now", "2026-03-02T07:00").code == 0
    assert digest("proposals", "decline", "3", "--config", plan.path).code == 0
    assert digest("proposals", "list", "--config", plan.path, "--json").json == []
    came = digest("run", "--config", plan.path, "--now", "2026-03-02T07:30", "--json").json
    ids = [name for section in came["issues"][0]["sections"] for name in section["papers"]]
    assert {"doi:10.5555/tide.north", "doi:10.5555/tide.south"} < set(ids) and "doi:10.5555/tide.west" not in ids
    page = (plan.output / "daily" / "2026-03-02" / "index.html").read_text()
    assert "Worth it." in page and "Proposed by Ada &lt;b&gt;L&lt;/b&gt; *x* # y." in page
    assert "spam.example" not in page
    assert taking.take(plan, store, 1, "", NOW).state == "taken"  # once
    with pytest.raises(InputError, match="is taken"):
        taking.decline(store, 1)
    with pytest.raises(InputError, match="no proposal 99"):
        taking.take(plan, store, 99, "", NOW)


def test_limits_hold_for_a_thousand_at_once(place: tuple[Plan, Store], pages: Receiver) -> None:
    came: Counter[str] = Counter()
    lock = threading.Lock()

    def some(part: int) -> None:
        for n in range(125):
            answer = asked(place, f"{pages.url}/paper/{part}x{n}", address="Spam@Example.org", client="192.0.2.7")
            with lock:
                came[answer.kind] += 1

    threads = [threading.Thread(target=some, args=(part,)) for part in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert came == {"queued": 5, "limited": 995} and len(pages.requests) == 5
    limited = asked(place, "2503.01234", address="spam@example.org")
    assert limited.kind == "limited" and "tomorrow" in limited.words
    assert asked(place, "2503.01234", address="other@example.org", client="192.0.2.7").kind == "limited"
    assert asked(place, "2503.01234", address="other@example.org", client="192.0.2.8").kind == "queued"
    later = propose(*place, Asked(spelling="2503.09999", client="192.0.2.7"), NOW + timedelta(days=1, seconds=1))
    assert later.kind == "queued"


def test_the_queue_has_an_end(place: tuple[Plan, Store], pages: Receiver) -> None:
    kinds = [asked(place, f"{pages.url}/paper/{n}", client=f"c{n}").kind for n in range(25)]
    assert kinds == ["queued"] * 20 + ["limited"] * 5


def test_a_day_has_an_end_even_for_nonsense_of_many_names(place: tuple[Plan, Store], pages: Receiver) -> None:
    answers_ = [asked(place, f"{pages.url}/cakes/{n}", address=f"a{n}@example.org") for n in range(30)]
    assert Counter(each.kind for each in answers_) == {"refused": 20, "limited": 10} and len(pages.requests) == 20
    assert asked(place, f"{pages.url}/paper/north", way="command").kind == "queued"  # the operator's own


def test_nothing_steers_a_terminal(place: tuple[Plan, Store], digest: Callable[..., Any]) -> None:
    asked(place, "2503.01234", note="good\x1b[2J\nline\x07", credit="A\x1bda")
    came = digest("proposals", "list", "--config", place[0].path)
    assert came.code == 0 and "Of arXiv tides" in came.out and not set("\x1b\x07") & set(came.out)


def test_who_proposed_is_not_kept(place: tuple[Plan, Store], pages: Receiver) -> None:
    plan, _ = place
    asked(place, f"{pages.url}/paper/north", address="ann.secret@example.org", client="203.0.113.77")
    place[1].close()
    kept = b"".join(path.read_bytes() for path in plan.home.glob("digest.db*"))
    assert b"ann.secret" not in kept and b"203.0.113.77" not in kept


def test_by_command(place: tuple[Plan, Store], pages: Receiver, digest: Callable[..., Any]) -> None:
    plan, _ = place
    came = digest(
        "propose", f"{pages.url}/paper/north", "--config", plan.path, "--json", "--note", "good", "--credit", "Ada"
    )
    assert came.code == 0 and came.json["outcome"] == "queued" and came.json["proposal"]["credit"] == "Ada"
    assert digest("propose", "cakes", "--config", plan.path).code == 1
    for n in range(6):
        came = digest("propose", f"{pages.url}/paper/{n}", "--from", "ann@example.org", "--config", plan.path)
    assert came.code == 1 and "tomorrow" in came.err


@pytest.fixture
def site(tmp_path: Path, pages: Receiver) -> Iterator[World]:
    (tmp_path / "papers.jsonl").write_text('{"title": "Tidal study"}\n')
    with world(tmp_path, CONFIG.format(url=pages.url)) as made:
        yield made


def test_the_page_answers_clearly(site: World, pages: Receiver) -> None:
    form = site.ask("/sub/propose")
    assert form.status == 200 and "Propose a paper" in form.text and site.store.proposals.list() == ()
    done = site.ask("/sub/propose", {"paper": f"{pages.url}/paper/north", "note": "good", "credit": "Ada"})
    assert done.status == 200 and "waits for the editor" in done.text
    no = site.ask("/sub/propose", {"paper": '"><script>alert(1)</script>', "note": "n<b>"})
    assert no.status == 422 and "No paper was recognised" in no.text and "<script>alert" not in no.text
    assert "n&lt;b&gt;" in no.text  # what was typed stands there again
    assert site.ask("/sub/propose", {"paper": "2503.01234"}, origin="https://evil.example").status == 403
    robot = site.ask("/sub/propose", {"paper": "2503.01234", "website": "x"})
    assert robot.status == 200 and len(site.store.proposals.list("queued")) == 1
    statuses = [site.ask("/sub/propose", {"paper": f"2503.0{n:04}"}).status for n in range(1000, 1010)]
    assert statuses == [200] * 3 + [429] * 7  # five a day for one client, the refused one among them


def test_no_page_without_the_block(tmp_path: Path, pages: Receiver) -> None:
    (tmp_path / "papers.jsonl").write_text('{"title": "Tidal study"}\n')
    with world(tmp_path, CONFIG.format(url=pages.url).rpartition("proposals:")[0]) as made:
        assert made.ask("/sub/propose").status == 404
