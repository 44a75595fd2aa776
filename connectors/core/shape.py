"""What an answer of an unknown shape becomes: an error for a person instead of a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.core.errors import SchemaError


@contextmanager
def known_shape(what: str) -> Iterator[None]:
    """Taking an answer apart; a connector meets its new shape as one of Python's errors on values.

    Args:
        what: source and stream or request, for the error.

    Raises:
        SchemaError: the answer wasn't of the shape that the connector knows.
    """
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        found = f"{error} is missing" if isinstance(error, KeyError) else type(error).__name__
        raise SchemaError(
            f"{what}: an answer of the API isn't of the shape that is known ({found}). Nothing of it was "
            "stored, what was stored before is intact. The API has changed: report this message."
        ) from error
