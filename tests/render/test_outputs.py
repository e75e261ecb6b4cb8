"""Every output parses by an independent parser and says what it must, on ordinary, quiet, empty and hostile issues."""

import io
import json
import re

import factory
import feedparser
import html5lib
import jsonschema
import pytest
from lxml import etree
from site_pages import whole_site

from digest import errors
from digest.model import Edition, Issue
from digest.render import FORMATS, MAX_HTML, Templates, editions, mail

ATOM = "{http://www.w3.org/2005/Atom}"
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": {"type": "string", "pattern": "^https?://"},
        "feed_url": {"type": "string", "pattern": "^https?://"},
        "description": {"type": "string"},
        "language": {"type": "string"},
        "authors": {"$ref": "#/$defs/authors"},
        "_digest": {"type": "object"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_html"],
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "url": {"type": "string", "pattern": "^https?://"},
                    "title": {"type": "string"},
                    "content_html": {"type": "string"},
                    "summary": {"type": "string"},
                    "date_published": {"$ref": "#/$defs/moment"},
                    "date_modified": {"$ref": "#/$defs/moment"},
                    "authors": {"$ref": "#/$defs/authors"},
                    "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
                    "_digest": {"type": "object"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
    "$defs": {
        "moment": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "authors": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        },
    },
}
TEMPLATES = Templates()
ISSUES = {
    "ordinary": factory.issue(),
    "quiet": factory.issue(2, top=1),
    "empty": factory.issue(0),
    "hostile": factory.hostile(),
    "large": factory.issue(300),
}


def strict(html: str) -> etree._Element:
    """`html` parsed by html5lib in strict mode, which raises on the first parse error."""
    return html5lib.HTMLParser(strict=True, tree=html5lib.getTreeBuilder("lxml")).parse(html)


def named(made: tuple[Edition, ...]) -> dict[str, bytes]:
    return {edition.path: edition.body for edition in made}


def everything(issue: Issue) -> dict[str, bytes]:
    made = editions(issue, factory.MASTHEAD, TEMPLATES, FORMATS)
    # What has a form, a drawing or a script is looked at in test_site_pages.py.
    others = ("search/", "papers/", f"{issue.newsletter}/topics/", "about/")
    whole = {path: body for path, body in whole_site([issue]).items() if not path.startswith(others)}
    return {**whole, **named(made)}


@pytest.fixture(scope="module", params=ISSUES)
def outputs(request: pytest.FixtureRequest) -> tuple[Issue, dict[str, bytes]]:
    issue = ISSUES[request.param]
    return issue, everything(issue)


def test_html_is_strict_and_inert(outputs: tuple[Issue, dict[str, bytes]]) -> None:
    for path, body in outputs[1].items():
        if path.endswith(".html"):
            assert_inert(strict(body.decode()))


def assert_inert(tree: etree._ElementTree) -> None:
    """No element, attribute or address that runs or loads anything."""
    for element in tree.iter(etree.Element):
        tag = etree.QName(element).localname
        assert tag not in {"script", "iframe", "object", "embed", "form", "input", "svg", "base", "img"}, tag
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on"), (tag, name)
            if name == "href":
                # Pages link to one another by relative paths; nothing from a feed can be one.
                own = re.fullmatch(r"(\.\./)*([a-z0-9.-]+/)*[a-z-]+\.(html|xml|json|css|svg)(#[a-z]+)?|#content", value)
                assert own or value.startswith(("https://", "http://", "mailto:")), value


def test_xml_feeds_are_valid(outputs: tuple[Issue, dict[str, bytes]]) -> None:
    issue, files = outputs
    for name, kind in (("feed.xml", "rss20"), ("atom.xml", "atom10")):
        for folder in (f"{issue.id}/", "daily/"):
            body = files[folder + name]
            root = etree.fromstring(body)
            parsed = feedparser.parse(io.BytesIO(body))
            assert not parsed.bozo and parsed.version == kind
            assert len(parsed.entries) == len(issue.items)
            ids = [entry.id for entry in parsed.entries]
            assert len(set(ids)) == len(ids) and all(each.startswith("tag:papers.example.org,2025:") for each in ids)
            self_link = next(link for link in parsed.feed.links if link.rel == "self")
            assert self_link.href == f"https://papers.example.org/{folder}{name}"
            assert root.tag in ("rss", ATOM + "feed")


