"""Normalise room: the TeX commands that `tex` treats by name. Touch here when a command is read as a word it is not."""

import logging
import re
import unicodedata
from functools import lru_cache

COMMAND = re.compile(r"\\(?:([A-Za-z]+)\*?|(.))", re.S)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


DROPPED = _names(
    "cite citep citet citealp citeauthor citeyear ref eqref cref label vspace hspace vskip hskip mkern kern color "
    "begin end pagestyle thispagestyle includegraphics bibliography bibliographystyle thanks"
)
"""Commands that say nothing to a reader, and their argument."""

SILENT = _names(
    "em bf it tt rm sc sf sl bfseries itshape ttfamily rmfamily scshape sffamily upshape mdseries small large Large "
    "LARGE huge Huge tiny normalsize footnotesize scriptsize left right big Big bigl bigr Bigl Bigr bigg Bigg "
    "displaystyle textstyle scriptstyle limits nolimits xspace centering noindent maketitle protect relax null "
    "ensuremath nonumber item bigskip medskip smallskip newline linebreak par"
)
"""Commands that set a style for what follows."""

FUNCTIONS = _names(
    "log ln exp max min sup inf lim arg argmax argmin sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan det "
    "dim ker gcd deg Pr hom mod"
)
"""Names of functions, words of their own inside mathematics."""

WORDS = {"eg": "e.g.", "ie": "i.e.", "etc": "etc.", "etal": "et al.", "circ": "°", "deg": "°", "degree": "°"}
WORDS |= {"vert": "|", "Vert": "‖", "lvert": "|", "rvert": "|", "mid": "|", "ast": "*", "star": "⋆", "colon": ":"}
WORDS |= {"quad": " ", "qquad": " ", "to": "→", "gets": "←", "top": "⊤", "prime": "′", "checkmark": "✓"}
WORDS |= {
    "backslash": "∖",
    "setminus": "∖",
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "dots": "…",
    "ldots": "…",
    "dotsc": "…",
    "dotsb": "…",
    "cdots": "⋯",
}
"""Commands read otherwise than pylatexenc reads them, or unknown to it."""

TEXTS = _names("text textrm textnormal mbox hbox textsf textit textbf texttt textsc emph")
"""Their argument is text also inside mathematics."""

STYLES = _names("mathbb mathbf mathcal mathrm mathsf mathit mathfrak mathscr mathtt boldsymbol bm pmb")
"""Styles of letters; their argument may stand without braces."""

LETTERS = _names("o O l L i j ss aa AA ae AE oe OE dh DH th TH dj DJ ng NG")
"""Letters in the middle of words: TeX swallows the blank behind them."""

ACCENTS = frozenset("'\"`^~=.") | _names("u v H c k r b d t hat tilde bar check breve acute grave dot ddot vec")
SPACES = frozenset(",;:>~ \\\n\t\r")
NOTHING = frozenset("!-/@()[]")
"""Signs behind a backslash: accents, blanks, and what leaves nothing."""


@lru_cache(maxsize=8192)
def symbol(command: str) -> str | None:
    """What pylatexenc makes of one command with at most one short argument; None where it knows nothing.

    ``\\alpha`` gives ``α``, ``\\'{e}`` gives ``é``. Styled letters beyond the basic plane come back plain, because
    mail fonts and search know them badly.
    """
    from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db

    name = COMMAND.match(command)
    if name is None or get_default_latex_context_db().get_macro_spec(name[1] or name[2]) is None:
        return None
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    try:
        text = str(LatexNodes2Text(math_mode="text", keep_comments=True).latex_to_text(command)).strip()
    except (IndexError, ValueError, TypeError, RecursionError):
        return None
    if not text or "%s" in text or "<" in text or text.startswith("\\") or unicodedata.combining(text[0]):
        return None
    return "".join(unicodedata.normalize("NFKC", c) if 0x1D400 <= ord(c) <= 0x1D7FF else c for c in text)
