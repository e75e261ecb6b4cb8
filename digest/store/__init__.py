"""Store room: everything that is remembered, in one SQLite file. It answers and keeps; it decides nothing.

    store = Store.open("sqlite:///digest.db", home)
    store.papers.known(questions)            what dedupe must know of the past
    store.save_collected(answers, resolved, now, folds)
    store.papers.candidates("daily", since, until), store.issues.save(issue, recipients=…)
    with store.deliveries.outbox(issue.id) as outbox: …

One module a noun; `tables/` is the schema, `migrations/` how older files reach it, `database.py` the transactions.
"""

import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from digest.model import Answer, Decision, Resolved, Told
from digest.store.archive import Archive
from digest.store.attention import Attention
from digest.store.backup import read as read_backup
from digest.store.backup import write as write_backup
from digest.store.bulk import Bulk
from digest.store.collected import add_decisions, save_collected
from digest.store.corrections import Corrections
from digest.store.database import Database, in_words, locate, lock
from digest.store.deliveries import Deliveries
from digest.store.dossiers import Dossiers
from digest.store.doubts import Doubt, Doubts
from digest.store.drafts import Drafts
from digest.store.figures import Figures
from digest.store.fitted import Fitted
from digest.store.hand import HandOf
from digest.store.issues import Issues
from digest.store.life import Life
from digest.store.merges import Merges, Undo
from digest.store.outbox import Outbox
from digest.store.papers import History, Papers
from digest.store.picks import Picks
from digest.store.proposals import Proposals
from digest.store.prune import Pruning
from digest.store.published import Published
from digest.store.readers import Readers
from digest.store.returns import Returns
from digest.store.search import Search
from digest.store.shelf import Shelf
from digest.store.sizes import Sizes
from digest.store.sources import Runs, Sources
from digest.store.upgrade import copy, prepare
from digest.store.votes import Votes
from digest.store.words import Words

__all__ = ["Doubt", "History", "Outbox", "Store", "Undo"]


class Store:
    """An open store. Use it as a context manager, or `close` it."""

    def __init__(self, database: Database, scratch: "tempfile.TemporaryDirectory[str] | None" = None) -> None:
        self._database, self._scratch = database, scratch
        self.papers = Papers(database)
        self.words = Words(database)
        self.doubts = Doubts(database)
        self.merges = Merges(database)
        self.picks = Picks(database)
        self.bulk = Bulk(database)
        self.archive = Archive(database)
        self.sources = Sources(database)
        self.issues = Issues(database)
        self.life = Life(database)
        self.published = Published(database)
        self.figures = Figures(database)
        self.deliveries = Deliveries(database)
        self.readers = Readers(database)
        self.hand = HandOf(database)
        self.fitted = Fitted(database)
        self.runs = Runs(database)
        self.drafts = Drafts(database)
        self.proposals = Proposals(database)
        self.returns = Returns(database)
        self.attention = Attention(database)
        self.votes = Votes(database)
        self.shelf = Shelf(database)
        self.search = Search(database)
        self.dossiers = Dossiers(database)
        self.corrections = Corrections(database)
        self.pruning = Pruning(database)
        self.sizes = Sizes(database)

    @classmethod
    def open(cls, url: str, home: Path, *, create: bool = True) -> "Store":
        """Opens the store at `url` (``sqlite:///FILE``, relative to `home`), making or migrating it where needed.

        Raises InputError for a url of another kind, StoreError where the file cannot be used (damaged, foreign, of a
        newer version, unwritable, no room) or, without `create`, is not there; the file is then as it was.
        """
        database = Database(locate(url, home))
        try:
            prepare(database, create)
        except BaseException:
            database.close()
            raise
        return cls(database)

    @classmethod
    def rehearsal(cls, url: str, home: Path) -> "Store":
        """A throw-away copy of the store at `url` (empty where there is none): whatever is saved to it is gone when it
        is closed. For dry runs. Raises as `open` does."""
        path = locate(url, home)
        scratch = tempfile.TemporaryDirectory(prefix="digest-")
        try:
            with in_words(path):
                copy(path, Path(scratch.name) / "rehearsal.db")
            database = Database(Path(scratch.name) / "rehearsal.db")
            prepare(database, create=True)
        except BaseException:
            scratch.cleanup()
            raise
        return cls(database, scratch)

    def save_collected(
        self,
        answers: Iterable[Answer],
        resolved: Resolved,
        now: datetime,
        folds: Mapping[str, str],
        words: Mapping[str, Sequence[str]] | None = None,
        told: Collection[Told] = (),
    ) -> None:
        """Keeps what a run found, in one transaction. `folds`: paper id to folded title, `words`: to its rare words,
        `told`: both of other titles. Raises StoreError."""
        save_collected(self._database, answers, resolved, now, folds, words or {}, told)

    def save_decisions(self, decisions: Iterable[Decision]) -> None:
        """Keeps decisions that belong to no saved issue, such as those of an empty one. Raises StoreError."""
        with self._database.write() as write:
            add_decisions(write, decisions)

    @classmethod
    def restore(
        cls,
        url: str,
        home: Path,
        archive: Path,
        others: Mapping[str, Path],
        wait_s: float,
        on_wait: Callable[[], None] | None = None,
    ) -> Mapping[str, Any]:
        """Puts a backup in the place of the store at `url`, alone on it, and migrates it; `backup.read` says the rest.
        Returns what the backup says of itself. Raises InputError and StoreError."""
        path = locate(url, home)
        with in_words(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with lock(path.with_name(f"{path.name}.run.lock"), wait_s, on_wait):
            about = read_backup(archive, path, others)
            cls.open(url, home).close()
        return about

    def backup(self, to: Path, others: Mapping[str, Path], about: Mapping[str, Any]) -> None:
        """Writes the store as it stands at one moment, and `others`, into the file `to`. Raises StoreError."""
        write_backup(self._database.path, to, others, about)

    def lock(
        self, name: str, wait_s: float = 0.0, on_wait: Callable[[], None] | None = None
    ) -> AbstractContextManager[None]:
        """Holds the lock `name` of this store against every other process and thread, waiting at most `wait_s`
        seconds (`on_wait` is called once before waiting). The kernel frees it when the process ends. Raises StoreError
        when the wait is over."""
        path = self._database.path
        return lock(path.with_name(f"{path.name}.{name}.lock"), wait_s, on_wait)

    def stamp(self) -> tuple[int, ...]:
        """Another value whenever anything was saved, by whichever process; cheap enough to ask at every request."""
        return self._database.stamp()

    def close(self) -> None:
        """Closes the file; a rehearsal is deleted."""
        self._database.close()
        if self._scratch is not None:
            self._scratch.cleanup()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
