r"""RE2 patterns, as Google's APIs take them, for Python's ``re``.

Translated are ``\x{200c}`` and the classes ``\b \d \s \w``, which know ASCII only: a Persian letter is no word
character to RE2. What RE2 refuses is refused: look-around, back references, possessive and atomic groups.
``(?i)`` is understood at the beginning; ``\p{...}`` isn't.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}|\\(.)|([\[\]])", re.DOTALL)
_REFUSED = re.compile(r"\(\?(?:<?[=!]|>|\(|P=|#)|\\[1-9]|[*+?}]\+")
_IN_CLASS = {"d": "0-9", "w": "0-9A-Za-z_", "s": r"\t\n\f\r "}
_ASCII = frozenset("bBdDsSwW")


def compile_re2(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """The pattern for Python; code points are compared, case counts unless told otherwise.

    Raises:
        ValueError: RE2 wouldn't take it.
    """
    refused = _REFUSED.search(pattern)
    if refused:
        raise ValueError(f"invalid or unsupported Perl syntax: `{refused.group()}`")
    try:
        return re.compile(_translated(pattern), re.IGNORECASE if ignore_case else 0)
    except re.error as error:
        raise ValueError(str(error)) from error


def _translated(pattern: str) -> str:
    is_in_class = False

    def translate(found: re.Match[str]) -> str:
        nonlocal is_in_class
        code_point, escaped, bracket = found.groups()
        if code_point:
            return f"\\U{int(code_point, 16):08x}"
        if bracket:
            is_in_class = bracket == "["
        elif is_in_class:
            return _IN_CLASS.get(escaped, found.group())
        elif escaped in _ASCII:
            return f"(?a:{found.group()})"
        return found.group()

    return _TOKEN.sub(translate, pattern)
