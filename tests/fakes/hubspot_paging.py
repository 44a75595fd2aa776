"""HubSpot's paging: limits, ``after`` tokens, and the ``paging`` object that the last page hasn't got."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug import Request

from tests.fakes.hubspot_errors import invalid


def limit_of(request: Request, *, default: int, most: int) -> int:
    """The page size asked for in the query; above ``most`` it is refused."""
    text = request.args.get("limit", str(default))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise invalid(f"limit {text} must be between 1 and {most}", at="limit")
    return int(text)


def flag_of(request: Request, name: str) -> bool:
    """The value of a boolean parameter, false where it is missing."""
    return request.args.get(name, "false").lower() == "true"


def offset_token(offset: int) -> str:
    """The opaque token of the page that begins at row ``offset``."""
    return urlsafe_b64encode(str(offset).encode()).decode()


def offset_of(token: str | None) -> int:
    """The row that ``token`` stands for; 0 without one."""
    if token is None:
        return 0
    try:
        return int(urlsafe_b64decode(token.encode()))
    except ValueError as error:
        raise invalid(f"after {token} is not a paging token", at="after") from error


@dataclass
class Pager:
    """Adds ``paging`` to page bodies.

    Attributes:
        repeats: every page names itself as the next one, as a broken server would.
    """

    repeats: bool = False

    def add(
        self,
        body: dict[str, Any],
        request: Request,
        *,
        current: str | None,
        following: str | None,
        first: str,
    ) -> dict[str, Any]:
        """``body`` with the token of the ``following`` page; ``first`` is the token of the very first."""
        after = (current or first) if self.repeats else following
        if after is None:
            return body
        following_page: dict[str, Any] = {"after": after}
        if request.method == "GET":
            query = [(name, value) for name, value in request.args.items(multi=True) if name != "after"]
            following_page["link"] = f"{request.base_url}?{urlencode([*query, ('after', after)])}"
        body["paging"] = {"next": following_page}
        return body

    def offset_page(
        self, rows: Sequence[Any], request: Request, *, default: int, most: int
    ) -> tuple[Sequence[Any], dict[str, Any]]:
        """The rows of the page that ``request`` asks for, by place in the list, and a body with their paging.

        A row that is put in before that place while a client pages is seen as a repetition of another.
        """
        limit = limit_of(request, default=default, most=most)
        current = request.args.get("after")
        start = offset_of(current)
        end = start + limit
        following = offset_token(end) if end < len(rows) else None
        body = self.add({"results": []}, request, current=current, following=following, first=offset_token(0))
        return rows[start:end], body
