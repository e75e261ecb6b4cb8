"""The rules of docs/design.md, checked on the source by `ast`: who may import whom, sizes, docstrings, the clock."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "digest"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
BENCHMARKS = sorted((ROOT / "benchmarks").rglob("*.py"))

STAGES = {
    "collect", "normalise", "dedupe", "group", "rank", "select", "summarise", "render", "deliver", "readers",
}  # fmt: skip
WITH_IO = {"collect", "summarise", "deliver"}
"""Stages that may ask the network through net."""
ENTRIES = {"cli", "web"}
NOUNS = {"model", "errors", "text", "net", "store", "config", "schedule", "plugins"}

HOMES = {
    "httpx": {"net"},
    "httpx_secure": {"net"},
    "stamina": {"net"},
    "feedparser": {"collect"},
    "lxml": {"collect", "web"},
    "bibtexparser": {"collect"},
    "jinja2": {"render"},
    "markupsafe": {"render"},
    "markdown": {"render"},
    "nh3": {"render"},
    "css_inline": {"render"},
    "latex2mathml": {"render"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "sqlite3": {"store"},
    "apscheduler": {"schedule"},
    "pydantic": {"config"},
    "ruamel": {"config"},
    "pylatexenc": {"normalise"},
    "rapidfuzz": {"dedupe", "text"},
    "wordllama": {"text"},
    "onnxruntime": {"text"},
    "tokenizers": {"text"},
    "sklearn": {"group", "rank", "text", "dedupe"},
    "email_validator": {"readers"},
    "typer": {"cli"},
    "rich": {"cli"},
    "smtplib": {"deliver"},
    "apprise": {"deliver"},
    "flufl": {"readers"},
    "imaplib": {"inbox"},
    "poplib": {"inbox"},
    "starlette": {"web"},
    "uvicorn": {"web"},
    "prometheus_client": {"web"},
}
"""Each outside library (and two of the standard library) and the rooms that may import it."""

CLOCK = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
WAITING = {("time", "sleep"), ("time", "monotonic"), ("asyncio", "sleep")}


def room(path: Path) -> str:
    """The top-level room a module lives in: a folder of digest/, or the module itself."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module imported anywhere in a file, with its line; ``from a import b`` counts as ``a.b``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def rooms_used(path: Path) -> Iterator[tuple[str, int]]:
    for module, line in imports(path):
        parts = module.split(".")
        if parts[0] == "digest" and len(parts) > 1:
            yield parts[1], line


def allowed(own: str) -> set[str] | None:
    """The rooms that `own` may import besides itself; None where it may import anything."""
    if own in STAGES:
        return {"model", "errors", "text"} | ({"net"} if own in WITH_IO else set())
    if own == "store":
        return {"model", "errors"}
    if own in ("model", "errors"):
        return set()
    if own in ("text", "net"):
        return {"model", "errors"}
    if own == "schedule":
        return {"model", "errors"}
    if own == "config":
        return {"model", "errors", "schedule", "plugins"}
    return None


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_rooms_import_only_what_they_may(path: Path) -> None:
    own = room(path)
    may = allowed(own)
    for used, line in rooms_used(path):
        if used == own:
            continue
        if may is not None:
            assert used in may, f"{name(path)}:{line} imports digest.{used}"
        else:
            assert used not in ENTRIES or own in ENTRIES | {"__main__"}, f"{name(path)}:{line} imports an entry point"
            assert not (own in ENTRIES and used in ENTRIES) or (own, used) == ("cli", "web"), (
                f"{name(path)}:{line}: entry points do not import each other, but that a command starts the web side"
            )


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_each_outside_library_has_one_home(path: Path) -> None:
    for module, line in imports(path):
        homes = HOMES.get(module.split(".")[0])
        assert homes is None or room(path) in homes, f"{name(path)}:{line} imports {module}"


@pytest.mark.parametrize("path", [*MODULES, *BENCHMARKS], ids=name)
def test_sizes_and_docstrings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert text.count("\n") <= 250, f"{name(path)} has {text.count(chr(10))} lines; a room of at most 250 is readable"
    assert ast.get_docstring(tree), f"{name(path)} does not say what it is"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = ast.get_docstring(node)
            assert node.end_lineno is not None
            length = node.end_lineno - node.lineno + 1
            if documented:
                body = node.body[0]
                assert body.end_lineno is not None
                length -= body.end_lineno - body.lineno + 1
            assert length <= 40, f"{name(path)}:{node.lineno} {node.name} has {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_public_functions_say_what_they_do(path: Path) -> None:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node) or _is_plain_value(node), f"{name(path)}:{node.lineno} {node.name}"


def _is_plain_value(node: ast.AST) -> bool:
    """A dataclass or config block whose fields' names say all there is to say."""
    return isinstance(node, ast.ClassDef) and all(
        isinstance(part, ast.AnnAssign | ast.FunctionDef) for part in node.body
    )


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_entry_points_know_the_time(path: Path) -> None:
    own = room(path)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        call = (node.value.id, node.attr)
        assert call not in CLOCK or own in ENTRIES, f"{name(path)}:{node.lineno} asks the clock"
        assert call not in WAITING or own in ("net", "deliver", "store"), f"{name(path)}:{node.lineno} waits"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_blanket_except(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type
            # BaseException may be caught to clean up, if it is raised again.
            again = any(isinstance(part, ast.Raise) and part.exc is None for part in ast.walk(node))
            blanket = caught is None or (isinstance(caught, ast.Name) and caught.id in ("Exception", "BaseException"))
            assert not blanket or again, f"{name(path)}:{node.lineno} catches everything"


def test_no_pickle() -> None:
    for path in MODULES:
        assert not any(module.split(".")[0] in ("pickle", "joblib", "shelve") for module, _ in imports(path)), name(
            path
        )


def test_pipeline_is_short() -> None:
    """The whole program must stay readable at one sitting."""
    assert (PACKAGE / "pipeline.py").read_text(encoding="utf-8").count("\n") <= 200


def test_the_top_level_is_the_users() -> None:
    """Folders and files a newcomer sees first; tests fail where something else appears among the tracked ones."""
    wanted = {
        "pyproject.toml", "digest", "templates", "tests", "config.yaml", "README.md", "CHANGELOG.md", "LICENSE",
        "Makefile", "docs", "benchmarks", ".ci", ".gitignore", "requirements.lock.txt",
    }  # fmt: skip
    assert wanted <= {path.name for path in ROOT.iterdir()}


def test_no_path_of_a_machine_and_no_index_host() -> None:
    """The project names no folder of the machine it was made on, and no package index."""
    banned = ["/" + "work/", "pypi" + ".org", "python" + "hosted", "registry." + "npmjs"]
    folders = ["digest", "templates", "tests", "docs", "benchmarks", ".ci"]
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    files += [path for path in ROOT.iterdir() if path.is_file()]
    for path in files:
        if path.suffix in (".pyc", ".png", ".db", ".gz", ".npz") or "__pycache__" in path.parts:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for word in banned:
            assert word not in text, f"{name(path)} names {word}"
