"""What is said of a series of publications: once a period, one all-clear, nothing of what is muted or history."""

from __future__ import annotations

from dataclasses import replace

from orchestration.alerts.decide import DATA_ALERT, DATA_CLEAR, still_open
from tests.unit.alerts.standing import CLICKS, Story, alert, all_clear, clicks, said, source


def test_the_first_publication_tells_of_the_newest_period_only() -> None:
    history = [clicks(number, 0.05) for number in range(1, 11)]
    story = Story()
    assert said(story.publish(*history)) == [alert(10)]
    assert said(story.publish(*history)) == []


def test_a_newest_period_on_target_brings_no_history_later_either() -> None:
    story = Story()
    rows = [clicks(8, 0.05), clicks(9, 0.05), clicks(10, 0.07, kind="early"), clicks(11, 0.09, kind="early")]
    assert said(story.publish(*rows)) == []
    assert said(story.publish(clicks(9, 0.04), clicks(10, 0.07, kind="early"), rows[-1])) == []


def test_falling_below_and_recovering_is_one_alert_and_one_all_clear() -> None:
    story = Story()
    for value, expected in [
        (0.08, []),
        (0.072, [alert(10)]),
        (0.071, []),
        (0.08, [all_clear(10)]),
        (0.08, []),
    ]:
        assert said(story.publish(clicks(9, 0.09), clicks(10, value, kind="early"))) == expected
    assert still_open(story.past) == []


def test_a_value_that_still_moves_has_to_come_back_further_than_noise() -> None:
    """From 7.95 % to 8.05 % is 1.25 % of the target; 2 % are asked for, as a distance or beyond the target."""
    story = Story()
    assert said(story.publish(clicks(10, 0.0795, kind="early"))) == [alert(10)]
    assert said(story.publish(clicks(10, 0.0805, kind="early"))) == []
    assert said(story.publish(clicks(10, 0.0817, kind="early"))) == [all_clear(10)]


def test_a_final_value_on_target_is_all_clear_however_near() -> None:
    story = Story()
    story.publish(clicks(10, 0.0799, kind="early"))
    assert said(story.publish(clicks(10, 0.08, kind="final"))) == [all_clear(10)]


def test_a_period_that_wavers_is_told_once_and_again_only_when_it_is_final() -> None:
    story = Story()
    seen = [
        said(story.publish(clicks(10, value, kind=kind)))
        for value, kind in [
            (0.07, "early"),
            (0.09, "early"),
            (0.06, "early"),
            (0.06, "final"),
            (0.06, "final"),
        ]
    ]
    assert seen == [[alert(10)], [all_clear(10)], [], [alert(10)], []]


def test_an_open_alert_is_not_told_again_when_the_value_becomes_final() -> None:
    story = Story()
    assert said(story.publish(clicks(10, 0.07, kind="early"))) == [alert(10)]
    assert said(story.publish(clicks(10, 0.069, kind="final"))) == []


def test_each_period_is_told_and_the_next_one_on_target_ends_them_all_at_once() -> None:
    story = Story()
    assert said(story.publish(clicks(8, 0.07))) == [alert(8)]
    assert said(story.publish(clicks(8, 0.07), clicks(9, 0.06))) == [alert(9)]
    [clear] = story.publish(clicks(8, 0.07), clicks(9, 0.06), clicks(10, 0.085, kind="early"))
    assert said([clear]) == [all_clear(10)]
    assert len(clear.closes) == 2
    assert [each["label_en"] for each in clear.facts["ended"]] == ["August 2026", "September 2026"]


def test_a_later_period_that_was_on_target_already_does_not_end_an_alert_of_an_earlier_one() -> None:
    """October is corrected downwards while November is fine: an alert that only October, or December, ends."""
    november = clicks(11, 0.09, kind="early")
    story = Story()
    assert said(story.publish(clicks(10, 0.09))) == []
    assert said(story.publish(clicks(10, 0.09), november)) == []
    assert said(story.publish(clicks(10, 0.06), november)) == [alert(10)]
    assert said(story.publish(clicks(10, 0.06), november)) == []
    assert said(story.publish(clicks(10, 0.09), november)) == [all_clear(10)]


def test_a_later_period_in_breach_keeps_the_older_alert_open() -> None:
    story = Story()
    story.publish(clicks(9, 0.06))
    assert said(story.publish(clicks(9, 0.06), clicks(10, 0.09), clicks(11, 0.05, kind="early"))) == [
        alert(11)
    ]
    assert [each.period_start.month for each in still_open(story.past) if each.period_start] == [9, 11]


def test_a_catch_up_over_many_periods_tells_of_the_newest_final_and_the_running_one() -> None:
    story = Story()
    story.publish(clicks(1, 0.09))
    rows = [clicks(number, 0.05) for number in range(1, 9)] + [clicks(9, 0.05, kind="early")]
    assert said(story.publish(*rows)) == [alert(8), alert(9)]


def test_what_is_muted_is_neither_told_nor_cleared_until_it_is_heard_again() -> None:
    story = Story()
    assert said(story.publish(clicks(10, 0.06, kind="early", muted=True), source("late"))) == [
        (DATA_ALERT, None)
    ]
    assert said(story.publish(clicks(10, 0.06, kind="early", muted=True), source("late"))) == []
    assert said(story.publish(clicks(10, 0.06, kind="early"), source("fresh"))) == [
        (DATA_CLEAR, None),
        alert(10),
    ]
    assert said(story.publish(clicks(10, 0.09, kind="early", muted=True), source("failed"))) == [
        (DATA_ALERT, None)
    ]
    assert said(story.publish(clicks(10, 0.09, kind="early"), source("fresh"))) == [
        (DATA_CLEAR, None),
        all_clear(10),
    ]


def test_segments_and_scorecards_are_told_apart() -> None:
    spring = replace(CLICKS, segment_type="campaign", segment="spring")
    story = Story()
    assert len(story.publish(clicks(10, 0.06), clicks(10, 0.05, subject=spring))) == 2
    assert said(story.publish(clicks(10, 0.06), clicks(10, 0.09, subject=spring))) == [all_clear(10)]


def test_a_target_that_left_is_closed_without_a_word() -> None:
    story = Story()
    story.publish(clicks(10, 0.06))
    assert story.publish() == []
    assert still_open(story.past) == []


def test_a_target_that_left_and_comes_back_is_told_and_cleared_again() -> None:
    story = Story()
    story.publish(clicks(10, 0.06, kind="early"))
    story.publish()
    assert said(story.publish(clicks(10, 0.06, kind="early"))) == [alert(10)]
    assert said(story.publish(clicks(10, 0.09))) == [all_clear(10)]


def test_a_period_that_a_later_one_has_cleared_is_not_told_again_once_it_is_final() -> None:
    story = Story()
    assert said(story.publish(clicks(9, 0.09), clicks(10, 0.06, kind="early"))) == [alert(10)]
    rows = [clicks(10, 0.06), clicks(11, 0.09, kind="early")]
    assert said(story.publish(*rows)) == [all_clear(11)]
    assert said(story.publish(*rows)) == []


def test_the_same_decision_has_the_same_key_and_another_one_another() -> None:
    one, other = Story(), Story()
    [first] = one.publish(clicks(10, 0.06))
    [same] = other.publish(clicks(10, 0.06))
    assert first.alert_id == same.alert_id
    [clear] = one.publish(clicks(10, 0.09))
    assert clear.alert_id != first.alert_id
