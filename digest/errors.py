"""The exceptions that end a command, each with the exit code it ends with. The cli turns them into one line.

    DigestError                    1  nothing could be done, or a person is needed
    ├── InputError                 2  arguments or a file that must be mended first
    │   └── ConfigError            2  config.yaml: file, line, key, value and what would be right
    ├── TemplateError              2  a template (often the user's own) that cannot be rendered: file and line
    ├── StoreError                 1  the store cannot be opened, read or written; it is as it was before
    ├── NothingCollected           1  every source failed
    └── UnknownPaper               1  an id that nothing is known of

An expected failure of one thing among others (a source, a delivery) is a value in the report, never one of these.
"""


class DigestError(Exception):
    """Says in one sentence what happened and what to do; no traceback is shown for it."""

    exit_code = 1


class InputError(DigestError):
    """Arguments or a file that a person must mend before anything is done."""

    exit_code = 2


class ConfigError(InputError):
    """A mistake in config.yaml; the message names file, line, key, value and what would be right."""


class TemplateError(InputError):
    """A template that cannot be rendered; the message names template, line and the missing name."""


class StoreError(DigestError):
    """The store cannot be opened, read or written; nothing was changed."""


class NothingCollected(DigestError):
    """Every source failed, so there is nothing to go on."""


class UnknownPaper(DigestError):
    """An id in no spelling known to the store."""
