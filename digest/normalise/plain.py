"""Normalise room: any text from outside to clean, readable Unicode. Touch here what counts as markup and what as text.

`plain` repeats one pass (entities, tags, TeX, characters) until nothing changes, so that text escaped twice comes out
right and so that cleaning clean text changes nothing. ASCII text without any sign of markup is cleaned once, and done.
"""

import html
import re
import unicodedata

from digest.normalise import tex
from digest.normalise.scripts import subscript, superscript

LIMIT = 20_000
"""Characters kept of one text; the longest abstracts of publishers are below 10,000."""

PASSES = 8
"""More nesting of escapes than this is hostile, and is answered by removing what could still be markup."""

_MARKUP = re.compile(r"[\\$&<]|``|[\^_]\{|\{[A-Z]|[a-z.,]~")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLOCK = "p br hr div li ul ol dl dt dd tr td th table tbody thead h1 h2 h3 h4 h5 h6 section article header footer nav"
_BLOCK += " blockquote pre figure figcaption title abstract sec list list-item disp-formula para main body html head"
_INLINE = "a b i u s em strong span sub sup small big tt code kbd q cite abbr font mark del ins strike label img script"
_INLINE += " style iframe object embed svg math form input button textarea select option meta link video audio source"
_INLINE += " base center caption col colgroup bdo bdi wbr noscript template inf italic bold underline monospace sc"
_INLINE += " inline-formula tex-math alternatives xref ext-link named-content styled-content mi mo mn mrow msub msup"
_INLINE += " mfrac mtext msqrt msubsup mstyle semantics annotation mover munder mspace"
_NAMES = "|".join(sorted(f"{_BLOCK} {_INLINE}".split(), key=len, reverse=True))
_ATTRIBUTES = r"""(?:[\s/]+[\w:@.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'<>=]+))*"""
_TAG = re.compile(rf"<(/?)((?:[a-z]+:)?(?:{_NAMES})|[a-z]+:[a-z-]+){_ATTRIBUTES}\s*/?>", re.I)
_UNSEEN = re.compile(r"<!--.{0,20000}?-->|<(script|style|template)\b[^<>]*>.{0,20000}?</\1\s*>", re.I | re.S)
_DECLARATION = re.compile(r"<!DOCTYPE[^<>]*>|<\?xml[^<>]*>|<!\[CDATA\[|\]\]>", re.I)
_SCRIPTED = re.compile(r"<(su[bp])>([^<>]{1,80})</\1>", re.I)
_BLOCKS = frozenset(_BLOCK.split())

_SURE_TIE = re.compile(r"(?<=[a-z])~(?=[(\\$\[])|(?<=[.,])~(?=[A-Za-z\\])")
_TIE = re.compile(r"(?<=[A-Za-z.}])~(?=[\w\\$({])")
_ISLAND = re.compile(r"[\\{]|[\^_]\{")
_DELIMITED = re.compile(r"\\\((.{1,1000}?)\\\)|\\\[(.{1,1000}?)\\\]|\$\$([^$]{1,1000})\$\$", re.S)

_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]"
)
_JOINER = re.compile("[\u200c\u200d]")
_STRAY_JOINER = re.compile("(?:(?<=[\x00-\x7f])|^)[\u200c\u200d]+|[\u200c\u200d]+(?=[\x00-\x7f]|[\u200c\u200d]|$)")


def plain(text: str, limit: int = LIMIT) -> str:
    """`text` as one line of plain Unicode (NFC) of at most `limit` characters; ``plain(plain(x)) == plain(x)``.

    What has no plain form stays as legible words; sums of money and comparisons stay as they are.
    """
    if not text:
        return ""
    text = text[: 4 * limit]
    if text.isascii() and _is_unsigned(text):  # and cleaning ASCII makes no markup
        return _cut(_clean(text), limit)
    return _thoroughly(text, limit)


def _is_unsigned(text: str) -> bool:
    """Whether `text` has none of the signs that `_MARKUP` looks for; a row of `in` is five times quicker than it."""
    return not (
        ("\\" in text or "$" in text or "{" in text or "<" in text or "&" in text)
        or ("~" in text or "`" in text or "^" in text or "_" in text)
    )


