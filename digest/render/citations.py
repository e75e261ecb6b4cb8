"""Render, citations: a paper as BibTeX, RIS, CSL-JSON and Markdown. Touched when a format needs another field.

Names are written family name first where a format wants that; the family name is taken to be the last word and the
particles before it, since sources give names as one string.
"""

import json
import re
from datetime import date
from typing import Any

from digest.model import Paper
from digest.render import safe
from digest.render.layout import markdown as escaped
from digest.text.fold import compact

_PARTICLES = {"af", "al", "bin", "da", "de", "del", "den", "der", "di", "dos", "du", "el", "la", "le", "ten", "van",
              "von", "zu"}  # fmt: skip
_SUFFIX = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}
_IN_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip
_TITLE, _ABSTRACT = 1000, 6000


def citations(paper: Paper) -> dict[str, str]:
    """The paper as ``bibtex``, ``ris``, ``csl`` (CSL-JSON) and ``markdown``, each ending in a line end."""
    facts = _Facts(paper)
    return {"bibtex": _bibtex(facts), "ris": _ris(facts), "csl": _csl(facts), "markdown": _markdown(facts)}


class _Facts:
    """What formats say of a paper, cleaned."""

    def __init__(self, paper: Paper) -> None:
        keys = [key.partition(":") for key in paper.keys]
        self.title = safe.clean(paper.title, _TITLE) or "Untitled"
        self.names = [name for person in paper.authors[:500] if (name := safe.clean(person.name, 120))]
        self.day: date | None = paper.published.date() if paper.published else None
        self.venue = safe.clean(paper.venue or "", 300)
        self.doi = next((safe.clean(value, 300) for kind, _, value in keys if kind == "doi"), "")
        self.arxiv = next((safe.clean(value, 60) for kind, _, value in keys if kind == "arxiv"), "")
        self.url = safe.url(paper.url)
        self.abstract = safe.clean(paper.abstract, _ABSTRACT)
        self.category = safe.clean(paper.categories[0], 40) if paper.categories else ""

    @property
    def key(self) -> str:
        """``carvalho2025small``: family name, year, first long word of the title."""
        first = family(self.names[0])[0] if self.names else "anonymous"
        word = next((word for word in re.findall(r"[^\W_]+", self.title) if len(word) > 3), "paper")
        made = f"{first}{self.day.year if self.day else ''}{word}".lower()
        return re.sub(r"[^a-z0-9]", "", compact(made)) or "paper"


def family(name: str) -> tuple[str, str]:
    """(family name, given names) of a name as printed; given is "" for a name of one word."""
    if "," in name:
        last, _, first = name.partition(",")
        return last.strip(), first.strip()
    words = name.split()
    at = len(words) - 1
    if at > 1 and words[at].lower() in _SUFFIX:
        at -= 1
    while at > 1 and words[at - 1].lower() in _PARTICLES:
        at -= 1
    return " ".join(words[at:]), " ".join(words[:at])


def _tex(text: str) -> str:
    return "".join(_IN_TEX.get(c, c) for c in text)


def _bibtex(facts: _Facts) -> str:
    names = " and ".join(f"{{{_tex(n)}}}" if re.search(r"\band\b", n) else _tex(n) for n in facts.names)
    fields = {
        "title": f"{{{_tex(facts.title)}}}",
        "author": names,
        "journal": _tex(facts.venue),
        "year": str(facts.day.year) if facts.day else "",
        "eprint": _tex(facts.arxiv),
        "archivePrefix": "arXiv" if facts.arxiv else "",
        "primaryClass": _tex(facts.category) if facts.arxiv else "",
        "doi": _tex(facts.doi),
        "url": facts.url.replace("{", "%7B").replace("}", "%7D"),
    }
    kind = "article" if facts.venue else "misc"
    lines = [f"  {name:<13} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{facts.key},", *lines, "}", ""])


def _ris(facts: _Facts) -> str:
    lines = [("TY", "JOUR" if facts.venue else "UNPB")]
    lines += [("AU", ", ".join(part for part in family(name) if part)) for name in facts.names]
    lines += [("TI", facts.title), ("JO", facts.venue), ("AB", facts.abstract), ("DO", facts.doi)]
    if facts.day:
        lines += [("PY", str(facts.day.year)), ("DA", f"{facts.day:%Y/%m/%d}")]
    lines += [("AN", f"arXiv:{facts.arxiv}" if facts.arxiv else ""), ("UR", facts.url)]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def _csl(facts: _Facts) -> str:
    item: dict[str, Any] = {
        "id": facts.key,
        "type": "article-journal" if facts.venue else "article",
        "title": facts.title,
        "author": [_person(name) for name in facts.names],
        "container-title": facts.venue,
        "abstract": facts.abstract,
        "DOI": facts.doi,
        "number": f"arXiv:{facts.arxiv}" if facts.arxiv else "",
        "URL": facts.url,
    }
    if facts.day:
        item["issued"] = {"date-parts": [[facts.day.year, facts.day.month, facts.day.day]]}
    kept = {name: value for name, value in item.items() if value}
    return json.dumps([kept], ensure_ascii=False, indent=1) + "\n"


def _person(name: str) -> dict[str, str]:
    last, first = family(name)
    return {"family": last, "given": first} if first else {"literal": last}


def _markdown(facts: _Facts) -> str:
    names = facts.names if len(facts.names) <= 8 else [*facts.names[:7], "et al."]
    where = facts.venue or (f"arXiv:{facts.arxiv}" if facts.arxiv else facts.doi)
    title = f"[{escaped(facts.title)}]({facts.url})" if facts.url and not re.search(r"[()\s]", facts.url) else None
    parts = [escaped(", ".join(names)), title or escaped(facts.title), escaped(where)]
    said = ". ".join(str(part).rstrip(".") for part in parts if part)
    return f"{said}{f', {facts.day.year}' if facts.day else ''}.\n"
