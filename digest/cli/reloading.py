"""The configuration in force while a process runs for years: read again on SIGHUP and when its file changed.

Wholly or not at all: a file with a mistake changes nothing, and is told once.
"""

import logging
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from digest.cli.common import Session
from digest.errors import DigestError, InputError

if TYPE_CHECKING:
    from digest.config import Plan

EVERY_S = 5.0
"""Seconds between two looks at the file."""
log = logging.getLogger(__name__)


class Reloading:
    """The plan in force. `look` is called now and then; SIGHUP makes the next look read the file whatever its age."""

    def __init__(self, session: Session) -> None:
        self._session, self._told = session, threading.Event()
        self.plan = session.plan()
        self._stamp = _stamp(session.config)
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGHUP, lambda *_: self._told.set())

    def look(self) -> "Plan | None":
        """The new plan, if there is one since the last look."""
        stamp, told = _stamp(self._session.config), self._told.is_set()
        if stamp == self._stamp and not told:
            return None
        self._told.clear()
        self._stamp = stamp
        try:
            plan = self._session.plan()
            if plan.database != self.plan.database or plan.home != self.plan.home:
                raise InputError(f"{plan.path}: `database` and the home are read at the start alone; start again")
        except DigestError as error:
            log.error("the configuration in force stays: %s", error)
            return None
        if plan == self.plan and not told:
            return None
        self.plan = plan
        log.info("%s was read again", plan.path)
        return plan


def _stamp(path: Path) -> tuple[int, int, int]:
    """What changes when a file is written or replaced; zeros while it is not there, as in the middle of a save."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    return found.st_mtime_ns, found.st_size, found.st_ino
