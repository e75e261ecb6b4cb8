"""How editions look: colours, fonts and density, as config.yaml may set them.

Values only; touched when the look gains a key. The defaults are those of the shipped look.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

LIGHT = {
    "backdrop": "#f4f5f2",
    "sheet": "#ffffff",
    "ink": "#15181b",
    "text": "#2a2f34",
    "details": "#5a646d",
    "hairline": "#e3e6e8",
    "link": "#1f5fbf",
    "badge": "#eef1f3",
    "badge_ink": "#46505a",
    "unvoted": "#fff3d6",
    "unvoted_ink": "#6b4a00",
}
DARK = {
    "backdrop": "#0f1214",
    "sheet": "#171b1e",
    "ink": "#eef1f3",
    "text": "#d3d9de",
    "details": "#9aa6b0",
    "hairline": "#2a3137",
    "link": "#8ab8ff",
    "badge": "#262d33",
    "badge_ink": "#c3ccd4",
    "unvoted": "#3b3116",
    "unvoted_ink": "#f0d48a",
}
# Blue, teal, ochre, rose, green, violet, rust, slate: `Topic.colour` is an index into these.
TOPICS = ("#1f5fbf", "#0b6e69", "#8a5a00", "#a1265f", "#3d6b1f", "#6a3fb5", "#a8431b", "#4a5a6a")
TOPICS_DARK = ("#7fb0ff", "#5fd0c8", "#e0b050", "#f08ab8", "#9fd07a", "#bda2ff", "#f0a080", "#a9bccd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The look. Colours are ``#rrggbb`` by role; `topics` are the eight topic colours; fonts are comma-separated family
    names without quotes; `logo` is the absolute https address of an image, shown on pages only (mail loads nothing);
    `density` is how much a paper gets: headlines (title, authors, links), short (and the TL;DR), full (and why it is
    here, how attention grew, notes)."""

    light: Mapping[str, str] = field(default_factory=lambda: dict(LIGHT))
    dark: Mapping[str, str] = field(default_factory=lambda: dict(DARK))
    topics: tuple[str, ...] = TOPICS
    topics_dark: tuple[str, ...] = TOPICS_DARK
    serif: str = "Charter, Georgia, Times New Roman, serif"
    sans: str = "-apple-system, Segoe UI, Roboto, Arial, sans-serif"
    logo: str = ""
    density: Literal["headlines", "short", "full"] = "full"
