"""What becomes of a known paper: versions, venues, code, cross-lists, corrections, withdrawals; as sources tell it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from mailserver import Server

from digest.store import Store

ITEM = """<item><title>{title}</title><link>https://arxiv.org/abs/{id}</link>
<guid isPermaLink="false">oai:arXiv.org:{id}v{version}</guid>
<description>arXiv:{id}v{version} Announce Type: {kind} \nAbstract: {abstract}</description>
<arxiv:announce_type>{kind}</arxiv:announce_type><category>cs.LG</category>{more}
<dc:creator>Ann Bell, Cy Dee</dc:creator></item>"""
FEED = """<?xml version="1.0" encoding="UTF-8"?><rss xmlns:arxiv="http://arxiv.org/schemas/atom"
xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel><title>cs.LG updates on arXiv.org</title>
<link>http://rss.arxiv.org/rss/cs.LG</link>{items}</channel></rss>"""
API = """<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>ArXiv Query</title>
{items}</feed>"""
ENTRY = """<entry><id>http://arxiv.org/abs/{id}v{version}</id><updated>2026-03-04T10:00:00Z</updated>
<published>2026-03-01T10:00:00Z</published><title>{title}</title><summary>{abstract}</summary>
<author><name>Ann Bell</name></author><author><name>Cy Dee</name></author>
<arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">{comment}</arxiv:comment>
<link href="http://arxiv.org/abs/{id}v{version}" rel="alternate" type="text/html"/></entry>"""
TITLES = ["Quiet harbours and slow tides", "Copper lenses for distant moons", "Paper cranes beneath winter lamps",
          "Seven bridges measured at night", "Whistling frogs in northern marshes"]  # fmt: skip


def abstract(number: int, more: str = "") -> str:
    return f"We study {TITLES[number - 1].lower()} with nine instruments over several winters. {more}"


def item(number: int, version: int = 1, kind: str = "new", more: str = "", said: str | None = None) -> str:
    return ITEM.format(id=f"2603.0000{number}", title=TITLES[number - 1], version=version, kind=kind, more=more,
                       abstract=abstract(number) if said is None else said)  # fmt: skip


class World:
    """A store with a config, and files to collect from."""

    def __init__(
        self, folder: Path, digest: Callable[..., Any], config: str = "updated: {limit: 4}", *, site: bool = False
    ) -> None:
        self.folder, self._digest = folder, digest
        network = "network: {allow_hosts: [127.0.0.1]}\n"
        letter = f"newsletters: [{{name: daily, limit: 3{'' if site else f', {config}'}}}]\n"
        (folder / "config.yaml").write_text(letter + network + (f"{config}\n" if site else ""))

    def run(self, day: int, *bodies: str, hour: int = 9) -> dict[str, Any]:
        files = []
        for number, body in enumerate(bodies):
            path = self.folder / f"day{day}-{hour}-{number}.xml"
            path.write_text(body, encoding="utf-8")
            files += ["--from", path]
        at = f"2026-03-{day:02}T{hour:02}:00"
        came = self("run" if bodies else "publish", "--newsletter", "daily", *files, "--now", at, "--json")
        return dict(came.json)

    def __call__(self, *arguments: object) -> Any:
        return self._digest(*arguments, "--config", self.folder / "config.yaml")

    def text(self, day: int) -> str:
        """The page of an issue, and its Markdown."""
        return "".join(path.read_text() for path in sorted(self.folder.glob(f"public/daily/2026-03-{day:02}/*")))

    def issue(self, day: int) -> Any:
        with Store.open("sqlite:///digest.db", self.folder) as store:
            return store.issues.get(f"daily/2026-03-{day:02}")


@pytest.fixture
def world(tmp_path: Path, digest: Callable[..., Any]) -> World:
    made = World(tmp_path, digest)
    came = made.run(2, FEED.format(items="".join(map(item, range(1, 4)))))
    assert came["collected"]["new"] == 3
    assert came["issues"][0]["papers"] == 3
    return made


def printed(came: dict[str, Any]) -> list[str]:
    return [paper for section in came["issues"][0]["sections"] for paper in section["papers"]]


