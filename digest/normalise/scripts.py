"""Normalise room: raised and lowered text in plain Unicode. Touch here which characters have such a form."""

import re

_UP = dict(zip("0123456789+-−=()in", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁱⁿ", strict=True))
_UP |= dict(zip("abcdefghjklmoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_UP |= dict(zip("ABDEGHIJKLMNOPRTUW", "ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁᵂ", strict=True))
_UP |= {"⊤": "ᵀ", "′": "′", "°": "°", "∘": "°", "*": "*", "β": "ᵝ", "γ": "ᵞ", "δ": "ᵟ", "θ": "ᶿ", "†": "†", "⋆": "*"}
_DOWN = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
_DOWN |= dict(zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_DOWN |= {"β": "ᵦ", "γ": "ᵧ", "ρ": "ᵨ", "φ": "ᵩ", "χ": "ᵪ"}

LONGEST = 4
"""Longer scripts are words; they stay legible only at their full size."""


def superscript(text: str) -> str:
    """``2`` gives ``²``; what has no raised form, or is a word, gives ``^word`` or ``^(a/b)``."""
    return _render(text.strip(), _UP, "^")


def subscript(text: str) -> str:
    """``i`` gives ``ᵢ``; what has no lowered form, or is a word, gives ``_word`` or ``_(a/b)``."""
    return _render(text.strip(), _DOWN, "_")


def _render(text: str, table: dict[str, str], sign: str) -> str:
    word = text.isalpha() and len(text) > 2
    if len(text) <= LONGEST and not word and all(c in table for c in text):
        return "".join(table[c] for c in text)
    if word and sign == "^" and text in {"th", "st", "nd", "rd", "TM"}:
        return text
    return f"{sign}{text}" if re.fullmatch(r"[\w.*]+", text) else f"{sign}({text})"
