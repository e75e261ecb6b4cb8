"""The shell blocks of README and docs, taken apart, and a folder to type them in."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from pytest_httpserver import HTTPServer

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
CONFIG = """
contact: you@example.org
network: {{allow_hosts: [127.0.0.1, localhost], gap_s: 0}}
sources:
  - {{name: papers, kind: file, path: "{home}/papers.jsonl"}}
  - {{name: arxiv, kind: arxiv, categories: [cs.CL], base_url: "{http}", api_url: "{http}/api/query"}}
  - {{name: hf, kind: huggingface, base_url: "{http}"}}
newsletters: [{{name: daily}}]
mail: {{from: "Papers today <digest@example.org>", to: [you@example.org], smtp: env:DIGEST_SMTP_URL}}
"""
NOTHING = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">
<totalResults xmlns="http://a9.com/-/spec/opensearch/1.1/">0</totalResults></feed>"""


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """Language and text of each fenced block."""
    yield from re.findall(r"^```(\w*)\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def script(page: str, sign: str) -> str:
    """The block of a page in docs/ that holds `sign`."""
    return next(text for _, text in blocks(ROOT / "docs" / page) if sign in text)


def typed(page: Path) -> Iterator[str]:
    """Each command that a page has typed, or called by cron, without its comment; not the lines of whole scripts."""
    for language, text in blocks(page):
        shell = language in ("sh", "cron") or re.match(r"(digest|python) ", text)
        if not shell or text.startswith("#!") or re.match(r"\w+='", text):
            continue
        for line in text.replace("\\\n", " ").splitlines():
            without_hour = re.sub(r"^[\d*,]+ [\d*,]+ \S+ \S+ \S+\s+\w+\s+", "", line)
            if command := re.sub(r"\s+#.*$", "", without_hour).strip():
                yield command


def ours(line: str) -> str | None:
    """What a line has the program do: the words after its name."""
    container = re.match(r"docker (?:exec digest|run --rm -v \S+) digest (.*)", line)
    found = container or re.match(r"(?:\S*/)?digest (.*)", line)
    return found[1] if found else None


def furnish(home: Path, server: HTTPServer) -> str:
    """Put a configuration with local sources into a folder, and the files that the pages name; the configuration."""
    for place in ("/api/query", "/rss/cs.CL"):
        server.expect_request(place).respond_with_data(NOTHING, content_type="application/atom+xml")
    server.expect_request("/api/daily_papers").respond_with_data("[]", content_type="application/json")
    config = CONFIG.format(home=home, http=server.url_for("").rstrip("/"))
    papers = "".join(f'{{"title": "Tidal study {n}", "abstract": "We measure tide {n}."}}\n' for n in range(6))
    files = {
        "config.yaml": config,
        "papers.jsonl": papers,
        "arxiv-metadata-oai-snapshot.json": '{"id": "0704.0001", "title": "Old tides", "authors": "A. Bell"}\n',
        "library.bib": "@article{a, title={Coral of the past}, doi={10.1000/coral.1}, year={2019}}\n",
        "refs.ris": "TY  - JOUR\nTI  - Sands of the past\nDO  - 10.1000/sand.1\nER  - \n",
    }
    for name, text in files.items():
        (home / name).write_text(text)
    with gzip.open(home / "scopus.csv.gz", "wt") as table:
        table.write("title,author,year\nReefs of the past,A. Bell,2018\n")
    (home / "backups").mkdir()
    return config