def test_each_is_an_update_of_a_known_paper_and_told_once(world: World) -> None:
    came = world.run(
        3,
        FEED.format(items=item(4) + item(1, 2, "replace", said=abstract(1, "Now with a tenth.")) + item(2, 1, "cross")),
        API.format(items=ENTRY.format(id="2603.00002", version=1, title=TITLES[1], abstract=abstract(2),
                                      comment="Accepted at ICML 2026. Code: https://github.com/bell/lenses")),
        json.dumps([{"title": TITLES[2], "authors": ["Ann Bell", "Cy Dee"], "doi": "10.1000/cranes",
                     "venue": "Journal of Tides"}]),
    )  # fmt: skip
    assert (came["collected"]["new"], came["collected"]["known"]) == (1, 4)
    assert printed(came) == ["arxiv:2603.00004"]
    told = {one.paper.id: (one.kind, one.words, one.issue) for one in world.issue(3).updated}
    assert told == {
        "arxiv:2603.00001": ("version", "version 2, with a changed abstract", "daily/2026-03-02"),
        "arxiv:2603.00002": ("venue", "now at ICML 2026; code released", "daily/2026-03-02"),
        "arxiv:2603.00003": ("venue", "now at Journal of Tides", "daily/2026-03-02"),
    }
    assert [one.kind for one in world.issue(3).updated] == ["venue", "venue", "version"]
    page = world.text(3)
    assert "version 2, with a changed abstract" in page
    assert "now at ICML 2026; code released" in page
    assert world.run(4, FEED.format(items=item(5)))["issues"][0]["status"] == "published"
    assert world.issue(4).updated == ()
    verdicts = [
        made["verdict"]
        for made in world("explain", "2603.00002", "--json").json["decisions"]
        if made["stage"] == "life"
    ]
    assert sorted(verdicts) == ["code", "venue"]


def test_off_by_default_and_the_same_abstract_is_no_update(tmp_path: Path, digest: Callable[..., Any]) -> None:
    quiet = World(tmp_path, digest, "top: 1")
    quiet.run(2, FEED.format(items=item(1) + item(2)))
    other = item(2, 2, "replace", said="Wholly other words.")
    quiet.run(3, FEED.format(items=item(4) + item(1, 2, "replace") + other))
    assert quiet.issue(3).updated == ()
    assert "life" not in {made["stage"] for made in quiet("explain", "2603.00001", "--json").json["decisions"]}
    assert "life" in {made["stage"] for made in quiet("explain", "2603.00002", "--json").json["decisions"]}


WITHDRAWN = "This paper has been withdrawn by the authors due to an error in Lemma 2"


def replaced(number: int, version: int, comment: str) -> str:
    return API.format(items=ENTRY.format(id=f"2603.0000{number}", version=version, title=TITLES[number - 1],
                                         abstract=abstract(number), comment=comment))  # fmt: skip


def test_withdrawn_papers_leave_what_is_not_sent_and_are_marked(world: World) -> None:
    came = world.run(3, FEED.format(items=item(4) + item(5)), replaced(5, 2, WITHDRAWN), replaced(1, 2, WITHDRAWN))
    assert printed(came) == ["arxiv:2603.00004"]
    assert [(one.paper.id, one.kind) for one in world.issue(3).updated] == [("arxiv:2603.00001", "withdrawn")]
    told = world("explain", "2603.00005", "--json").json["decisions"]
    assert any(made["verdict"] == "withdrawn" and made["stage"] == "life of an issue" for made in told)
    assert world.issue(2).withdrawn == ("arxiv:2603.00001",)
    page = (world.folder / "public/daily/2026-03-02/index.html").read_text()
    assert page.count(">withdrawn<") == 1
    assert "withdrawn" in world("explain", "2603.00001").out
    back = world.run(4, FEED.format(items=item(1, 3, "replace")), API.format(items=ENTRY.format(
        id="2603.00099", version=1, title="A wholly new thing of the day", abstract="Said.", comment="")))  # fmt: skip
    assert back["collected"]["known"] == 1
    with Store.open("sqlite:///digest.db", world.folder) as store:
        paper = store.papers.get("arxiv:2603.00001")
        assert paper is not None
        assert (paper.version, paper.withdrawn) == (3, False)
    page = (world.folder / "public/daily/2026-03-02/index.html").read_text()
    assert ">withdrawn<" not in page
    assert [one.words for one in world.issue(4).updated] == ["stands again, as version 3"]


