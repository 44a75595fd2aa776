"""Which source column feeds which stream column: matching of headers after folding.

Folding makes two spellings of one header equal: case, spaces, underscores, joiners, Arabic and Persian
letters and digits. What does not match after folding is not guessed; the error names what the header holds
and the closest word.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence

_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا"})
_IGNORED = re.compile(r"[\s_\-.:\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00a0\u0640]+")
_BRACKETS = re.compile(r"^(?P<name>.*?)\s*\(\s*(?P<word>[^()]*?)\s*\)\s*$")


def fold(header: str) -> str:
    """``header`` as it is compared: lower case, Persian letters, ASCII digits, nothing that can't be seen."""
    text = unicodedata.normalize("NFKC", header).translate(_LETTERS)
    text = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text)
    return _IGNORED.sub("", text).casefold()


def find(spellings: Iterable[str], header: Sequence[str]) -> tuple[int, str | None] | None:
    """Position of the first spelling that is in ``header``, and the word its ``(*)`` stands for.

    Spellings are tried in order, so that the most particular one wins over a general one.
    """
    folded = [fold(name) for name in header]
    for spelling in spellings:
        if spelling.endswith("(*)"):
            wanted = fold(spelling.removesuffix("(*)"))
            for position, name in enumerate(header):
                parts = _BRACKETS.match(name)
                if parts and fold(parts["name"]) == wanted:
                    return position, parts["word"]
        elif fold(spelling) in folded:
            return folded.index(fold(spelling)), None
    return None


def closest(word: str, header: Sequence[str]) -> str | None:
    """The header most like ``word``, if any is alike at all."""
    by_fold = {fold(name): name for name in header}
    found = difflib.get_close_matches(fold(word), by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def closest_of_all(words: Iterable[str], header: Sequence[str]) -> str | None:
    """The header most like any of ``words``, if any is alike at all."""
    by_fold = {fold(name): name for name in header}
    wanted = [fold(word.removesuffix("(*)")) for word in words]
    ranked = [
        (difflib.SequenceMatcher(None, word, name).ratio(), name)
        for word in wanted
        for name in difflib.get_close_matches(word, by_fold, n=1, cutoff=0.6)
    ]
    return by_fold[max(ranked)[1]] if ranked else None


def listed(header: Sequence[str], *, limit: int = 40) -> str:
    """``header`` for an error message."""
    names = ", ".join(f"'{name.strip()}'" for name in header[:limit])
    return names if len(header) <= limit else f"{names} and {len(header) - limit} more"