def _thoroughly(text: str, limit: int) -> str:
    """`plain` of any text."""
    for _ in range(PASSES):
        before, text = text, _pass(text, limit)
        if text == before:
            return text
    return _cut(_clean(re.sub(r"[\\$&<>{}^_`]", " ", text)), limit)


def _pass(text: str, limit: int) -> str:
    if _MARKUP.search(text):
        if "&" in text:
            text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        if "<" in text:
            text = _without_tags(text)
        text = _without_tex(text)
    return _cut(_clean(text), limit)


def _without_tags(text: str) -> str:
    """`text` without HTML, MathML and JATS tags; ``a < b``, ``<unk>`` and ``x <y> z`` are no tags."""
    text = _DECLARATION.sub("", _UNSEEN.sub(" ", text))
    text = _SCRIPTED.sub(lambda found: (superscript if found[1].lower() == "sup" else subscript)(found[2]), text)
    return _TAG.sub(lambda found: " " if found[2].lower().split(":")[-1] in _BLOCKS else "", text)


def _without_tex(text: str) -> str:
    text = _SURE_TIE.sub(" ", text)
    if "\\" in text or "``" in text:
        text = _TIE.sub(" ", text).replace("``", "“").replace("''", "”")
    text = _DELIMITED.sub(lambda found: _space_off(tex.read(found[1] or found[2] or found[3], True)), text)
    if "$" in text:
        text = _without_dollars(text)
    return tex.read(text, False) if _ISLAND.search(text) else text


def _space_off(math: str) -> str:
    return math if math.strip() else " "


def _without_dollars(text: str) -> str:
    """`text` with every ``$…$`` that is mathematics read, and every other dollar left where it is."""
    places = [found.start() for found in re.finditer(r"(?<!\\)\$", text)]
    out, at, k = [], 0, 0
    while k < len(places):
        here = places[k]
        there = places[k + 1] if k + 1 < len(places) else -1
        inside = text[here + 1 : there]
        if there > 0 and _is_mathematics(inside, text[there + 1 : there + 2]):
            out += [text[at:here], _space_off(tex.read(inside, True))]
            at, k = there + 1, k + 2
        else:
            drop = re.match(r"\s*\\[A-Za-z]", text[here + 1 : here + 9]) is not None
            out.append(text[at : here + (not drop)])
            at, k = here + 1, k + 1
    return "".join([*out, text[at:]])


def _is_mathematics(inside: str, follows: str) -> bool:
    """Whether what stands between two dollars is mathematics rather than prose between two sums of money."""
    trimmed = inside.strip()
    if not trimmed or len(inside) > tex.MATH_LENGTH:
        return False
    if re.search(r"\\[A-Za-z{},;!]", inside):
        return True
    prose = len(re.findall(r"(?<![\w_^{])[A-Za-z]{2,}(?![\w}])", inside))
    if re.search(r"[\^_{]", inside):
        return prose < 3
    if re.fullmatch(r"[<>=+*/|~≤≥±×-]{1,2}", trimmed):
        return True
    if re.fullmatch(r"\w\([^$]{1,40}\)", trimmed):
        return True
    if follows.isdigit() or (inside[-1].isspace() != inside[0].isspace() and len(trimmed) > 2):
        return False
    return prose == 0 or (not re.search(r"\s", trimmed) and not re.search(r"^\d|[,;]$", trimmed))


def _clean(text: str) -> str:
    """`text` on one line, without control, bidirectional and invisible characters, in NFC."""
    if text.isascii():
        line = text.replace("\n", " ").strip(" ")
        if line.isprintable() and "  " not in line:  # as most texts are, and quicker than taking them apart
            return line
        text = " ".join(text.split())
        return text if text.isprintable() else " ".join(_UNWANTED.sub("", text).split())
    text = _UNWANTED.sub("", text)
    if _JOINER.search(text):
        text = _STRAY_JOINER.sub("", text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def _cut(text: str, limit: int) -> str:
    """`text` cut behind a whole word, with an ellipsis, where it is longer than `limit`."""
    if len(text) <= limit:
        return text
    head, space, _ = text[: limit - 1].rpartition(" ")
    return (head if space and len(head) > limit // 2 else text[: limit - 1]).rstrip() + "…"
