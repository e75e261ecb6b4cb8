"""Render, CSS into a mail template, once: the only user of css-inline.

A template is not HTML: its ``{{ }}`` and ``{% %}`` stand where an HTML parser would move or escape them. So they
wait as comments (between tags) or words (inside tags) while the styles are inlined, and return at their old lines.
Touched when a template needs Jinja in a place that this does not understand.
"""

import re

import css_inline

_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_CONDITION = re.compile(r"\{%-?\s*if\b.*?\{%-?\s*endif\s*-?%\}", re.DOTALL)
_HELD = re.compile(r"<!--jinja(\d+)hold-->|/\*jinja(\d+)hold\*/|\s?jinja(\d+)hold(?:=\"\")?")
_RAW = re.compile(r"<(title|style)\b", re.IGNORECASE)


def inline(source: str, css: str) -> str:
    """`source` (a Jinja HTML template, whole document or complete elements) with `css` and its own ``<style>`` rules
    written into ``style=""``. At-rules stay in ``<style>``. Jinja tags keep their lines, so errors name the right one.
    Rows that a loop makes need an explicit ``<tbody>``, which the HTML parser would else put around the first."""
    held, spans = _hold(source)
    whole = re.search(r"<!doctype|<html", held, re.IGNORECASE)
    if whole:
        inliner = css_inline.CSSInliner(
            keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False, minify_css=True, extra_css=css
        )
        made = inliner.inline(held)
    else:
        made = css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True).inline_fragment(held, css)
    return _release(made, spans)


def _hold(source: str) -> tuple[str, list[tuple[int, str]]]:
    """`source` with each Jinja tag replaced, and the tags with their lines."""
    parts: list[str] = []
    spans: list[tuple[int, str]] = []
    before = 0
    while match := _JINJA.search(source, before):
        parts.append(source[before : match.start()])
        name = f"jinja{len(spans)}hold"
        stand_in = _stand_in(name, "".join(parts))
        # Attributes lose their order, so a condition around one is held as a whole.
        condition = _CONDITION.match(source, match.start()) if stand_in[0] == " " else None
        before = (condition or match).end()
        parts.append(stand_in)
        spans.append((source.count("\n", 0, match.start()) + 1, (condition or match)[0]))
    return "".join([*parts, source[before:]]), spans


def _stand_in(name: str, so_far: str) -> str:
    """What `name` looks like at this place: between tags, inside one, inside its quotes, or in raw text."""
    if so_far.rfind("<!--") > so_far.rfind("-->"):
        return name
    opened = so_far.rfind("<")
    if opened > so_far.rfind(">"):
        inside_quotes = so_far.count('"', opened) % 2
        return name if inside_quotes else f" {name} "
    raw = list(_RAW.finditer(so_far))
    if raw and f"</{raw[-1][1].lower()}" not in so_far[raw[-1].end() :].lower():
        return f"/*{name}*/" if raw[-1][1].lower() == "style" else name
    return f"<!--{name}-->"


def _release(made: str, spans: list[tuple[int, str]]) -> str:
    parts: list[str] = []
    line, before = 1, 0
    for match in _HELD.finditer(made):
        text = made[before : match.start()]
        line += text.count("\n")
        was, tag = spans[int(match[1] or match[2] or match[3])]
        space = match[0][:1] if match[3] and match[0][:1].isspace() and '=""' not in match[0] else ""
        # Inside a tag of Jinja a line end prints nothing, so it carries the count over lines that inlining dropped.
        padding = "\n" * max(0, was - line)
        tag = (
            tag[:2] + tag[2:3].replace("-", "-" + padding) + tag[3:] if tag[2:3] == "-" else tag[:2] + padding + tag[2:]
        )
        parts += [text, space, tag]
        line += tag.count("\n")
        before = match.end()
    return "".join([*parts, made[before:]])
