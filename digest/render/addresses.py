"""Render, addresses: where a paper's page is, and which paper a page is about.

    arxiv:2503.01234    papers/arxiv/2503.01234/
    doi:10.1000/x(1)    papers/doi/10.1000/x~281~29/

Every id has one path and every path one id: what a file system or a web server may take amiss is written ``~`` and two
hex digits of its UTF-8, so that no server has to decode anything. Touched when pages of papers move.
"""

import re

FOLDER = "papers/"
CITATIONS = {"bibtex": "cite.bib", "ris": "cite.ris", "csl": "cite.json", "markdown": "cite.md"}
"""Files beside a paper's page."""
_PLAIN = re.compile(rb"[A-Za-z0-9_-]|(?<=[^/])\.(?=[^/])|(?<=[^/])/(?=[^/])")
_LONGEST = 200
_TAKEN = re.compile(r"(/)([ci])(?=ite\.(?:bib|ris|json|md)$|ndex\.html$)")


def of_paper(paper_id: str) -> str:
    """The folder of the paper's page, ending in a slash; "" for an id too long to be a name of files."""
    kind, _, value = paper_id.partition(":")
    if not re.fullmatch(r"[a-z0-9]+", kind) or not value:
        return ""
    data, made = value.encode("utf-8", "surrogatepass"), ""
    for at in range(len(data)):
        made += chr(data[at]) if _PLAIN.match(data, at) else f"~{data[at]:02x}"
    made = _TAKEN.sub(lambda found: f"/~{ord(found[2]):02x}", f"/{made}")[1:]
    return f"{FOLDER}{kind}/{made}/" if max(map(len, made.split("/"))) <= _LONGEST else ""


def paper_of(folder: str) -> str:
    """The id of the paper whose page is in `folder`; "" where no paper's can be."""
    found = re.fullmatch(rf"{FOLDER}([a-z0-9]+)/([^\0]+)/", folder)
    if not found:
        return ""
    kind, made = found[1], found[2]
    try:
        data = re.sub(rb"~([0-9a-f]{2})", lambda each: bytes([int(each[1], 16)]), made.encode())
        paper_id = f"{kind}:{data.decode('utf-8', 'surrogatepass')}"
    except ValueError:
        return ""
    return paper_id if of_paper(paper_id) == folder else ""
