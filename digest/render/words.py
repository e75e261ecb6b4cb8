"""Render, words: numbers, dates and names as a reader likes them. Plain functions of plain values.

Touched when an edition's wording changes. The frame's language is English whatever the papers are written in.
"""

from collections.abc import Sequence
from datetime import date

from digest.model import Author, Coverage, CoveragePart
from digest.render import safe

_WORDS_A_MINUTE = 220
_SOURCES = 20
_RTL = {"ar", "arc", "dv", "fa", "he", "ku", "ps", "ur", "yi"}
_LTR_SCRIPTS = {"latn", "cyrl"}
LINK_WORDS = {
    "paper": "Paper", "pdf": "PDF", "html": "HTML", "code": "Code", "project": "Project page", "data": "Data",
    "weights": "Weights", "demo": "Demo", "video": "Video", "discussion": "Discussion", "doi": "DOI",
}  # fmt: skip
BROKEN = {"stalled": "nothing new", "failed": "no usable answer", "partial": "only in part"}


def direction_of(language: str) -> str:
    """``rtl`` or ``ltr``: how a language (``ar``, ``ku-Latn``) is written."""
    first, *rest = language.lower().split("-")
    return "rtl" if first in _RTL and not _LTR_SCRIPTS.intersection(rest) else "ltr"


def long_date(day: date) -> str:
    """``Thursday, 5 June 2025``."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def short_date(day: date) -> str:
    """``5 June 2025``."""
    return f"{day.day} {day:%B %Y}"


def count(number: int, noun: str) -> str:
    """``1 paper``, ``25 papers``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def size_of(printed: int, candidates: int) -> str:
    """``25 of 231 new papers``; all printed: ``25 papers``; none: ``no new papers``."""
    if not printed:
        return "no new papers"
    return count(printed, "paper") if candidates <= printed else f"{printed:,} of {candidates:,} new papers"


def minutes(text: Sequence[str]) -> str:
    """Reading time of `text` at 220 words a minute, at least a minute."""
    number = max(1, round(sum(len(part.split()) for part in text) / _WORDS_A_MINUTE))
    return count(number, "minute")


def authors(people: Sequence[Author]) -> tuple[str, str]:
    """The byline (three names, then "and 5 more"; four are printed whole) and an institution, "" where unknown."""
    names = [name for person in people if (name := safe.clean(person.name, 80))]
    byline = ", ".join(names)
    if len(names) > 4:
        byline = f"{', '.join(names[:3])} and {len(names) - 3:,} more"
    places = (safe.clean(person.affiliation or "", 80) for person in people)
    return byline, next((place for place in places if place), "")


def names(found: Sequence[str], most: int = 3) -> str:
    """``arxiv, hf``: at most `most` of them, then ``and 2 more``."""
    told = ", ".join(safe.clean(name, 40) for name in found[:most])
    return told + (f" and {len(found) - most:,} more" if len(found) > most else "")


def against_usual(today: int, usual: float | None) -> str:
    """``24 new, 1.7x usual``; ``19 new, as usual`` within a tenth; ``8 new`` while the usual is unknown."""
    if usual is None or usual <= 0:
        return f"{today:,} new"
    ratio = today / usual
    return f"{today:,} new, " + ("as usual" if 0.9 <= ratio <= 1.1 else f"{ratio:.1f}x usual")


def coverage(sources: Sequence[Coverage], today: date | None = None) -> str:
    """What the issue of `today` rests on: broken sources first, then as configured; of more than twenty the rest as a
    number: ``arxiv: cs.CL 231, cs.CV 312; biorxiv: nothing, nothing new since Tuesday``."""
    ordered = sorted(sources, key=lambda source: source.status not in BROKEN)
    told = [source_line(source, today) for source in ordered[:_SOURCES]]
    return "; ".join(told + ([count(len(ordered) - _SOURCES, "more source")] if len(ordered) > _SOURCES else []))


def trouble(sources: Sequence[Coverage]) -> tuple[str, ...]:
    """Names of the broken sources, the tenth and later as a number."""
    names = [safe.clean(source.source, 100) for source in sources if source.status in BROKEN]
    return tuple(names[:9] + ([f"{len(names) - 9:,} more"] if len(names) > 9 else []))


def source_line(source: Coverage, today: date | None = None) -> str:
    """What one source and each of its parts brought, and what is wrong with them if something is."""
    name = safe.clean(source.source, 100)
    brought = f"{name}: {source.new:,} new of {source.entries:,}" if source.entries else f"{name}: nothing"
    if source.parts and source.entries:
        told = [_part(part, source) for part in source.parts[:_SOURCES]]
        more = [count(len(source.parts) - _SOURCES, "more part")] if len(source.parts) > _SOURCES else []
        brought = f"{name}: {', '.join(told + more)}"
    trouble = BROKEN.get(source.status)
    if trouble is None:
        return brought
    since = f" since {_when(source.since.date(), today)}" if source.since else ""
    error = f" ({safe.clean(source.error, 120)})" if source.error else ""
    return f"{brought}, {trouble}{since}{error}"


def _part(part: CoveragePart, source: Coverage) -> str:
    """``cs.CL 231``, and what is wrong with it where not the whole source is so."""
    trouble = BROKEN.get(part.status) if part.status != source.status or len(source.parts) > 1 else None
    return f"{safe.clean(part.name, 40)} {part.entries:,}" + (f" {trouble}" if trouble else "")


def _when(day: date, today: date | None) -> str:
    """``Tuesday`` within the last six days, else ``5 June 2025``."""
    return f"{day:%A}" if today and 0 <= (today - day).days < 7 else short_date(day)
