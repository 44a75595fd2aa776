"""Values as vendors give them: none at all, words that nobody knew, Persian text; and people, who land hashed."""

from __future__ import annotations

from dataclasses import replace

from tests.contract.conformance.bench import PERSIAN, Bench
from tests.contract.conformance.moments import RECENT
from tests.contract.conformance.stored import clear_texts


def test_values_that_are_missing_or_unknown_land_as_they_are(bench: Bench) -> None:
    known, missing, unknown = bench.items(3, day=RECENT)
    items = [known, replace(missing, label=None, amount=None), replace(unknown, label="word-of-2031")]
    bench.hold(items)
    bench.landed()
    assert bench.wrong(items) == []


def test_persian_text_lands_byte_for_byte(bench: Bench) -> None:
    (item,) = bench.items(1, day=RECENT)
    item = replace(item, text=PERSIAN)
    bench.hold([item])
    bench.landed()
    assert bench.wrong([item]) == []
    texts = [
        value.encode()
        for stream in bench.source().streams()
        for row in bench.stored().rows(stream)
        for value in row.values()
        if isinstance(value, str)
    ]
    assert PERSIAN.encode() in texts


def test_nobody_is_known_in_the_raw_zone(bench: Bench) -> None:
    bench.hold(bench.standard())
    bench.landed()
    stored = clear_texts(bench.zone.root)
    assert [person for person in bench.case.personal if person in stored] == []
    has_people = any(stream.personal for stream in bench.source().streams())
    assert has_people == bool(bench.case.personal)