def test_atom_has_all_that_rfc_4287_requires(outputs: tuple[Issue, dict[str, bytes]]) -> None:
    issue, files = outputs
    root = etree.fromstring(files["daily/atom.xml"])
    for parent in (root, *root.findall(ATOM + "entry")):
        for name in ("id", "title", "updated"):
            assert len(parent.findall(ATOM + name)) == 1 and (parent.findtext(ATOM + name) or "").strip()
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    unknown = sum(each.paper.published is None for each in issue.items)
    assert len(root.findall(f"{ATOM}entry/{ATOM}published")) == len(issue.items) - unknown


def test_rss_guids_are_no_links(outputs: tuple[Issue, dict[str, bytes]]) -> None:
    root = etree.fromstring(outputs[1]["daily/feed.xml"])
    assert all(guid.get("isPermaLink") == "false" for guid in root.iter("guid"))
    assert not root.findall(".//item/author"), "RSS authors are mail addresses; names belong into dc:creator"


def test_json_feed_keeps_its_schema(outputs: tuple[Issue, dict[str, bytes]]) -> None:
    issue, files = outputs
    made = json.loads(files["daily/feed.json"])
    jsonschema.validate(made, JSON_FEED)
    assert len(made["items"]) == len(issue.items)
    for each in made["items"]:
        assert_inert(html5lib.parse(each["content_html"], treebuilder="lxml"))


def test_the_mail_is_never_cut_by_a_client(outputs: tuple[Issue, dict[str, bytes]]) -> None:
    issue, files = outputs
    body = files[f"{issue.id}/mail.html"]
    assert len(body) <= MAX_HTML
    assert b"Unsubscribe" in body and b"Rua das Flores" in body


def test_hidden_characters_reach_no_output(outputs: tuple[Issue, dict[str, bytes]]) -> None:
    hidden = "\u202e\u2066\u2069\u200b\ufeff\x00\x0b\x1b\x7f\x85\ud800\ufffe\r"
    for path, body in outputs[1].items():
        text = body.decode()
        assert not [hex(ord(c)) for c in hidden if c in text], path


def test_the_same_issue_makes_the_same_bytes() -> None:
    assert everything(ISSUES["ordinary"]) == everything(factory.issue())


def test_subject_is_one_line_whatever_the_title() -> None:
    for issue in ISSUES.values():
        subject = mail(issue, factory.MASTHEAD, TEMPLATES).subject
        assert subject and len(subject) <= 140 and subject.isprintable()


def test_feeds_keep_dates_names_and_text() -> None:
    issue = factory.issue(4)
    files = everything(issue)
    parsed = feedparser.parse(io.BytesIO(files["daily/atom.xml"]))
    by_title = {entry.title: entry for entry in parsed.entries}
    for each in issue.items:
        entry = by_title[each.paper.title]
        assert entry.published == f"{each.paper.published:%Y-%m-%dT%H:%M:%S}Z"
        assert [author.name for author in entry.authors] == [author.name for author in each.paper.authors]
        assert entry.summary == each.tldr and each.paper.abstract.split(".")[0] in entry.content[0].value
        assert {tag.term for tag in entry.tags} >= set(each.paper.categories)


def test_a_format_there_is_none_of() -> None:
    with pytest.raises(errors.InputError, match="'pdf'"):
        editions(ISSUES["empty"], factory.MASTHEAD, TEMPLATES, ["pdf"])


def test_tags_in_text_stay_text_in_feeds() -> None:
    text = "if a < b then <b>bold</b> & <script>x</script>"
    files = everything(factory.hostile((text,) * 2))
    rss = etree.fromstring(files["daily/feed.xml"]).find(".//item")
    assert rss is not None
    described = html5lib.parse(rss.findtext("description") or "", namespaceHTMLElements=False)
    assert "".join(described.find("body").itertext()) == text and not list(described.find("body"))
    assert rss.findtext("title") == text
    entry = etree.fromstring(files["daily/atom.xml"]).find(f"{ATOM}entry")
    assert entry is not None and entry.findtext(f"{ATOM}summary") == text
    assert json.loads(files["daily/feed.json"])["items"][0]["summary"] == text
