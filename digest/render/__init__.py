"""Render: an issue becomes editions (mail, text, feeds, Markdown, pages). Pure: no I/O but reading templates.

The only room that knows jinja2, markdown, nh3 and css-inline. It may import model and errors. Touched when an edition
must say or look different; what it says is in `view.py`, how it looks in the top-level folder ``templates/``.
"""

from digest.render.editions import FORMATS, editions
from digest.render.gallery import gallery
from digest.render.mail import MAX_HTML, mail
from digest.render.templates import Templates

__all__ = ["FORMATS", "MAX_HTML", "Templates", "editions", "gallery", "mail"]
