"""Normalise room: TeX to readable Unicode, one small recursive reader. Touch here how a command or a script reads.

pylatexenc knows the symbols and accents (several hundred); it is asked about single commands only, because over whole
abstracts it drops unknown commands, reads ``%`` as a comment and leaves ``%s`` where an argument is missing.
"""

import re
import unicodedata
from collections.abc import Callable

from digest.normalise import commands
from digest.normalise.scripts import subscript, superscript

DEPTH = 12
"""Groups nested deeper are read as bare text: papers stay below five, hostile input does not."""

MATH_LENGTH = 1_000

_BRACE = re.compile(r"\\.|[{}]", re.S)
"""A brace, or a backslash with what it escapes."""
_ORDINARY = re.compile(r"[^\\^_{}$']+")
"""What stands for itself, in mathematics too."""


def match_braces(text: str) -> dict[int, int]:
    """Places of ``{`` to places of the ``}`` that closes them, in one pass; unbalanced ones are absent."""
    open_: list[int] = []
    pairs: dict[int, int] = {}
    for found in _BRACE.finditer(text):
        if found[0] == "{":
            open_.append(found.start())
        elif found[0] == "}" and open_:
            pairs[open_.pop()] = found.start()
    return pairs


def read(text: str, math: bool, depth: int = 0) -> str:
    """`text` with its TeX read; in `math` also scripts without braces, and groups lose their braces."""
    return _Reader(text, math, depth).run()


