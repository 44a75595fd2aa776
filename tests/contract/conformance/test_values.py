"""What lands of a vendor's data: every stream, text as it is, words that nobody knew; and of people a hash."""

from __future__ import annotations

from dataclasses import replace

from tests.contract.conformance.bench import PERSIAN, Bench
from tests.contract.conformance.case import Case
from tests.contract.conformance.moments import RECENT
from tests.contract.conformance.stored import clear_texts
from tests.contract.conformance.undisturbed import Undisturbed


def test_every_stream_lands_and_none_that_is_not_declared(
    case_type: type[Case], undisturbed: Undisturbed
) -> None:
    declared = undisturbed.streams
    assert [each.stream for each in undisturbed.run.outcomes] == list(declared)
    assert undisturbed.stored.manifests().keys() == {stream.id for stream in declared}
    assert {id_ for id_, rows in undisturbed.content.items() if not rows} == set(case_type.lands_nothing)
    undeclared = {each.stream.id: each.new_columns for each in undisturbed.run.outcomes if each.new_columns}
    assert undeclared == {}


def test_values_that_are_missing_or_unknown_land_as_they_are(bench: Bench) -> None:
    known, missing, unknown = bench.items(3, day=RECENT)
    items = [known, replace(missing, label=None, amount=None), replace(unknown, label="word-of-2031")]
    bench.hold(items)
    bench.landed()
    assert bench.wrong(items) == []


def test_persian_text_lands_byte_for_byte(undisturbed: Undisturbed) -> None:
    texts = [
        value.encode()
        for stream in undisturbed.streams
        for row in undisturbed.stored.rows(stream)
        for value in row.values()
        if isinstance(value, str)
    ]
    assert PERSIAN.encode() in [text[: len(PERSIAN.encode())] for text in texts]


def test_nobody_is_known_in_the_raw_zone(undisturbed: Undisturbed) -> None:
    stored = clear_texts(undisturbed.root)
    assert [person for person in undisturbed.personal if person in stored] == []
    assert any(stream.personal for stream in undisturbed.streams) == bool(undisturbed.personal)
