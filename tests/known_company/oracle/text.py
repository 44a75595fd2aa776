"""When two spellings are one word: small letters, no accents, Persian letters and digits, no joiners."""

from __future__ import annotations

import unicodedata

_ARABIC = str.maketrans("يىكة", "ییکه")
_JOINERS = "\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u0640"


def folded(text: str) -> str:
    """``text`` for comparing, with every run of blanks as one."""
    plain = unicodedata.normalize("NFKD", text.lower())
    letters = (letter for letter in plain if not unicodedata.combining(letter) and letter not in _JOINERS)
    digits = "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in letters)
    return squeezed(digits.translate(_ARABIC))


def squeezed(text: str) -> str:
    """Without blanks at the ends, and one between words."""
    return " ".join(text.split())
