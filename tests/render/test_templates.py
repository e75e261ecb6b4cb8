"""Templates: the user's own, their mistakes, CSS inlining."""

from pathlib import Path

import factory
import pytest

from digest import errors
from digest.model import Theme
from digest.render import Templates, mail, templates
from digest.render.inline import inline


def test_a_user_folder_overrides_one_file(tmp_path: Path) -> None:
    (tmp_path / "subject.txt.j2").write_text("Mine: {{ v.papers }}")
    assert mail(factory.issue(), factory.MASTHEAD, Templates(tmp_path)).subject == "Mine: 25"


def test_own_css_is_inlined(tmp_path: Path) -> None:
    (tmp_path / "_mail_card.html.j2").write_text('<h3 class="title">{{ card.title }}</h3>')
    html = mail(factory.issue(2), factory.MASTHEAD, Templates(tmp_path)).html
    assert '<h3 class="title" style="' in html


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("mail.txt.j2", "one\n\n{{ v.titel }}", 3),
        (
            "mail.html.j2",
            "<!doctype html>\n<html><head><title>x</title>\n</head><body\n class='body'>\n\n{{ nothing }}",
            6,
        ),
        ("mail.html.j2", "<p>\n{% for x in %}\n</p>", 2),
        ("_mail_card.html.j2", "<p\nclass='title'\n>a</p>\n<p>{{ card.nothing }}</p>", 4),
        ("issue.html.j2", "x\n{% include 'gone.j2' %}", None),
        ("subject.txt.j2", "\n\n\n{{ 1 // 0 }}", 4),
        ("subject.txt.j2", "{{ ''.__class__.__mro__ }}", 1),
    ],
)
def test_a_mistake_names_template_and_line(tmp_path: Path, name: str, text: str, line: int | None) -> None:
    (tmp_path / name).write_text(text)
    from digest.render import editions

    with pytest.raises(errors.TemplateError) as told:
        editions(factory.issue(2), factory.MASTHEAD, Templates(tmp_path), ["html", "page"])
    assert (f"{name}, line {line}:" in str(told.value)) if line else "gone.j2" in str(told.value)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(errors.TemplateError, match="no folder"):
        Templates(tmp_path / "none")


def test_inlining_keeps_jinja_where_it_was() -> None:
    source = (
        '{# note #}<table class="t"><tbody>{% for x in xs %}\n<tr class="r" {% if x %}dir="rtl"{% endif %} id="a">'
        '<td class="c{{ x }}" style="height:{{ x }}px">{{ x }} &amp; {{ "</td>" }}</td></tr>{% endfor %}'
        "</tbody></table>"
    )
    made = inline(source, ".t{margin:0} .r{color:red}")
    from jinja2 import Environment

    html = Environment(autoescape=True).from_string(made).render(xs=[0, 3])
    assert html.count("<tr") == 2 and html.count("color:red") == 2 and html.count("&lt;/td&gt;") == 2
    assert '<td class="c3" style="height:3px">3 &amp;' in html and html.count('dir="rtl"') == 1 and "jinja" not in html


def test_theme_values_cannot_leave_the_css() -> None:
    for bad in (
        Theme(serif="x; } body { display: none"),
        Theme(light={"ink": "red; background: url(https://example.org)"}),
        Theme(light={"inc": "#000000"}),
        Theme(topics=("#000000",)),
        Theme(logo="javascript:1"),
        Theme(density="tiny"),  # type: ignore[arg-type]
    ):
        with pytest.raises(errors.TemplateError):
            Templates(theme=bad)


def test_theme_reaches_mail_and_density_thins_it() -> None:
    sizes = {}
    for density in ("headlines", "short", "full"):
        theme = Theme(light={"ink": "#123456"}, serif="Gentium, serif", density=density)  # type: ignore[arg-type]
        html = mail(factory.issue(), factory.MASTHEAD, Templates(theme=theme)).html
        assert "#123456" in html and "Gentium" in html
        sizes[density] = len(html)
    assert sizes["headlines"] < sizes["short"] < sizes["full"]


def test_shipped_templates_are_found() -> None:
    assert (templates.shipped() / "mail.html.j2").is_file()
