"""History says ``erased`` where an erasing run changed a brand, whichever run publishes it."""

from __future__ import annotations

from tests.unit.orchestration.published_builds import Publisher, Slice, Value

WEB = Slice(source="web", key="january")
APP = Slice(source="app", key="january")


def _changes(publisher: Publisher, version: int) -> dict[object, object]:
    rows = publisher.read(f"select source_id, reason from marts.fct_source_changes where version = {version}")
    return dict(rows)  # type: ignore[arg-type]


def test_values_and_slices_that_lost_people_say_so(publisher: Publisher) -> None:
    publisher.build([Value(value=10.0)], slices=[WEB, APP])
    publisher.publish()
    erased = Slice(source="web", key="january", content="fewer", load_id=2)
    publisher.build([Value(value=9.0)], slices=[erased, APP], inputs="slices 2", kind="erase")
    publisher.publish()
    assert [row[:3] for row in publisher.history()] == [(10.0, 1, "new data"), (9.0, 2, "erased")]
    assert _changes(publisher, 2) == {"web": "erased"}
    # What changes later is a plain restatement again.
    again = Slice(source="app", key="january", content="other", load_id=3)
    publisher.build([Value(value=8.0)], slices=[erased, again], inputs="slices 3")
    publisher.publish()
    assert publisher.history()[-1][:3] == (8.0, 3, "restated")
    assert _changes(publisher, 3) == {"app": "replaced"}


def test_an_ordinary_run_after_a_killed_erasure_says_so_too(publisher: Publisher) -> None:
    publisher.build([Value(value=10.0)], slices=[WEB, APP])
    publisher.publish()
    erased = Slice(source="web", key="january", content="fewer", load_id=2)
    landed = Slice(source="app", key="january", content="corrected", load_id=3)
    publisher.build([Value(value=9.0)], slices=[erased, APP], inputs="slices 2", kind="erase")
    publisher.build([Value(value=9.0)], slices=[erased, landed], inputs="slices 3")
    publisher.publish()
    assert publisher.history()[-1][:3] == (9.0, 2, "erased")
    assert _changes(publisher, 2) == {"web": "erased", "app": "replaced"}
