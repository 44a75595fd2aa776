"""Whatever a target goes through: told at most twice a period, cleared only what is open, silent when nothing changed."""

from __future__ import annotations

from collections import Counter

from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestration.alerts.decide import ALERT, ALL_CLEAR
from orchestration.alerts.standings import Standing
from tests.unit.alerts.standing import Story, clicks

VALUES = st.sampled_from([0.05, 0.0795, 0.08, 0.0805, 0.09])
MONTHS = st.dictionaries(
    st.integers(1, 6), st.tuples(VALUES, st.sampled_from(["final", "early"]), st.booleans()), max_size=6
)


def standings(months: dict[int, tuple[float, str, bool]]) -> list[Standing]:
    return [
        clicks(number, value, kind=kind, muted=muted)
        for number, (value, kind, muted) in sorted(months.items())
    ]


@settings(max_examples=300, deadline=None)
@given(publications=st.lists(MONTHS, min_size=1, max_size=8))
@example(publications=[{1: (0.05, "final", True)}, {1: (0.05, "final", False), 2: (0.08, "early", False)}])
def test_alerts_come_once_and_end_once(publications: list[dict[int, tuple[float, str, bool]]]) -> None:
    story = Story()
    told: Counter[tuple[int, bool]] = Counter()
    open_ids: set[str] = set()
    ids: list[str] = []
    for months in publications:
        if not months:  # a target that left and comes back is news
            told.clear()
        rows = standings(months)
        by_month = dict(zip(sorted(months), rows, strict=True))
        before = len(story.past)
        messages = story.publish(*rows)
        decided = story.past[before:]
        for each in messages:
            ids.append(each.alert_id)
            assert each.period_start is not None
            row = by_month[each.period_start.month]
            assert not row.is_muted
            if each.kind == ALERT:
                assert row.condition == "breach"
                told[each.period_start.month, row.is_final] += 1
            else:
                assert each.kind == ALL_CLEAR
                assert row.is_met
                assert each.closes
        assert sum(each.kind == ALERT for each in messages) <= 2
        for each in decided:
            assert set(each.closes) <= open_ids
            open_ids -= set(each.closes)
        open_ids |= {each.alert_id for each in messages if each.kind == ALERT}
        assert story.publish(*rows) == []
    assert max(told.values(), default=0) <= 1
    assert len(ids) == len(set(ids))


@settings(max_examples=100, deadline=None)
@given(months=MONTHS)
def test_the_first_look_tells_of_one_period_at_most(months: dict[int, tuple[float, str, bool]]) -> None:
    messages = Story().publish(*standings(months))
    assert len(messages) <= 1
    assert [each.period_start.month for each in messages if each.period_start] in (
        [],
        [max(months, default=0)],
    )
