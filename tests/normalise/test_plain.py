"""Text from outside becomes readable, stays what it says, and cleaning it twice changes nothing."""

import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest.normalise.plain import plain

READ = [
    (r"X$^{2}$-Gaussian", "X²-Gaussian"),
    ("X^{2}-Gaussian", "X²-Gaussian"),
    (r"$\Psi$-Sampler", "Ψ-Sampler"),
    (r"in $O(n \log n)$ or $O(n\log n)$ time", "in O(n log n) or O(n log n) time"),
    (r"$\mathcal{O}(n^2)$ in $\mathbb{R}^d$", "O(n²) in ℝᵈ"),
    (r"$10^{-3}$, $x_i$, $x_{i,j}$, $L_{\text{max}}$", "10⁻³, xᵢ, x_(i,j), L_max"),
    (r"$\frac{1}{2}$ and $\frac{a+b}{c}$ and $\sqrt{2}$", "1/2 and (a+b)/c and √2"),
    (r"$\alpha \leq \beta$, $3\times$, $\pm 0.1$, $\sim$5", "α ≤ β, 3×, ± 0.1, ∼5"),
    (r"\(x^2\), \[y\] and $$z$$", "x², y and z"),
    (r"$360^\circ$", "360°"),
    (
        r"Schr\"odinger, Erd\H{o}s, Poincar\'{e}, na\"{\i}ve, \c{c}a, \v{S}koda",
        "Schrödinger, Erdős, Poincaré, naïve, ça, Škoda",
    ),
    (r"S\o ren {\O}rsted, \AA ngstr\"om, Stra\ss e", "Søren Ørsted, Ångström, Straße"),
    (r"\emph{deep} \textbf{and $x_i$} \textit{w} \texttt{a\_b}", "deep and xᵢ w a_b"),
    (r"{\em x} {\bf Foo} {BERT}: Pre-training", "x Foo BERT: Pre-training"),
    (r"5\% of 50% \& R\&D \#1", "5% of 50% & R&D #1"),
    (r"\ours{} beats \baseline by \method{X}", "ours beats baseline by X"),
    (r"\href{https://a.b/c}{here}, \url{http://x.y/z\_w}, seen\cite{foo}", "here, http://x.y/z_w, seen"),
    (r"``quoted'' and Fig.~3", "“quoted” and Fig. 3"),
    ("costs $5 and $10", "costs $5 and $10"),
    (r"\$5 and \$10, or \$48-\$74", "$5 and $10, or $48-$74"),
    ("US$5m against A$7m", "US$5m against A$7m"),
    (r"(\$500 vs. $\geq$ \$100,000) and $\le$ 3", "($500 vs. ≥ $100,000) and ≤ 3"),
    ("a < b and c > d, p<0.05, x <y and z> w", "a < b and c > d, p<0.05, x <y and z> w"),
    ("the <unk> and <think> tokens", "the <unk> and <think> tokens"),
    ("p &lt; 0.05 &amp;amp; <b>bold</b><br/>next", "p < 0.05 & bold next"),
    ("&lt;p&gt;one&lt;/p&gt;&amp;lt;p&amp;gt;two&amp;lt;/p&amp;gt;", "one two"),
    ("H<sub>2</sub>O at 10<sup>-3</sup>", "H₂O at 10⁻³"),
    ("<jats:p>In <jats:italic>vivo</jats:italic></jats:p>", "In vivo"),
    ("a<script>alert('x < y')</script>b <img src=x onerror=alert(1)>", "a b"),
    ("<a href='x'>link</a> <!-- gone --> <![CDATA[kept]]>", "link kept"),
    ("AT&T, R&D &nbsp;Q&A &eacute;&#233;&#x3b1;", "AT&T, R&D Q&A ééα"),
    ("line\nbreak\r\n\tand\u2028more\u00a0blank", "line break and more blank"),
    ("a\u202eb\u2066c\u200bd\ufeffe\x00f\x07g\u00adh", "abcdefgh"),
    ("cafe\u0301 re\u0301sume\u0301", "café résumé"),
    ("深度学习 الشبكات العصبية می‌خواهم नेटवर्क", "深度学习 الشبكات العصبية می‌خواهم नेटवर्क"),
    ("👩‍👩‍👧 and 🏳️‍🌈 🤗", "👩‍👩‍👧 and 🏳️‍🌈 🤗"),
    ("{0, 1} and {a: b}, foo_bar, C:\\", "{0, 1} and {a: b}, foo_bar, C:"),
    (r"$\mathbf H \in \mathbb F$, $A \backslash B$", "H ∈ F, A ∖ B"),
    ("gains $>$5 points ($+$0.3), $<$1M", "gains >5 points (+0.3), <1M"),
    ("models~(LLMs) and ~50 or 5~10", "models (LLMs) and ~50 or 5~10"),
    ("", ""),
]


@pytest.mark.parametrize(("raw", "clean"), READ)
def test_reads_as_a_reader_would(raw: str, clean: str) -> None:
    assert plain(raw) == clean


MARKUP = [
    *r"\$&<>{}^_~'`%#;/ -.,()[]0125abnx",
    *("\\frac", "\\emph{", "\\'e", "&amp;", "&lt;", "&#36;", "\\$", "<b>", "\\alpha", "\\(", "\\)", "$$", "<sup>"),
    *("</sup>", "\u0301", "\u200d", "é", "Ω", "\n", "\\text{", "``", "''", "p"),
]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(MARKUP), max_size=30).map("".join))
@example("&amp;" * 12 + "lt;b&gt;")
@example("\\" * 9 + "$x$")
def test_cleaning_twice_changes_nothing_of_markup(raw: str) -> None:
    once = plain(raw)
    assert plain(once) == once


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.integers(10, 60))
def test_cleaning_twice_changes_nothing_of_any_text(raw: str, limit: int) -> None:
    once = plain(raw, limit)
    assert plain(once, limit) == once
    assert len(once) <= limit
    assert once == once.strip() and "  " not in once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in once)
    once.encode("utf-8")


def test_long_text_is_cut_behind_a_word() -> None:
    text = "word " * 10_000
    cut = plain(text)
    assert len(cut) <= 20_000 and cut.endswith("word…")
    assert plain("x" * 50_000) == "x" * 19_999 + "…"


@pytest.mark.parametrize("raw", ["{" * 20_000, "$" * 20_000, "\\frac" * 5_000, "$\\sqrt{" * 4_000, "<b " * 8_000])
def test_hostile_nesting_ends_soon(raw: str) -> None:
    begun = time.perf_counter()
    plain(raw)
    assert time.perf_counter() - begun < 5
