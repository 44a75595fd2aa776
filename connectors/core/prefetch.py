"""Prefetch: the next pages are fetched while this one is stored, so that network and disk wait together."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from typing import Generic, TypeVar

T = TypeVar("T")


def prefetched(
    source: Iterable[T], *, ahead: int = 2, enough: int = 0, weigh: Callable[[T], int] = lambda _: 0
) -> Iterator[T]:
    """Items of ``source``, made in a thread that runs in front.

    An error of the source is raised here, after the items before it. When the reader stops early the thread
    ends at the item it is making.

    Args:
        source: what makes the items.
        ahead: items that the thread may be in front.
        enough: it may be further in front while those items weigh less than this together.
        weigh: weight of an item.
    """
    waiting = _Waiting[T](ahead, enough, weigh)
    thread = threading.Thread(target=copy_context().run, args=(waiting.fill, source), daemon=True)
    thread.start()
    try:
        yield from waiting
    finally:
        waiting.stop()
        thread.join()


class _Waiting(Generic[T]):
    """Items between the thread that makes them and the one that uses them."""

    def __init__(self, ahead: int, enough: int, weigh: Callable[[T], int]) -> None:
        self._ahead = ahead
        self._enough = enough
        self._weigh = weigh
        self._items: deque[T] = deque()
        self._weight = 0
        self._error: BaseException | None = None
        self._is_over = False
        self._changed = threading.Condition()

    def fill(self, source: Iterable[T]) -> None:
        """Let items wait until ``source`` ends or nobody wants more."""
        error: BaseException | None = None
        try:
            for item in source:
                if not self._put(item):
                    return
        except BaseException as caught:  # noqa: BLE001 - raised again in the reader's thread
            error = caught
        with self._changed:
            self._error, self._is_over = error, True
            self._changed.notify_all()

    def stop(self) -> None:
        """Want no more."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def __iter__(self) -> Iterator[T]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._items or self._is_over)
                if not self._items:
                    break
                item = self._items.popleft()
                self._weight -= self._weigh(item)
                self._changed.notify_all()
            yield item
        if self._error is not None:
            raise self._error

    def _put(self, item: T) -> bool:
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_over or len(self._items) < self._ahead or self._weight < self._enough
            )
            if self._is_over:
                return False
            self._items.append(item)
            self._weight += self._weigh(item)
            self._changed.notify_all()
            return True
