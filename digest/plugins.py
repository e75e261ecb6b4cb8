"""A name in config.yaml -> a callable: ``package.module:name``. Touched when another thing may be plugged in."""

import importlib
from collections.abc import Callable
from typing import Any

from digest.errors import ConfigError


def load(name: str) -> Callable[..., Any]:
    """The callable that ``package.module:name`` means; `ConfigError` says which part of it is not there."""
    module_name, _, attribute = name.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise ConfigError(f"`{name}`: the module {module_name} cannot be imported: {error}") from None
    found = getattr(module, attribute, None)
    if not callable(found):
        raise ConfigError(f"`{name}`: {module_name} has no function called `{attribute}`")
    return found  # type: ignore[no-any-return]
