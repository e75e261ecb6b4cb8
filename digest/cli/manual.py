"""`man`: the manual page, made from the commands themselves, so that it is never older than they are."""

from collections.abc import Iterator
from typing import Any

import typer

_FOOT = (
    (
        "EXIT STATUS",
        "0: done; a failed source among others is reported, not fatal. 1: nothing could be done, or a person is "
        "needed. 2: a mistake in configuration, arguments or input, with file, line, key and value. 130: interrupted, "
        "with everything finished kept.",
    ),
    (
        "ENVIRONMENT",
        "DIGEST_CONFIG: the configuration file. DIGEST_HOME: what relative paths of the configuration start from. "
        "NAME: wherever it says env:NAME.",
    ),
    (
        "FILES",
        "config.yaml, digest.db and signing.key in the home folder; see the documentation of backup and restore.",
    ),
)


def man(context: typer.Context) -> None:
    """Print the manual page: `digest man | man -l -` reads it, `digest man > …/man1/digest.1` installs it."""
    typer.echo("\n".join(page(context.find_root().command)))


def page(program: Any) -> Iterator[str]:
    """The page in man's own macros, for a click group of commands."""
    from importlib.metadata import version

    yield f'.TH DIGEST 1 "" "digest {version("trending-papers-digest")}" "User Commands"'
    yield ".SH NAME"
    yield rf"digest \- {_escaped(program.help.splitlines()[0].removeprefix('A ').rstrip('.'))}"
    yield ".SH SYNOPSIS"
    yield r".B digest"
    yield r"\fICOMMAND\fR [\fIOPTION\fR]\&..."
    yield ".SH COMMANDS"
    for name, command in _commands("", program):
        yield from _command(name, command)
    for title, words in _FOOT:
        yield f".SH {title}"
        yield _escaped(words)


def _commands(prefix: str, group: Any) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(f"{prefix}{name} ", command)
        else:
            yield f"{prefix}{name}", command


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = " ".join(p.metavar or p.name.upper() for p in command.params if p.param_type_name == "argument")
    yield f".SS digest {_escaped(f'{name} {arguments}'.strip())}"
    yield _escaped(" ".join((command.help or "").split()))
    for parameter in command.params:
        if parameter.param_type_name == "option" and not parameter.hidden:
            value = "" if parameter.is_flag else f" {parameter.metavar or parameter.name.upper()}"
            yield ".TP"
            yield rf"\fB{_escaped(', '.join(parameter.opts))}\fR{_escaped(value)}"
            yield _escaped(" ".join((parameter.help or "").split()))


def _escaped(text: str) -> str:
    """`text` so that roff prints it as it is."""
    safe = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{safe}" if safe[:1] in (".", "'") else safe
