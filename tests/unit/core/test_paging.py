"""Page loops: all pages in order, or an error; never without end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.errors import IncompleteError
from connectors.core.paging import Page, pages


@given(st.lists(st.integers(), max_size=40), st.integers(1, 10))
def test_every_row_comes_once_in_order_when_pages_have_any_size(rows: list[int], size: int) -> None:
    def fetch(token: str | None) -> Page[list[int]]:
        start = int(token or 0)
        end = start + size
        return Page(rows[start:end], str(end) if end < len(rows) else None)

    assert [row for page in pages(fetch, what="rows") for row in page] == rows


@given(st.dictionaries(st.sampled_from("abcde"), st.none() | st.sampled_from("abcde")), st.integers(1, 8))
def test_paging_ends_or_raises_when_tokens_lead_anywhere(
    following: dict[str, str | None], ceiling: int
) -> None:
    calls: list[str | None] = []

    def fetch(token: str | None) -> Page[str | None]:
        calls.append(token)
        return Page(token, following.get(token or "a"))

    try:
        got = list(pages(fetch, what="rows", ceiling=ceiling))
    except IncompleteError:
        assert len(calls) <= ceiling
    else:
        assert got == calls
        assert len(set(calls)) == len(calls) <= ceiling


def test_a_token_that_comes_twice_is_named_when_pages_go_in_circles() -> None:
    following = {None: "a", "a": "b", "b": "a"}
    seen: list[str | None] = []
    with pytest.raises(IncompleteError, match="shop, visits: The page token 'a' came twice") as caught:
        seen.extend(pages(lambda token: Page(token, following[token]), what="Source shop, visits"))
    assert seen == [None, "a", "b"]
    assert "nothing of it was stored" in str(caught.value)


def test_paging_stops_when_there_are_more_pages_than_the_ceiling() -> None:
    with pytest.raises(IncompleteError, match="more than 1,000 pages"):
        list(pages(lambda token: Page(token, str(int(token or 0) + 1)), what="rows", ceiling=1000))


def test_as_many_pages_as_the_ceiling_are_fine() -> None:
    got = list(pages(lambda token: Page(token, "2" if token is None else None), what="rows", ceiling=2))
    assert got == [None, "2"]