class _Reader:
    """One pass over a piece of TeX: `at` is the place of the next character, `out` what has been read."""

    def __init__(self, text: str, math: bool, depth: int) -> None:
        self.text, self.math, self.depth, self.at = text, math, depth, 0
        self.pairs = match_braces(text) if depth < DEPTH else {}
        self.out: list[str] = []

    def run(self) -> str:
        while self.at < len(self.text):
            ordinary = _ORDINARY.match(self.text, self.at)
            if ordinary:
                self.out.append(ordinary[0])
                self.at = ordinary.end()
                continue
            c = self.text[self.at]
            if c == "\\":
                self._command()
            elif c in "^_" and self._is_script():
                self._script(superscript if c == "^" else subscript)
            elif c == "{" and self._is_group():
                self.out.append(self._group())
            else:
                self.at += 1
                self.out.append("" if self.math and c in "{}$" else "′" if self.math and c == "'" else c)
        return "".join(self.out)

    def _is_group(self) -> bool:
        """A group of TeX, not the braces of a set or of program text."""
        end = self.pairs.get(self.at)
        if end is None or self.math:
            return end is not None
        inside = self.text[self.at + 1 : end]
        return (
            inside.startswith("\\")
            or inside in {"", "-", ","}
            or (inside[0].isupper() and inside.replace("-", "").isalnum())
        )

    def _group(self) -> str:
        """What stands in the braces that open here, read; moves behind them."""
        end = self.pairs[self.at]
        inside = self.text[self.at + 1 : end]
        self.at = end + 1
        return read(inside, self.math, self.depth + 1)

    def _raw_group(self, brackets: bool = False) -> str | None:
        """The unread argument that opens here (spaces before it allowed), or None and no move."""
        at = self.at
        while at < len(self.text) and self.text[at] == " ":
            at += 1
        if brackets:
            end = self.text.find("]", at, at + 200) if self.text[at : at + 1] == "[" else -1
        else:
            end = self.pairs.get(at, -1)
        if end < 0:
            return None
        self.at = end + 1
        return self.text[at + 1 : end]

    def _argument(self, math: bool | None = None) -> str:
        """The next argument, read: a group, a command or one character."""
        raw = self._raw_group()
        if raw is None:
            found = commands.COMMAND.match(self.text, self.at)
            raw = found[0] if found else self.text[self.at : self.at + 1]
            self.at += len(raw)
            raw = raw.strip("{}")
        return read(raw, self.math if math is None else math, self.depth + 1) if self.depth < DEPTH else raw

    def _is_script(self) -> bool:
        follows = self.text[self.at + 1 : self.at + 2]
        return bool(follows.strip()) and follows not in "^_}$" if self.math else self.at + 1 in self.pairs

    def _script(self, render: Callable[[str], str]) -> None:
        self.at += 1
        self.out.append(render(self._argument(math=True)))

    def _command(self) -> None:
        found = commands.COMMAND.match(self.text, self.at)
        if found is None:  # a lone backslash at the very end
            self.at += 1
            return
        self.at = found.end()
        word, sign = found[1], found[2]
        if (word or sign) in commands.ACCENTS and self._accent(word or sign):
            return
        self.out.append(self._named(word) if word else self._sign(sign))

    @staticmethod
    def _sign(sign: str) -> str:
        return " " if sign in commands.SPACES else "" if sign in commands.NOTHING else "‖" if sign == "|" else sign

    def _accent(self, name: str) -> bool:
        """An accent over one letter; False, and no move, where there is no letter to carry it."""
        found = re.compile(r"\s*\{\s*(\\?[^\W\d_])\s*\}|(?<=\W)(\\?[^\W\d_])|\s+([^\W\d_])").match(self.text, self.at)
        letter = found and (found[1] or found[2] or (found[3] if len(name) == 1 else None))
        rendered = commands.symbol(f"\\{name}{{{letter}}}") if letter else None
        if found is None or rendered is None:
            return False
        self.at = found.end()
        self.out.append(unicodedata.normalize("NFC", rendered))
        return True

    def _named(self, name: str) -> str:
        if name in commands.DROPPED:
            self._skip_arguments()
            return ""
        if name in commands.SILENT or (name == "t" and not self.math):
            self._skip_space()
            return ""
        special = getattr(self, f"_do_{name}", None)
        if special is not None:
            return str(special())
        if name in commands.FUNCTIONS and self.math:
            return (" " if self.out and self.out[-1][-1:].isalnum() else "") + name
        return commands.WORDS.get(name) or self._known(name) or self._unknown(name)

    def _known(self, name: str) -> str | None:
        """A symbol, or a letter in a style that Unicode has (ℝ); styles and texts of more are read as their content."""
        if self.at in self.pairs:
            if name in commands.TEXTS:
                return self._argument(math=False)
            inside = self.text[self.at + 1 : self.pairs[self.at]]
            rendered = (
                commands.symbol(f"\\{name}{{{inside}}}") if len(inside) == 1 and name.startswith("math") else None
            )
            if rendered is not None:
                self._raw_group()
                return rendered
            if inside:
                return commands.symbol(f"\\{name}") if len(commands.symbol(f"\\{name}") or "") == 1 else None
        letter = re.compile(r"\s*(\w)(?!\w)").match(self.text, self.at) if name in commands.STYLES else None
        if letter:
            self.at = letter.end()
            return commands.symbol(f"\\{name}{{{letter[1]}}}") or letter[1]
        if name in commands.LETTERS:
            self._skip_space()
        return commands.symbol(f"\\{name}")

    def _unknown(self, name: str) -> str:
        """An author's own command: what it encloses, or else its name, which is a word such as ``ours``."""
        self._raw_group(brackets=True)
        if self.at in self.pairs and self.pairs[self.at] > self.at + 1:
            return self._group() if self.math else self._argument()
        joined = self.out and self.out[-1][-1:].isalnum()
        return (" " if joined else "") + name

    def _skip_space(self) -> None:
        if self.text.startswith("{}", self.at):
            self.at += 2
            return
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1

    def _skip_arguments(self) -> None:
        while self._raw_group(brackets=True) is not None:
            pass
        self._raw_group()

    def _do_frac(self) -> str:
        above, below = self._argument(), self._argument()
        return f"{_bracketed(above)}/{_bracketed(below)}"

    _do_dfrac = _do_tfrac = _do_nicefrac = _do_sfrac = _do_frac

    def _do_sqrt(self) -> str:
        self._raw_group(brackets=True)
        return f"√{_bracketed(self._argument())}"

    def _do_href(self) -> str:
        address = self._raw_group() or ""
        return self._argument() if self.at in self.pairs else address

    _do_hyperlink = _do_hyperref = _do_href

    def _do_url(self) -> str:
        return (self._raw_group() or "").replace("\\", "")

    def _do_footnote(self) -> str:
        return f" ({self._argument().strip()})" if self.at in self.pairs else ""

    def _do_textcolor(self) -> str:
        self._raw_group(brackets=True)
        self._raw_group()
        return self._argument() if self.at in self.pairs else ""

    _do_colorbox = _do_textcolor

    def _do_unicode(self) -> str:
        raw = (self._raw_group() or "").lstrip("xX")
        return chr(int(raw, 16)) if re.fullmatch(r"[0-9a-fA-F]{2,5}", raw) else ""

    def _do_textsuperscript(self) -> str:
        return superscript(self._argument())

    def _do_textsubscript(self) -> str:
        return subscript(self._argument())

    def _do_binom(self) -> str:
        return f"({self._argument()} choose {self._argument()})"


def _bracketed(text: str) -> str:
    return text if re.fullmatch(r"\w+", text) else f"({text})"
