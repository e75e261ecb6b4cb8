"""Checks of a mail's HTML part: links, images, active content, contrast in light and dark.

Knows only the standard library: it must judge the bytes as they go out, not the templates they came from. Touched when
a client turns out to mind something else.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

AA = 4.5
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_ACTIVE = {"script", "iframe", "object", "embed", "form", "input", "button", "svg", "video", "audio", "base", "link"}
_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)\s*\{((?:[^{}]*\{[^{}]*\})*)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_REMOTE = re.compile(r"url\(|@import|expression\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Paint:
    tag: str
    ink: str
    ground: str
    hidden: bool


def problems(html: str) -> Iterator[str]:
    """What is wrong with `html`, a sentence each; the same one once."""
    dark = _dark_rules(html)
    told: dict[str, None] = {}
    for scheme, rules in (("light", {}), ("dark", dark)) if dark else (("light", dark),):
        walker = _Walker(scheme, rules)
        walker.feed(html)
        walker.close()
        told.update(dict.fromkeys(walker.found))
        if not walker.language:
            told["html: no language is given (lang)"] = None
    if not dark:
        told["html: no colours for dark mode"] = None
    yield from told


def contrast(ink: str, ground: str) -> float:
    """The contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2, "relative luminance")."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _declarations(style: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return {name.strip().lower(): value.replace("!important", "").strip().lower() for name, value in pairs}


def _dark_rules(html: str) -> dict[str, dict[str, str]]:
    """Class to its declarations inside the dark media query; selectors of more than one class are left out."""
    rules: dict[str, dict[str, str]] = {}
    for block in _DARK.findall(html):
        for selectors, body in _RULE.findall(block):
            for selector in selectors.split(","):
                if re.fullmatch(r"\.[\w-]+", selector.strip()):
                    rules.setdefault(selector.strip()[1:], {}).update(_declarations(body))
    return rules


class _Walker(HTMLParser):
    """Goes through the elements with the colours in force, as a client would paint them."""

    def __init__(self, scheme: str, rules: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__()
        self.scheme, self.rules = scheme, rules
        self.found: list[str] = []
        self.language = ""
        self.open = [_Paint("", "#000000", "#ffffff", False)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._judge(tag, given)
        paint = self._painted(tag, given)
        if tag not in _VOID:
            self.open.append(paint)

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and any(paint.tag == tag for paint in self.open):
            if self.open.pop().tag == tag:
                break

    def handle_data(self, data: str) -> None:
        paint = self.open[-1]
        if paint.tag == "style" and _REMOTE.search(data):
            self.found.append("html: a style sheet loads something")
        if not data.strip() or paint.hidden:
            return
        ratio = contrast(paint.ink, paint.ground)
        if ratio < AA:
            where = f"{paint.ink} on {paint.ground} ({self.scheme}, <{paint.tag}>)"
            self.found.append(f"html: contrast {ratio:.1f} of {where} is below {AA}")

    def _painted(self, tag: str, given: Mapping[str, str]) -> _Paint:
        above = self.open[-1]
        style = {**_declarations(given.get("style", ""))}
        for name in given.get("class", "").split():
            style |= self.rules.get(name, {})
        ink = _colour(style.get("color", "#0000ee" if tag == "a" and "href" in given else above.ink), above.ink)
        ground = _colour(style.get("background-color", given.get("bgcolor", above.ground)), above.ground)
        hidden = above.hidden or tag in ("head", "style", "title", "script") or style.get("display") == "none"
        return _Paint(tag, ink, ground, hidden)

    def _judge(self, tag: str, given: Mapping[str, str]) -> None:
        if tag == "html":
            self.language = given.get("lang", "")
        if tag in _ACTIVE:
            self.found.append(f"html: <{tag}> does not belong into mail")
        if tag == "img" and "alt" not in given:
            self.found.append("html: an image without an alternative text (alt)")
        if tag == "img" and not given.get("src", "").startswith("cid:"):
            self.found.append(f"html: an image is loaded from elsewhere: {given.get('src', '')[:80]}")
        if given.get("role") == "img" and not given.get("aria-label"):
            self.found.append(f"html: <{tag} role=img> without words (aria-label)")
        if tag == "a" and not re.match(r"(https?://[^/\s]|mailto:\S+@)", given.get("href", "")):
            self.found.append(f"html: a link is not absolute: {given.get('href', '')[:80]!r}")
        if any(name.startswith("on") for name in given) or _REMOTE.search(given.get("style", "")):
            self.found.append(f"html: <{tag}> runs or loads something")


def _colour(value: str, otherwise: str) -> str:
    if re.fullmatch(r"#[0-9a-f]{6}", value):
        return value
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return "#" + "".join(digit * 2 for digit in value[1:])
    return {"white": "#ffffff", "black": "#000000"}.get(value, otherwise)