def test_a_mail_not_yet_sent_goes_without_it(tmp_path: Path, digest: Callable[..., Any]) -> None:
    with Server() as server:
        relay = f"smtp://127.0.0.1:{server.port}"
        made = World(
            tmp_path, digest, f"mail: {{from: a@example.org, to: [r@example.org], smtp: '{relay}'}}", site=True
        )
        server.rcpt = lambda _address: "451 later"
        first = made.run(2, FEED.format(items=item(1) + item(2)))
        assert first["issues"][0]["deliveries"]["failed"] == 1
        server.rcpt = lambda _address: None
        again = made.run(2, replaced(2, 2, WITHDRAWN), hour=11)
        assert again["issues"][0]["status"] == "exists"
        assert again["issues"][0]["deliveries"]["sent"] == 1
        ((_, body),) = server.received
    parts = [part.get_content() for part in message_from_bytes(body, policy=default).walk() if not part.is_multipart()]
    assert len(parts) == 2
    for part in parts:
        assert TITLES[0] in part
        assert TITLES[1] not in part


def test_a_draft_not_yet_sent_goes_without_it(tmp_path: Path, digest: Callable[..., Any]) -> None:
    made = World(tmp_path, digest, "approval: required")
    assert made.run(2, FEED.format(items=item(1) + item(2)))["issues"][0]["status"] != "published"
    made.run(2, replaced(2, 2, WITHDRAWN), hour=10)
    came = made("desk", "approve", "--yes", "--now", "2026-03-02T11:00", "--json")
    assert came.code == 0, came.err
    assert printed(came.json) == ["arxiv:2603.00001"]


def test_a_correction_by_the_journal_is_told_of_the_paper_and_is_no_news(world: World) -> None:
    notice = [{"title": f"Author Correction: {TITLES[0]}", "authors": ["Ann Bell"], "doi": "10.1000/erratum.7"},
              {"title": f"Retraction Note: {TITLES[1]}", "authors": ["Cy Dee"], "doi": "10.1000/retraction.8"},
              {"title": f"Erratum to: {TITLES[2]}", "authors": ["Zoe Other"], "doi": "10.1000/erratum.9"}]  # fmt: skip
    came = world.run(3, FEED.format(items=item(4)), json.dumps(notice))
    assert set(printed(came)) == {"arxiv:2603.00004", "doi:10.1000/erratum.9"}  # by other authors: of another paper
    told = {one.paper.id: (one.kind, one.words) for one in world.issue(3).updated}
    assert told["arxiv:2603.00001"] == ("corrected", "author correction: https://doi.org/10.1000/erratum.7")
    assert told["arxiv:2603.00002"] == ("withdrawn", "retraction note: https://doi.org/10.1000/retraction.8")
    assert set(told) == {"arxiv:2603.00001", "arxiv:2603.00002"}
    assert world.issue(2).withdrawn == ("arxiv:2603.00002",)


def test_what_was_corrected_by_its_authors(world: World) -> None:
    world.run(3, FEED.format(items=item(4)), replaced(2, 2, "v2: corrected a sign in equation 3"))
    (one,) = world.issue(3).updated
    assert (one.kind, one.words) == ("corrected", "version 2: v2: corrected a sign in equation 3")


def test_papers_of_an_imported_past_are_told_of_too(world: World) -> None:
    past = world.folder / "past.jsonl"
    past.write_text(json.dumps({"id": "2603.00005v1", "title": TITLES[4], "abstract": abstract(5)}) + "\n")
    assert world("import", past, "--now", "2026-03-02T12:00").code == 0
    world.run(3, FEED.format(items=item(4) + item(5, 2, "replace", said=abstract(5, "And once more."))))
    (one,) = world.issue(3).updated
    assert (one.paper.id, one.kind, one.issue) == ("arxiv:2603.00005", "version", "")


def test_hostile_words_of_an_update_are_text(world: World) -> None:
    venue = "<script>alert(1)</script> [x](javascript:y)"
    world.run(3, FEED.format(items=item(4)), json.dumps([{"title": TITLES[0], "id": "2603.00001", "venue": venue}]))
    assert world.issue(3).updated
    assert "<script>alert" not in world.text(3)
    with Store.open("sqlite:///digest.db", world.folder) as store:
        since, until = datetime(2026, 3, 2, 10, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
        assert len(store.life.updates("daily", since, until)) == 1
        assert store.life.updates("daily", since, until, ["nobody"]) == ()
