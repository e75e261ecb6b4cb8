"""Render, templates: finds, prepares and runs them. The only user of jinja2.

``NAME.j2`` makes NAME; names with ``_`` in front are parts. Mail templates have their CSS inlined when they are loaded,
once. Touched when templates need another filter or global.
"""

import re
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from digest import errors
from digest.model import Theme
from digest.render import inline, layout, looks

_MAIL_HTML = re.compile(r"^(mail|_mail\w*|letter|draft)\.html\.j2$")
_MAIL_CSS = "_mail.css.j2"
# What a template of the user's own may do wrong while it runs.
_RUNTIME = (jinja2.TemplateError, TypeError, ValueError, KeyError, AttributeError, ArithmeticError, RecursionError)


def shipped() -> Path:
    """The folder of the shipped templates: package data of an installed wheel, else the checkout's ``templates/``."""
    here = Path(__file__).resolve()
    packaged = here.parents[1] / "_templates"
    return packaged if packaged.is_dir() else here.parents[2] / "templates"


class Templates:
    """All templates of one look. Files in `user_folder` replace shipped ones of the same name. Raises
    `errors.TemplateError` for a folder that is none, and when a template is broken, naming file and line."""

    def __init__(self, user_folder: Path | None = None, theme: Theme | None = None) -> None:
        if user_folder is not None and not user_folder.is_dir():
            raise errors.TemplateError(f"templates: there is no folder {user_folder}")
        self.theme = looks.checked(theme or Theme())
        folders = [folder for folder in (user_folder, shipped()) if folder is not None]
        self._files = jinja2.FileSystemLoader(folders)
        # The sandbox doubles the time of a render, so it is for templates that are not ours.
        kind = ImmutableSandboxedEnvironment if user_folder else jinja2.Environment
        self._environment = kind(
            loader=jinja2.FunctionLoader(self._source),
            autoescape=_escapes,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            # An issue is rendered as it began, even if somebody saves a template meanwhile.
            auto_reload=False,
        )
        self._environment.globals = {"theme": self.theme, "range": range, "namespace": jinja2.utils.Namespace}
        self._environment.filters.update(layout.FILTERS)
        self._css: Callable[[], str] = cache(lambda: self.render(_MAIL_CSS))

    def render(self, name: str, **values: Any) -> str:
        """Template `name` with `values`. Raises `errors.TemplateError` naming template, line and what is missing."""
        try:
            return self._environment.get_template(name).render(values)
        except _RUNTIME as error:
            told = _told(error, name)
            if told is None:
                raise
            raise told from error

    def check(self) -> None:
        """Compiles every template. Raises `errors.TemplateError` for the first that is broken."""
        for name in self._files.list_templates():
            if name.endswith(".j2"):
                try:
                    self._environment.get_template(name)
                except _RUNTIME as error:
                    raise _told(error, name) or error from error

    def _source(self, name: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, path, fresh = self._files.get_source(self._environment, name)
        if _MAIL_HTML.match(name):
            # A broken template is reported as written, before inlining could disguise the mistake.
            self._environment.parse(source, name, path)
            source = inline.inline(source, self._css())
        return source, path, fresh


def _escapes(name: str | None) -> bool:
    # Plain text has nothing to escape; everything else is markup, whatever its name.
    return not (name or "").endswith(".txt.j2")


def _told(error: Exception, name: str) -> errors.TemplateError | None:
    """A `TemplateError` saying where; None when no template is to blame."""
    if isinstance(error, jinja2.TemplateNotFound):
        return errors.TemplateError(f"template {error.name or name}: no such file")
    if isinstance(error, jinja2.TemplateSyntaxError):
        return errors.TemplateError(f"template {error.filename or error.name or name}, line {error.lineno}: {error}")
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.endswith(".j2")]
    if not ours:
        return None
    return errors.TemplateError(f"template {ours[-1].filename}, line {ours[-1].lineno}: {error}")
