"""What names a brand in a search, as the regular expression (RE2) that Search Console filters by.

Each term is found in any of its spellings: with a space, a zero-width non-joiner or nothing between words,
with Persian or Arabic ی and ک, in any case. The API takes 4,096 characters (developers.google.com, regex
filters).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from connectors.core.errors import PermanentError
from connectors.core.text import fold

LONGEST = 4096
_GAP = r"[\x{200c} ]?"
_TWINS = {"ی": "[یي]", "ک": "[کك]"}


def pattern_of(terms: Sequence[str]) -> str:
    """The expression that finds any of ``terms``.

    Raises:
        PermanentError: it would be longer than Search Console takes.
    """
    pattern = "(?i)" + "|".join(_GAP.join(map(_word, _words(term))) for term in terms)
    if len(pattern) > LONGEST:
        raise PermanentError(
            f"The search terms make an expression of {len(pattern):,} characters; Search Console takes "
            f"{LONGEST:,}. Leave out search_terms that contain another one of the brand."
        )
    return pattern


def _words(term: str) -> list[str]:
    """Parts of a term between its spaces and non-joiners, folded."""
    return [word for part in re.split(r"[\s\u200c]+", term) if (word := fold(part))]


def _word(word: str) -> str:
    return "".join(_TWINS.get(letter) or re.escape(letter) for letter in word)
