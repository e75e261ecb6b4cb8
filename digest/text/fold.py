"""Text: one form for spellings that a reader takes for the same: case, accents, ligatures, Greek letters, signs."""

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "ng"}
)
_GREEK = str.maketrans(
    {chr(code): unicodedata.name(chr(code)).split()[3].lower() for code in (*range(0x3B1, 0x3C2), *range(0x3C3, 0x3CA))}
    | {"ς": "sigma", "ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta", "ϱ": "rho", "ℓ": "l"}
)
_SIGNS = re.compile(r"[\W_]+")


@lru_cache(maxsize=64)
def fold(text: str) -> str:
    """`text` in lower case without accents, Greek letters by name, words and numbers apart by single spaces.

    Idempotent. Letters of scripts without case stay as they are; text of signs alone gives "". The last are
    remembered, for a title is folded several times in a row.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.casefold()).casefold()
        text = "".join(c for c in text if not unicodedata.combining(c)).translate(_LETTERS).translate(_GREEK)
        text = unicodedata.normalize("NFC", text)
    return _SIGNS.sub(" ", text.lower()).strip()


def compact(text: str) -> str:
    """`fold` without spaces, so that "pre-training" is "pretraining"; text of signs alone stays, without its spaces."""
    return fold(text).replace(" ", "") or "".join(text.split())
