"""Text: where sentences end. Plain Unicode in, sentences out; touched when a full stop is misread.

A full stop, question or exclamation mark ends a sentence when what follows looks like a beginning (a capital, a digit,
a quotation mark, a bracket) and what stands before it is neither a known abbreviation nor an initial. Inside a bracket
that closes soon none ends. Chinese and Japanese stops end one always, outside brackets and quotations.
"""

import re

_ABBREVIATED = """
    al approx art assn ave ca cf ch chap co corp dept diff dr ed eds e.g eq eqn eqns eqs esp et etc ex fig figs
    ff gen i.e ibid inc incl jr lem lett ltd max min mr mrs ms no nos nr op p par phys pp prof prop props pt ref
    refs rel resp rev sci sec sect sects ser sr st sup suppl tab tabs th thm univ usu viz vol vols vs w.r.t wrt
    a.k.a u.s u.k e.u comb nov ord sp spp ssp subg subsect subsp syn bzw d.h evtl ggf insb o.ä s.o sog u.a usw
    vgl z.b z.t p.ej ej sra cap págs pág env"""
_OPENING = """
    a although an and another as at because besides both but by code compared despite each every experiments extensive
    finally first for from furthermore given hence here how however if in instead it its last many moreover most
    nevertheless on one our over recent recently results second several since some specifically such that the their
    then there therefore these they third this those through thus to unlike using we what when where whereas whether
    while why with without yet you"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
# Abbreviations that may well end a sentence: they do when a common opening follows.
_FINAL = frozenset(
    ["al", "etc", "usw", "inc", "ltd", "co", "corp", "u.s", "u.k", "e.u", "max", "min", "nov", "sp", "spp"]
)
_OPENINGS = frozenset(_OPENING.split())
# The last alternative is a blank forgotten between two sentences: "networks.We show".
_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|(?<=[a-z]{4})\.(?=[A-Z][a-z]*,? )|[。！？｡]+[」』”’）】]*")
_BEGINNING = re.compile(r"[\"'“‘«(\[¿¡]*(?:[^\W_a-zß-öø-ÿ]|\$|\\|[a-z]+[A-Z0-9])")
_WORD_BEFORE = re.compile(r"([^\s(\[{\"“‘'«—–]+)$")
_LETTER_STOP = re.compile(r"[^\W\d_]\.")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_OPEN, _CLOSE = "「『（【", "」』）】"
_FAR = 300  # characters looked at on either side of a stop: a bracket that is open longer was never closed


def split(text: str) -> tuple[str, ...]:
    """The sentences of `text` in order, each stripped and with runs of white space as one space; () for none.

    Joining them by a space gives the text back, save for white space.
    """
    text = " ".join(text.split())
    found, start = [], 0
    for stop in _STOP.finditer(text):
        if _ends(text, start, stop):
            found.append(text[start : stop.end()].strip())
            start = stop.end()
    found.append(text[start:].strip())
    return tuple(sentence for sentence in found if sentence)


def _ends(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether the mark found at `stop` ends the sentence that began at `start`."""
    sign, following = stop.group()[0], text[stop.end() : stop.end() + _FAR].lstrip()
    written = text[max(start, stop.start() - _FAR) : stop.start()]
    if sign in "。！？｡":
        return not _inside_quotation(written, stop.group())
    if not _BEGINNING.match(following) or _inside_brackets(written + stop.group(), following):
        return False
    if sign != ".":
        return True
    before = _WORD_BEFORE.search(written)
    if not text[stop.end()].isspace() and (before is None or not before.group(1).isalpha() or not _opens(following)):
        return False
    return before is None or not _abbreviates(before.group(1), following)


def _opens(following: str) -> bool:
    """Whether the next word is one that often begins a sentence."""
    return following.split(" ", 1)[0].strip("\"'“‘(,").casefold() in _OPENINGS


def _inside_brackets(before: str, following: str) -> bool:
    """Whether a bracket is open here and closed soon after."""
    closed = following.find(")")
    return closed >= 0 and "(" not in following[:closed] and before.count("(") > before.count(")")


def _abbreviates(word: str, following: str) -> bool:
    """Whether the full stop after `word` marks an abbreviation or an initial rather than an end."""
    folded = word.casefold().rstrip(".")
    opening = _opens(following)
    if folded == "no":
        return following[:1].isdigit()
    if folded in _ABBREVIATIONS:
        return not (folded in _FINAL and opening)
    if len(word) == 1 and word.isalpha() and _LETTER_STOP.match(following):
        return True
    return ((len(word) == 1 and word.isupper()) or _INITIALS.fullmatch(word) is not None) and not opening


def _inside_quotation(before: str, stop: str) -> bool:
    """Whether a Chinese or Japanese stop stands in a bracket that is still open after it."""
    depth = sum(before.count(mark) for mark in _OPEN) - sum(before.count(mark) for mark in _CLOSE)
    return depth - sum(stop.count(mark) for mark in _CLOSE) > 0
