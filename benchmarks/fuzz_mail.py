"""Ten thousand hostile titles and abstracts through every format: `benchmarks/fuzz_mail.py [--titles N] [--seed S]`.

Prints one JSON object; exits 1 if any output was wrong: HTML must parse strictly without anything active and give the
titles back, feeds must parse with every entry, the message must give both parts back byte for byte, have no fault the
linter knows and at most 102,400 bytes of HTML.
"""

import argparse
import io
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from time import perf_counter

import feedparser
import html5lib

from digest.deliver import message
from digest.model import Edition, Issue
from digest.operations.lint import lint
from digest.render import FORMATS, MAX_HTML, Templates, editions, mail, safe

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "render"))
import factory

AN_ISSUE = 50
LINKS = ("http://", "https://", "mailto:")
ACTIVE = {"script", "iframe", "object", "embed", "form", "input", "svg", "img", "base", "link"}
PIECES = (
    "<script>alert(1)</script>", "</td></tr></table>", "</style>", "</title>", "-->", "<!--", "<![CDATA[", "]]>",
    "{{ 7*7 }}", "{% raw %}", "{#", "%}", "javascript:alert(1)", "\r\nBcc: x@example.org\r\n", "\n.\n", "\0",
    "\x1b[31m", "\x0b", "\x7f", "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\ud800", "\udc00", "\ufffe",
    "\U0001ffff", "\U000e0041", "\u0301" * 40, "&#0;", "&amp;lt;", "&nosuch;", "'", '"', "`", "\\", "*", "_",
    "[a](javascript:1)", "![x](https://e.org/p.gif)", "$x^2$", "$5", "=?utf-8?q?x?=", "نص", "کتاب‌ها", "研究", "한국어",
    "🧑\u200d🔬", "🇵🇹", "e\u0301", "𝒪(n²)", " onload=1 ", "\u2028", "\x85",
)  # fmt: skip


def main() -> int:
    """Fuzz, print the figures, return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--titles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance, templates, began = random.Random(asked.seed), Templates(), perf_counter()
    faults: list[str] = []
    done = largest = 0
    while done < asked.titles:
        texts = tuple(text(chance) for _ in range(min(AN_ISSUE, asked.titles - done)))
        issue = factory.hostile(texts)
        size, found = judge(issue, texts, templates)
        largest, done = max(largest, size), done + len(texts)
        faults += [f"issue ending at {done}: {fault}" for fault in found]
    seconds = round(perf_counter() - began, 1)
    report = {
        "titles": done,
        "seed": asked.seed,
        "faults": len(faults),
        "largest_html_bytes": largest,
        "seconds": seconds,
    }
    print(json.dumps({**report, "first_faults": faults[:10]}))
    return 1 if faults else 0


def text(chance: random.Random) -> str:
    """One hostile text; one in a hundred is 100,000 characters long."""
    length = chance.randint(0, 12)
    parts = [chance.choice(PIECES) if chance.random() < 0.5 else letters(chance) for _ in range(length)]
    return "".join(parts) * (100_000 // max(1, len("".join(parts))) if chance.random() < 0.01 else 1)


def letters(chance: random.Random) -> str:
    """Up to nine characters from anywhere in Unicode, surrogates included."""
    ranges = ((0x20, 0x7F), (0, 0x300), (0, 0x10000), (0, 0x110000))
    return "".join(chr(chance.randrange(*chance.choice(ranges))) for _ in range(chance.randint(1, 9)))


def judge(issue: Issue, texts: tuple[str, ...], templates: Templates) -> tuple[int, Iterator[str]]:
    """Bytes of the mail's HTML, and what was wrong with any output of `issue`."""
    made = mail(issue, factory.MASTHEAD, templates)
    eml = message.build(made, "a@example.org", "b@example.org", "<x@example.org>", factory.NOW, "d.example.org",
                        unsubscribe_url="https://example.org/u")  # fmt: skip

    def found() -> Iterator[str]:
        yield from lint(eml)
        read = message_from_bytes(eml, policy=policy.default)
        for kind, given in (("plain", made.text), ("html", made.html)):
            part = read.get_body((kind,))
            if part is None or part.get_content().replace("\r\n", "\n") != given:
                yield f"the {kind} part does not read back"
        for edition in editions(issue, factory.MASTHEAD, templates, FORMATS):
            yield from wrong(edition, texts)
        short = replace(issue, sections=tuple(replace(s, items=s.items[:8]) for s in issue.sections))
        yield from titles(mail(short, factory.MASTHEAD, templates).html, texts[:8])

    size = len(made.html.encode())
    return size, found() if size <= MAX_HTML else iter([f"{size} bytes of HTML"])


def wrong(edition: Edition, texts: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with one edition by an independent parser."""
    if edition.path.endswith(".html"):
        try:
            tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(edition.body.decode())
        except html5lib.html5parser.ParseError as error:
            yield f"{edition.path}: {error}"
            return
        for element in tree.iter():
            feed = element.tag == "link" and element.get("rel") in ("alternate", "canonical")
            if not feed and (element.tag in ACTIVE or any(name.startswith("on") for name in element.attrib)):
                yield f"{edition.path}: active <{element.tag}>"
            own = element.get("href") == "../index.html"  # pages link to one another relatively
            if element.tag == "a" and not own and not element.get("href", "").startswith(LINKS):
                yield f"{edition.path}: link to {element.get('href')}"
    elif edition.path.endswith(".xml"):
        parsed = feedparser.parse(io.BytesIO(edition.body))
        if parsed.bozo or len(parsed.entries) != len(texts):
            yield f"{edition.path}: {parsed.get('bozo_exception')}, {len(parsed.entries)} entries"
    elif edition.path.endswith(".json") and len(json.loads(edition.body)["items"]) != len(texts):
        yield f"{edition.path}: entries are missing"


def titles(html: str, texts: tuple[str, ...]) -> Iterator[str]:
    """Whether the titles of the mail are those given, once cleaned."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    shown = [" ".join("".join(h3.itertext()).split()) for h3 in tree.iter("h3")]
    if shown != [" ".join(safe.clean(each, 300).split()) or "(untitled)" for each in texts]:
        yield "titles do not read back"


if __name__ == "__main__":
    sys.exit(main())
