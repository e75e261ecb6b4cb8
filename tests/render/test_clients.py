"""What mail clients meet: only accepted features, one class an element, enough contrast, languages and directions."""

import itertools
import re
from dataclasses import replace
from pathlib import Path

import factory
import html5lib
import pytest

from digest.model import Mail, Theme
from digest.model.theme import DARK, LIGHT
from digest.operations.markup_lint import contrast
from digest.render import Templates, editions, gallery, mail

ACCEPTED = Path(__file__).with_name("accepted_features.txt")
ALL_COLOURS = tuple(
    replace(factory.issue().sections[0], topic=replace(factory.issue().sections[0].topic, colour=c), items=(i,))
    for c, i in zip(range(8), factory.issue().items, strict=False)
)
RICH = replace(
    factory.issue(8),
    sections=tuple(replace(s, items=tuple(replace(i, note="A *note*.") for i in s.items)) for s in ALL_COLOURS),
)


def made(issue: object = RICH, theme: Theme | None = None) -> Mail:
    return mail(issue, factory.MASTHEAD, Templates(theme=theme))  # type: ignore[arg-type]


def used(html: str) -> set[str]:
    """Every element, attribute, property, kind of selector and at-rule of `html`."""
    found = set()
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        if isinstance(element.tag, str):
            found.add(f"element {element.tag}")
            found |= {f"attribute {name}" for name in element.attrib}
            found |= properties(element.attrib.get("style", ""))
    for sheet in re.findall(r"<style>(.*?)</style>", html, re.DOTALL):
        found |= {f"at {rule.strip()}" for rule in re.findall(r"@([^{]+)\{", sheet)}
        inner = re.sub(r"@[^{]+\{", "", sheet)
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", inner):
            kinds = (re.sub(r"\.[\w-]+", ".class", each.strip()) for each in selectors.split(","))
            found |= {"selector " + re.sub(r"(?<=\s)[a-z]+\d?$", "element", kind) for kind in kinds}
            found |= properties(body) | ({"important"} if "!important" in body else set())
    return found


def properties(style: str) -> set[str]:
    return {f"property {part.split(':')[0].strip()}" for part in style.split(";") if ":" in part}


def test_only_accepted_features_are_used() -> None:
    lines = (line for line in ACCEPTED.read_text().splitlines() if line and not line.startswith("#"))
    accepted = {line.split(" | ")[0] for line in lines}
    assert used(made().html) - accepted == set(), "look these up in the caniemail data, then accept or replace them"
    assert accepted - used(made().html) == set(), "accepted, but no longer used"


def test_one_class_an_element() -> None:
    assert not re.findall(r'class="[^"]* [^"]*"', made().html)


def test_every_rule_in_the_dark_belongs_to_something() -> None:
    html = made().html
    sheet = "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
    body = html.split("</head>")[1]
    ruled = set(re.findall(r"\.([a-z]\w*)", re.sub(r"#\w+", "", sheet)))
    present = set(re.findall(r'class="([^"]*)"', body))
    assert ruled - present - {"unvoted", "lead"} <= {f"t{n}" for n in range(8)}
    coloured = set(re.findall(r'class="([^"]*)" style="[^"]*(?:^|[;"])color:', body)) - {"preheader"}
    assert coloured <= ruled, "text that stays dark on dark"


PAIRS = ("sheet ink", "sheet text", "sheet details", "sheet link", "badge badge_ink", "unvoted unvoted_ink")


@pytest.mark.parametrize(("ground", "ink"), [tuple(pair.split()) for pair in PAIRS])
def test_text_meets_wcag_aa(ground: str, ink: str) -> None:
    assert contrast(LIGHT[ink], LIGHT[ground]) >= 4.5
    assert contrast(DARK[ink], DARK[ground]) >= 4.5


def test_topics_meet_it_too_and_can_be_told_apart() -> None:
    theme = Theme()
    for colours, sheet in ((theme.topics, LIGHT["sheet"]), (theme.topics_dark, DARK["sheet"])):
        assert all(contrast(colour, sheet) >= 4.5 for colour in colours)
        assert all(a != b for a, b in itertools.combinations(colours, 2))


def test_nothing_is_loaded() -> None:
    html = made().html
    assert not re.search(r"<(img|link|script|svg|video|iframe)|url\(|@import|@font-face", html)


def test_other_languages_and_directions() -> None:
    arabic = factory.item(
        0, factory.paper(0, "تعلم اللغة من الأخطاء المرتبة", language="ar"), tldr="نموذج صغير يتعلم أسرع."
    )
    issue = replace(factory.issue(1), sections=(replace(factory.issue(1).sections[0], items=(arabic,)),))
    html = made(issue).html
    assert '<html lang="en" dir="ltr">' in html
    assert re.search(r'<td class="card"[^>]* lang="ar"', html)
    assert re.search(r'<h3 class="toptitle" dir="rtl"', html) and re.search(r'<p class="tldr" dir="rtl"', html)
    whole = replace(issue, language="ar")
    assert '<html lang="ar" dir="rtl">' in made(whole).html
    page = editions(whole, factory.MASTHEAD, Templates(), ["page"])[0].body.decode()
    assert '<html lang="ar" dir="rtl">' in page and ' lang="ar" style' not in page


def test_the_sizes_of_type_are_those_of_the_look() -> None:
    html = made().html
    for size in ("30px/36px", "21px/27px", "18px/24px", "16px/25px", "font-size:16px;line-height:24px"):
        assert size in html
    sizes = {int(size) for size in re.findall(r"font(?:-size)?:(?:bold |italic )*(\d+)px", html)} - {0, 1}
    assert min(sizes) == 12 and 13 in sizes


def test_the_gallery_shows_both_schemes_and_the_text() -> None:
    first = made()
    page = gallery(first).decode()
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    frames = list(tree.iter("iframe"))
    assert [frame.get("width") for frame in frames] == ["375", "375", "800", "800"]
    assert all(frame.get("sandbox") == "allow-same-origin" for frame in frames)
    light, dark = frames[0].get("srcdoc"), frames[1].get("srcdoc")
    assert "@media not all {" in light and "@media all {" in dark and "prefers-color-scheme" not in light + dark
    assert next(tree.iter("pre")).text == first.text
