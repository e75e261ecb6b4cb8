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


def test_pages_and_relays(tmp_path: Path) -> None:
    bare = plan(tmp_path, "mail: {from: a@example.org}\n")
    assert bare.serve is None and bare.links.unsubscribe == bare.masthead.subscribe == ""
    served = plan(tmp_path, "url: https://x.org/p/\nserve: {key: env:KEYS}\n", KEYS="ab" * 16 + " " + "cd" * 32)
    assert served.serve is not None and served.serve.keys == (b"\xab" * 16, b"\xcd" * 32)
    assert "abab" not in repr(served) and served.masthead.subscribe == "https://x.org/p/subscribe"
    assert served.links.unsubscribe == "https://x.org/p/unsubscribe/{token}" and served.masthead.unsubscribe == ""
    own = plan(
        tmp_path, "mail: {from: a@x.org, unsubscribe: 'https://y.org/u?t={token}', preferences: https://y.org/p}\n"
    )
    assert own.links.unsubscribe == "https://y.org/u?t={token}" and own.masthead.unsubscribe == ""
    assert own.links.preferences == "" and own.masthead.preferences == "https://y.org/p"
    text = "mail: {from: a@x.org, smtp: [env:ONE, env:TWO], per_minute: 60, warm_up: {since: 2026-03-01}}\n"
    mail = plan(tmp_path, text, TWO="smtp://two").mail
    assert mail is not None and mail.smtp == "smtp://two" and mail.relays == ("smtp://two",)
    assert mail.warm_up is not None and mail.warm_up.since.isoformat() == "2026-03-01"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("serve: {}\nnewsletters: [{name: subscribe}]\n", ["line 2", "address of a page"]),
        ("serve: {key: secret}\n", ["line 1", "serve.key", "32 hex digits"]),
        ("serve: {port: 70000}\n", ["serve.port", "70000"]),
        ("mail: {from: a@x.org, warm_up: {since: 2026-03-01}}\n", ["per_minute"]),
        ("serve: {ports: 1}\n", ["serve.ports", "did you mean `port`"]),
    ],
)
def test_mistakes_about_pages_and_relays(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        plan(tmp_path, text)
    assert all(word in str(caught.value) for word in words), str(caught.value)


LISTS = "sources: [{name: a, kind: arxiv, categories: [cs.CL]}, {name: hf, kind: huggingface}]\n"


def test_the_forecast_is_on_and_learns_from_the_lists_that_pick(tmp_path: Path) -> None:
    made = plan(tmp_path, LISTS + "newsletters: [{name: daily}, {name: plain, forecast: off}]")
    assert made.forecast.use
    assert made.forecast.pickers == ("hf",)
    assert made.forecast.authors
    assert made.forecast.retrain_days == 30
    assert [letter.forecast for letter in made.newsletters] == [True, False]


def test_the_forecast_can_be_off_fair_or_the_curators(tmp_path: Path) -> None:
    off = plan(tmp_path, LISTS + "forecast: {use: off, authors: off}\nnewsletters: [{name: daily}]")
    assert not off.forecast.use
    assert not off.forecast.authors
    assert not off.newsletter("daily").forecast
    one = plan(tmp_path, LISTS + "forecast: {use: off}\nnewsletters: [{name: a}, {name: b, forecast: on}]")
    assert one.forecast.use, "one of them wants it"
    assert plan(tmp_path, LISTS + "forecast: {picks: curator}\nnewsletters: [{name: a}]").forecast.pickers is None
    with pytest.raises(ConfigError, match=r"line 2: forecast\.pick: unknown key; did you mean `picks`"):
        plan(tmp_path, LISTS + "forecast: {pick: curator}")


def test_longer_windows_look_back(tmp_path: Path) -> None:
    text = "newsletters: [{name: a}, {name: b, window_days: 31}, {name: c, window_days: 31, half_life_days: 5}]"
    assert [letter.half_life_days for letter in plan(tmp_path, text).newsletters] == [3.0, 62.0, 5.0]
