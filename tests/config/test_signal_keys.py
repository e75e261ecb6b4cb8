"""The key `signals`: what it comes to, and every mistake in it told with its line."""

from datetime import timedelta
from pathlib import Path

import pytest

from digest.config import Plan, load
from digest.errors import ConfigError


def plan(folder: Path, text: str) -> Plan:
    (folder / "config.yaml").write_text(text)
    return load(folder / "config.yaml", environ={"GH": "secret-token"})


def test_blocks_become_sources(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        "network: {signals_limit_s: 5}\n"
        "signals:\n"
        "  - {kind: github_stars, token: env:GH, days: 2, hours: 1, most: 7}\n"
        "  - {kind: bluesky, token: env:UNSET}\n"
        "  - {kind: mentions, name: links, url: https://blog.example.org/feed/}\n"
        "  - {name: mine, kind: 'my.module:stars'}\n",
    )
    stars, sky, links, mine = made.signals
    assert (stars.name, stars.token, stars.most) == ("github_stars", "secret-token", 7)
    assert (stars.reach, stars.every) == (timedelta(days=2), timedelta(hours=1))
    assert sky.token == "" and links.url == "https://blog.example.org/feed" and mine.kind == "my.module:stars"
    assert made.network.signals_limit_s == 5 and "secret-token" not in repr(made)
    assert plan(tmp_path, "signals: []").signals == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("signals:\n  - {kind: twitter}", "line 2: signals.0.kind: is `twitter`: is none of bluesky, crossref"),
        ("signals:\n  - {kind: mentions}", "signals of kind mentions need `url`"),
        ("signals:\n  - {kind: crossref, token: abc}", "signals of kind crossref have no key `token`"),
        ("signals:\n  - {kind: hackernews, places: [a]}", "signals of kind hackernews have no key `places`"),
        ("signals:\n  - {kind: hackernews}\n  - {kind: hackernews}", "two sources of signals are called `hackernews`"),
        ("signals:\n  - {kind: hackernews, name: readers}", "`readers` is what readers' votes"),
        ("signals:\n  - {kind: hackernews, hours: 0}", "line 2: signals.0.hours"),
        ("signals:\n  - {kind: hackernews, base_url: ftp://x}", "http:// or https://"),
        ("signals:\n  - {kind: hackernews, daily: 1}", "unknown key"),
        ("newsletters: [{name: a, votes: maybe}]", "newsletters.0.votes"),
        ("forecast: {picks: everybody}", "forecast.picks"),
        ("serve: {}\nnewsletters: [{name: vote}]", "is the address of a page"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as raised:
        plan(tmp_path, text)
    assert words in str(raised.value)


def test_a_tokens_value_is_never_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        plan(tmp_path, "signals:\n  - {kind: github_stars, token: 'two words'}")
    assert "two words" not in str(raised.value) and "token" in str(raised.value)
