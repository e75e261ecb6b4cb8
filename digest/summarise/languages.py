"""Summarise room: whether a sentence may be in the language it was asked for in. By script and by the smallest words.

Only a clear "no" counts: a language that is not known here may be anything. Pure; touched when a language is to be
known.
"""

import re
import unicodedata

# Code: (what it is called, its most frequent small words). Those of other scripts are told by the script.
_LATIN = {
    "en": ("english", "the of and in to is for that with on are by this from as we which"),
    "de": ("german deutsch", "der die das und ist ein eine mit für von zu auf den im werden wird sich nicht durch"),
    "fr": ("french français", "le la les des et un une pour dans est par sur du qui que avec en nous ce"),
    "es": ("spanish español", "el la los las de y en un una para que con por se del es al como"),
    "it": ("italian italiano", "il la le di e che un una per con in del della dei si è gli nel"),
    "pt": ("portuguese português", "o a os as de e em um uma para que com por do da dos é no na"),
    "nl": ("dutch nederlands", "de het een en van in is op te met voor dat die wordt zijn niet"),
    "sv": ("swedish svenska", "och i att det som en på är av för med den till ett inte"),
    "pl": ("polish polski", "i w z na do się że jest to nie oraz przez dla które"),
    "tr": ("turkish türkçe", "ve bir bu için ile da de olarak çok daha olan"),
}
_SCRIPTS = {
    "zh": ("chinese 中文", "CJK"),
    "ja": ("japanese 日本語", "CJK HIRAGANA KATAKANA"),
    "ko": ("korean 한국어", "HANGUL"),
    "ru": ("russian русский", "CYRILLIC"),
    "uk": ("ukrainian українська", "CYRILLIC"),
    "el": ("greek ελληνικά", "GREEK"),
    "ar": ("arabic العربية", "ARABIC"),
    "fa": ("persian farsi فارسی", "ARABIC"),
    "he": ("hebrew עברית", "HEBREW"),
    "hi": ("hindi हिन्दी", "DEVANAGARI"),
}
_WORDS = {code: frozenset(words.split()) for code, (_, words) in _LATIN.items()}
_CODES = {name: code for table in (_LATIN, _SCRIPTS) for code, (names, _) in table.items() for name in names.split()}
_KANA = ["HIRAGANA", "KATAKANA"]  # Japanese has them in every sentence, Chinese in none
LEAST_KANA = 0.05
FEWEST = 3  # small words of a language that make it seen


def code(language: str) -> str:
    """The two-letter code of a language given by code ("de-AT") or name ("German"), or "" if it is not known here."""
    name = language.strip().lower()
    short = re.split(r"[-_]", name)[0]
    return _CODES.get(name) or (short if short in _LATIN or short in _SCRIPTS else "")


def may_be(text: str, language: str) -> bool:
    """False where `text` is clearly not in `language`: another script, or many small words of another language."""
    wanted = code(language)
    if not wanted:
        return True
    if wanted in ("zh", "ja") and (_share_of_scripts(text, _KANA) > LEAST_KANA) != (wanted == "ja"):
        return False
    share = _share_of_scripts(text, _SCRIPTS[wanted][1].split() if wanted in _SCRIPTS else ["LATIN"])
    if wanted in _SCRIPTS or share < 0.5:
        return share >= 0.3  # names and formulas may be Latin in any language
    found = re.findall(r"[^\W\d_]+", text.lower())
    counts = {each: sum(word in small for word in found) for each, small in _WORDS.items()}
    best = max(counts.values())
    return counts[wanted] >= best / 2 or best < FEWEST


def _share_of_scripts(text: str, scripts: list[str]) -> float:
    """The share of letters that belong to one of `scripts`, 0 to 1."""
    letters = [sign for sign in text if sign.isalpha()]
    own = sum(unicodedata.name(sign, "").split(" ")[0] in scripts for sign in letters)
    return own / max(len(letters), 1)
