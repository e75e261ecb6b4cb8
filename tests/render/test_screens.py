"""A real browser: the mail and the page fit into 320 px and more without scrolling sideways, and the dark is dark."""

import re
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import factory
from browser import framed, in_scheme, measured, needed
from mailserver import Server

from digest.operations.lint import lint
from digest.render import Templates, editions, gallery, mail

WHITE, BLACK = "rgb(255, 255, 255)", "rgb(23, 27, 30)"
REAL = """
network: {{allow_hosts: [127.0.0.1], gap_s: 0}}
sources:
  - {{name: arxiv, kind: arxiv, categories: [cs.CL, cs.CV], base_url: "{url}", api_url: "{url}/api/query"}}
  - {{name: hf, kind: huggingface, base_url: "{url}"}}
topics:
  - {{name: Language models, words: [language model, LLM], categories: [cs.CL]}}
  - {{name: Vision, words: [image, video], categories: [cs.CV]}}
newsletters: [{{name: daily, schedule: "0 7 * * *", limit: 25}}]
mail: {{from: "Papers today <digest@example.org>", to: [reader@example.org], smtp: "smtp://127.0.0.1:{port}"}}
"""


def test_no_side_scroll_and_a_dark_that_is_dark(tmp_path: Path) -> None:
    templates, pages = Templates(), []
    for issue in (factory.issue(), factory.hostile()):
        pages.append(mail(issue, factory.MASTHEAD, templates).html)
        pages.append(editions(issue, factory.MASTHEAD, templates, ["page"])[0].body.decode())
    shown = gallery(mail(factory.issue(), factory.MASTHEAD, templates)).decode()
    found = measured(shown.replace("</body>", framed(pages, (320, 800)) + "</body>"), tmp_path)
    assert len(found) == 4 + 8
    assert [(given, needed) for given, needed, _ in found if needed > given] == []
    assert [colour for _, _, colour in found[:4]] == [WHITE, BLACK] * 2


def test_a_real_day_on_every_screen(tmp_path: Path, replay: Callable[..., Any], digest: Callable[..., Any]) -> None:
    needed()
    with Server() as box:
        server = replay("--date", "2025-06-05T08:00", "--history", "1")
        config = tmp_path / "config.yaml"
        config.write_text(REAL.format(url=server.url, port=box.port))
        came = digest("run", "--config", config, "--now", "2025-06-05T08:00:00Z", "--json")
    assert came.code == 0, came.err
    assert came.json["issues"][0]["papers"] == 25 and came.json["collected"]["new"] >= 250
    ((_, body),) = box.received
    assert lint(body) == (), "contrast, links, size and headers"
    message = message_from_bytes(body, policy=policy.default)
    assert isinstance(message, EmailMessage)
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    page = next((tmp_path / "public/daily").glob("2025-*/index.html")).read_text()
    sheet = (tmp_path / "public" / "style.css").read_text()
    # A frame has no folder to find its style in, and the page's policy takes none from elsewhere.
    page = re.sub(r"<meta http-equiv=.Content-Security-Policy.[^>]*>", "", page)
    page = page.replace("</head>", f"<style>{sheet}</style></head>")
    frames = "".join(framed([in_scheme(html, one), in_scheme(page, one)], (320, 375, 800)) for one in ("light", "dark"))
    found = measured(f"<body>{frames}</body>", tmp_path)
    assert [row for row in found if row[1] > row[0]] == []
    assert [colour for _, _, colour in found] == [WHITE] * 6 + [BLACK] * 6
