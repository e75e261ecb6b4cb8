"""config.yaml: what it comes to, and that every mistake names file, line, key, value and cure."""

from pathlib import Path

import pytest

from digest.config import Plan, default_plan, load
from digest.errors import ConfigError, InputError

SHIPPED = Path(__file__).resolve().parents[2] / "config.yaml"


def plan(folder: Path, text: str, *overrides: str, **environ: str) -> Plan:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, None, overrides, environ)


def test_the_shipped_file_works_as_it_is() -> None:
    shipped = load(SHIPPED, environ={})
    assert [source.kind for source in shipped.sources] == ["arxiv", "huggingface"]
    assert shipped.sources[0].options["categories"] == ("cs.CL", "cs.CV", "cs.LG")
    daily = shipped.newsletter("daily")
    assert daily.schedule == "0 7 * * *"
    assert daily.topics
    assert shipped.mail is not None
    assert shipped.mail.smtp is None, "mail is off until a relay is set"
    assert shipped.output == SHIPPED.parent / "public"


def test_every_line_of_the_shipped_file_that_sets_something_is_explained() -> None:
    """A key without a comment beside, above or within its block would be a riddle to a newcomer."""
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        key = line.strip().removeprefix("- ").split(":")[0]
        if line.strip() and not line.strip().startswith("#") and key in ("database", "output", "limit", "schedule"):
            assert "#" in line or "#" in lines[number - 1] or key == "limit", f"line {number + 1}: {line}"


def test_secrets_come_from_the_environment_and_are_not_shown(tmp_path: Path) -> None:
    text = "mail: {from: a@example.org, smtp: env:RELAY}\n"
    assert plan(tmp_path, text).mail.smtp is None  # type: ignore[union-attr]
    made = plan(tmp_path, text, RELAY="smtp://user:hunter2@mail.example.org:587")
    assert made.mail is not None
    assert made.mail.smtp == "smtp://user:hunter2@mail.example.org:587"
    assert "hunter2" not in repr(made)


def test_a_bad_value_from_the_environment_is_named_but_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        plan(tmp_path, "url: env:SITE\n", SITE="ftp://secret.example")
    assert "env:SITE" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: [a", ["line 1", "not valid YAML", "title: [a"]),
        ("title: a\ntitle: b\n", ["line 2", "duplicate key"]),
        ("- a\n", ["line 1", "mapping"]),
        ("titel: x\n", ["line 1", "titel", "unknown key", "did you mean `title`"]),
        ("title: a\nnewsletters:\n  - name: d\n    limit: many\n", ["line 4", "newsletters.0.limit", "many"]),
        ("newsletters:\n  - name: d\n    schedul: x\n", ["line 3", "did you mean `schedule`"]),
        ("newsletters:\n  - name: d\n    schedule: '61 7 * * *'\n", ["line 3", "schedule", "61 7 * * *"]),
        ("newsletters:\n  - name: d\n    timezone: Mars\n", ["line 3", "Mars", "not a time zone"]),
        ("newsletters:\n  - name: a/b\n", ["line 2", "name", "a/b"]),
        ("newsletters:\n  - name: d\n    sources: [x]\nsources: [{name: xy, kind: huggingface}]\n", ["line 3", "`xy`"]),
        ("sources:\n  - {name: a, kind: arxv}\n", ["line 2", "arxv", "arxiv"]),
        ("sources:\n  - {name: a, kind: feed}\n", ["line 2", "`url` or `path`"]),
        ("sources:\n  - {name: a, kind: huggingface}\n  - {name: A, kind: huggingface}\n", ["line 3", "twice"]),
        ("url: ftp://x\n", ["line 1", "url", "ftp://x", "http"]),
        ("contact: nobody\n", ["line 1", "contact", "nobody"]),
        ("mail: {to: [a@example.org]}\n", ["line 1", "mail.from", "missing"]),
        ("topics:\n  - name: Empty\n", ["line 2", "topics.0", "words"]),
        ("collect: hourly\n", ["line 1", "collect", "hourly"]),
    ],
)  # fmt: skip
def test_mistakes_say_where_and_what(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        plan(tmp_path, text)
    message = str(caught.value)
    assert "config.yaml" in message
    for word in words:
        assert word in message
    assert caught.value.exit_code == 2


def test_every_mistake_is_listed_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        plan(tmp_path, "titel: x\nurl: ftp://x\n")
    assert len(str(caught.value).splitlines()) == 2


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="digest init"):
        load(tmp_path / "config.yaml")


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_bytes(b"title: \xff\xfe\n")
    with pytest.raises(ConfigError, match=r"not UTF-8"):
        load(tmp_path / "config.yaml")


def test_set_reaches_any_key_by_number_or_name(tmp_path: Path) -> None:
    text = "newsletters: [{name: daily}, {name: weekly}]\n"
    made = plan(tmp_path, text, "newsletters.weekly.limit=5", "newsletters.0.limit=7", "network.gap_s=0", "title=A: b")
    assert [newsletter.limit for newsletter in made.newsletters] == [7, 5]
    assert made.network.gap_s == 0
    assert made.masthead.title == "A: b"


@pytest.mark.parametrize("override", ["limit", "newsletters.monthly.limit=3", "title.x=1"])
def test_set_of_nothing_is_a_mistake(tmp_path: Path, override: str) -> None:
    with pytest.raises(InputError, match="--set"):
        plan(tmp_path, "title: a\nnewsletters: [{name: daily}]\n", override)


def test_a_mistake_in_set_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"--set newsletters\.daily\.limit"):
        plan(tmp_path, "newsletters: [{name: daily}]\n", "newsletters.daily.limit=lots")


def test_defaults_need_no_file(tmp_path: Path) -> None:
    assert default_plan(tmp_path).newsletter("daily").limit == 25


def test_paths_start_from_home(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("output: site\nsources: [{name: a, kind: file, path: in/papers.jsonl}]\n")
    home = tmp_path / "elsewhere"
    made = load(path, home)
    assert made.output == home / "site"
    assert made.sources[0].options["path"] == str(home / "in/papers.jsonl")
