"""Render, the theme: checks what config.yaml may set, so that no value can leave the CSS it is written into.

Touched when `Theme` gains a key.
"""

import re
from dataclasses import replace

from digest import errors
from digest.model import Theme
from digest.model.theme import DARK, LIGHT
from digest.render import safe

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FONTS = re.compile(r"[A-Za-z0-9 ,-]{1,200}")
_DENSITIES = ("headlines", "short", "full")


def checked(theme: Theme) -> Theme:
    """`theme` with missing colours filled from the shipped look. Raises `errors.TemplateError` naming the key."""
    colours = [(f"light.{role}", value) for role, value in theme.light.items()]
    colours += [(f"dark.{role}", value) for role, value in theme.dark.items()]
    colours += [("topics", value) for value in (*theme.topics, *theme.topics_dark)]
    for key, value in colours:
        if not _COLOUR.fullmatch(value):
            raise errors.TemplateError(f"theme {key}: {value!r} is not a colour like #1f5fbf")
    unknown = (set(theme.light) | set(theme.dark)) - set(LIGHT)
    if unknown:
        raise errors.TemplateError(f"theme: no colour is called {sorted(unknown)[0]!r}; known: {', '.join(LIGHT)}")
    if len(theme.topics) != 8 or len(theme.topics_dark) != 8:
        raise errors.TemplateError("theme topics: eight colours are needed, light and dark")
    for key, fonts in (("serif", theme.serif), ("sans", theme.sans)):
        if not _FONTS.fullmatch(fonts):
            raise errors.TemplateError(f"theme {key}: {fonts!r} is not a list of family names without quotes")
    if theme.logo and not safe.url(theme.logo).startswith("https:"):
        raise errors.TemplateError(f"theme logo: {theme.logo!r} is not an https address")
    if theme.density not in _DENSITIES:
        raise errors.TemplateError(f"theme density: {theme.density!r} is not one of {', '.join(_DENSITIES)}")
    return replace(theme, light={**LIGHT, **theme.light}, dark={**DARK, **theme.dark})
