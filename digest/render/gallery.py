"""Render, the gallery: one page that shows a mail as its readers may meet it. For `digest preview`.

Touched when another screen matters.
"""

import re

from digest.model import Mail
from digest.render.mail import MAX_HTML
from digest.render.templates import Templates

_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")
_SCREENS = ((375, "light"), (375, "dark"), (800, "light"), (800, "dark"))


def gallery(mail: Mail, templates: Templates | None = None) -> bytes:
    """A page with `mail` at 375 and 800 px, light and dark whatever the screen prefers, beside its text part. The
    frames run no script; they keep the page's origin only because some browsers else print them empty. Raises
    `errors.TemplateError`."""
    page = (templates or Templates()).render(
        "gallery.html.j2",
        mail=mail,
        size=f"{len(mail.html.encode()):,}",
        limit=f"{MAX_HTML:,}",
        frames=[
            {"width": width, "scheme": scheme, "html": _DARK.sub(_forced(scheme), mail.html)}
            for width, scheme in _SCREENS
        ],
    )
    return page.encode()


def _forced(scheme: str) -> str:
    return "@media all" if scheme == "dark" else "@media not all"
