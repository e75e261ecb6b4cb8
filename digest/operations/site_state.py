"""What a build of the site remembers (the manifest in the folder, and what was rendered, beside the store), and how it
keeps memory.

The manifest says how far the store had come, what every page depends on besides it (the look), and what each file held.
Touched when something else makes every page another one.
"""

import gc
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from digest.config import Plan
from digest.deliver.folder import Folder
from digest.model import Edition

if TYPE_CHECKING:
    from digest.store import Store
    from digest.store.rendered import Rendered

MANIFEST = ".digest-site.json"
SCHEMA = 1


def read(folder: Folder) -> dict[str, Any]:
    """The manifest; an empty one where there is none that can be read."""
    try:
        found = json.loads(folder.read(MANIFEST) or b"{}")
    except ValueError:
        found = {}
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        return {"look": "", "marks": {}, "files": {}}
    return found


def keep(folder: Folder, look: str, marks: dict[str, int], files: dict[str, str]) -> None:
    """Writes the manifest."""
    body = json.dumps({"schema": SCHEMA, "look": look, "marks": marks, "files": files}, separators=(",", ":"))
    folder.put(Edition(path=MANIFEST, media_type="application/json", body=body.encode()))


def look(plan: Plan) -> str:
    """A mark of all that makes every page another one: the program, its templates, and what the configuration says of
    the site, its newsletters and its sources."""
    from importlib.metadata import version

    from digest.render.templates import shipped

    made = hashlib.blake2b(digest_size=8)
    parts = (version("trending-papers-digest"), plan.masthead, plan.theme, plan.newsletters, plan.sources, plan.feeds)
    made.update(repr(parts).encode())
    for folder in (shipped(), plan.templates):
        for file in sorted(folder.glob("*.j2")) if folder else ():
            made.update(file.name.encode() + file.read_bytes())
    return made.hexdigest()


def rendered(plan: Plan, store: "Store", look: str) -> "Rendered | None":
    """Entries of feeds as earlier builds rendered them; nothing where the plan has feed templates of its own, which may
    ask of an entry what is not kept."""
    own = plan.templates and any((plan.templates / f"{name}.xml.j2").is_file() for name in ("rss", "atom"))
    return None if own else store.published.rendered(look)


@contextmanager
def seldom_swept() -> Iterator[None]:
    """Looks for cyclic garbage after so many new objects only: a build makes little of it, and looking took a fifth."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
