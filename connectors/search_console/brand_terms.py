"""What names a brand in a search, as the regular expression (RE2) that Search Console filters by.

Each term is found in any of its spellings: with a space, a zero-width non-joiner or nothing between words,
with Persian or Arabic ی and ک, with digits of any script, in any case, anywhere in a query. The API takes
4,096 characters (developers.google.com, regex filters).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from connectors.core.errors import PermanentError
from connectors.core.text import ARABIC_DIGITS, DIGITS, PERSIAN_DIGITS, fold

LONGEST = 4096
_GAP = r"[\x{200c} ]*"
_JOINT = "\u200c?"
"""Between Persian letters of one word, as the character itself: an escape would take ten times the room."""
_TWINS = {
    "ی": "[یيى]",
    "ک": "[کك]",
    **{
        digit: f"[{digit}{persian}{arabic}]"
        for digit, persian, arabic in zip(DIGITS, PERSIAN_DIGITS, ARABIC_DIGITS, strict=True)
    },
}


def pattern_of(terms: Sequence[str]) -> str:
    """The expression that finds any of ``terms``.

    Raises:
        PermanentError: it would be longer than Search Console takes, or a term has no letter or digit.
    """
    pattern = f"(?i){'|'.join(_spellings(term) for term in terms)}"
    if len(pattern) > LONGEST:
        raise PermanentError(
            f"The brand's search terms make an expression of {len(pattern):,} characters; Search Console "
            f"takes {LONGEST:,}. Leave out terms that contain another one of search_terms or exclude_terms."
        )
    return pattern


def _spellings(term: str) -> str:
    words = [word for part in re.split(r"[\s\u200c]+", term) if (word := fold(part))]
    if not any(letter.isalnum() for word in words for letter in word):
        raise PermanentError(
            f"The brand's search term {term!r} has no letter or digit, so it would be found in any query. "
            "Correct search_terms and exclude_terms of the brand in sanjeh.yml."
        )
    return _GAP.join(map(_word, words))


def _word(word: str) -> str:
    joint = "" if word.isascii() else _JOINT
    return joint.join(_TWINS.get(letter) or _escaped(letter) for letter in word)


def _escaped(letter: str) -> str:
    """RE2 wants a backslash before marks of ASCII only."""
    return f"\\{letter}" if letter.isascii() and not letter.isalnum() else letter
