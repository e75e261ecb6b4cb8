"""The mail of the bundled sample looks as it did when somebody looked at it: `baselines/`, at two widths and schemes.

`pytest tests/render/test_baselines.py --refresh-golden` takes them anew, and README's picture with them: look at them
before you commit. Where fonts are those of the baselines the comparison is close; elsewhere lines break differently and
it only finds what is missing, unstyled or in the wrong scheme (measured: other fonts 9 at most, a missing table of
topics 8 to 13, no styles 12 to 14, light for dark 198, a badge of another colour 1.8 to 2.4, the same again 0).
"""

from datetime import UTC, datetime, time
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from browser import in_scheme, needed, shot, unlikeness, widths_of

from digest.model import Theme
from digest.operations.demo import Demo

BASELINES = Path(__file__).with_name("baselines")
FONTS = BASELINES / "fonts.txt"
PICTURE = Path(__file__).resolve().parents[2] / "docs" / "mail.png"
SCREENS = [(width, scheme) for width in (375, 800) for scheme in ("light", "dark")]
HEIGHT = 1200
SAME_FONTS, OTHER_FONTS = 1.5, 11.0
"""How far a picture may be from its baseline."""


@pytest.fixture(scope="module")
def sample_mail(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The HTML of the last mail that the bundled sample comes to."""
    needed()
    with as_file(files("digest") / "sample") as sample:
        show = Demo(sample=Path(str(sample)), out=tmp_path_factory.mktemp("out"))
        for day in show.days():
            show.run(datetime.combine(day, time(8, 0), UTC))
    return show.mails()[-1].with_suffix(".html").read_text(encoding="utf-8")


def test_the_sample_looks_as_reviewed(sample_mail: str, tmp_path: Path, refresh_golden: bool) -> None:
    fonts = widths_of((Theme().serif, Theme().sans), tmp_path)
    if refresh_golden:
        BASELINES.mkdir(exist_ok=True)
        FONTS.write_text(fonts + "\n")
        shot(sample_mail, 720, 1500, PICTURE, tmp_path)
    bare = shot(sample_mail.replace(' style="', ' title="'), 800, HEIGHT, tmp_path / "bare.png", tmp_path)
    pairs = []
    for width, scheme in SCREENS:
        name = f"mail-{width}-{scheme}.png"
        folder = BASELINES if refresh_golden else tmp_path
        made = shot(in_scheme(sample_mail, scheme), width, HEIGHT, folder / name, tmp_path)
        pairs.append((BASELINES / name, made))
    allowed = SAME_FONTS if FONTS.read_text().strip() == fonts else OTHER_FONTS
    light, dark = pairs[-2][1], pairs[-1][1]
    *same, unstyled, swapped = unlikeness([*pairs, (light, bare), (light, dark)], tmp_path)
    found = dict(zip(SCREENS, same, strict=True))
    # A picture that a busy machine took too early is taken once more; what really changed is there again.
    for screen in [each for each, far in found.items() if far > allowed]:
        width, scheme = screen
        again = shot(in_scheme(sample_mail, scheme), width, HEIGHT, tmp_path / f"again-{width}-{scheme}.png", tmp_path)
        (found[screen],) = unlikeness([(BASELINES / f"mail-{width}-{scheme}.png", again)], tmp_path)
    assert {screen: far for screen, far in found.items() if far > allowed} == {}, found
    assert unstyled > OTHER_FONTS and swapped > 100, "the comparison sees nothing"
