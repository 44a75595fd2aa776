"""Prefetch: the next page is fetched while this one is stored, so that network and disk wait together."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
_POLL_SECONDS = 0.1


class _End:
    """Marks the end; holds what broke the source off."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def prefetched(source: Iterable[T], *, ahead: int = 2) -> Iterator[T]:
    """Items of ``source``, made in a thread that is at most ``ahead`` items in front.

    An error of the source is raised here, after the items before it. When the reader stops early the thread
    ends at the item it is making.
    """
    waiting: queue.Queue[T | _End] = queue.Queue(maxsize=ahead)
    stopped = threading.Event()

    def put(item: T | _End) -> bool:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=_POLL_SECONDS)
            except queue.Full:
                continue
            return True
        return False

    def fill() -> None:
        try:
            for item in source:
                if not put(item):
                    return
        except BaseException as error:  # noqa: BLE001 - raised again in the reader's thread
            put(_End(error))
        else:
            put(_End(None))

    thread = threading.Thread(target=copy_context().run, args=(fill,), daemon=True)
    thread.start()
    try:
        while True:
            item = waiting.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        stopped.set()
        thread.join()
