"""Standings of one target of Acme's newsletter, month by month, as a test names them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orchestration.alerts.decide import ALERT, ALL_CLEAR, Decision, decide
from orchestration.alerts.standings import Standing, Subject

CLICKS = Subject(
    brand_id="acme",
    scorecard_id="newsletter",
    kpi_id="email_click_rate",
    segment_type="overall",
    segment="all",
    grain="month",
)
MAIL = Subject(brand_id="acme", source_id="acme_mail")
TARGET = 0.08


def month(number: int) -> date:
    return date(2026, number, 1)


def clicks(
    number: int,
    value: float,
    *,
    kind: str = "final",
    muted: bool = False,
    subject: Subject = CLICKS,
    hysteresis: float = 0.02,
) -> Standing:
    """The click rate of a month, which is to be 8 %; what SQL would say of it without a tolerance."""
    is_met = value >= TARGET
    is_clear = is_met and (kind == "final" or value >= TARGET * (1 + hysteresis))
    return Standing(
        subject=subject,
        period_start=month(number),
        alert_kind=kind,
        condition="clear" if is_clear else "within" if is_met else "breach",
        is_met=is_met,
        is_muted=muted,
        mute_reason="source acme_mail is late" if muted else None,
        mark=TARGET,
        gap=value - TARGET,
        facts=facts(number, value, kind=kind),
    )


def facts(number: int, value: float, *, kind: str = "final") -> dict[str, Any]:
    return {
        "brand_id": "acme",
        "brand_name": "Acme",
        "brand_name_fa": "اکمی",
        "calendar": "gregorian",
        "source_id": None,
        "scorecard_id": "newsletter",
        "scorecard_name": "Newsletter leads",
        "scorecard_name_fa": "لیدهای خبرنامه",
        "kpi_id": "email_click_rate",
        "kpi_name_en": "E-mail click rate",
        "kpi_name_fa": "نرخ کلیک ایمیل",
        "unit": "ratio",
        "currency_code": None,
        "grain": "month",
        "period_start": month(number).isoformat(),
        "label_en": f"{month(number):%B %Y}",
        "label_fa": f"ماه {number}",
        "segment_type": "overall",
        "segment": "all",
        "alert_kind": kind,
        "actual": value,
        "judged_value": value,
        "target": TARGET,
        "target_upper": None,
        "target_at_pace": None,
        "direction": "higher",
        "tolerance": 0.0,
        "gap": value - TARGET,
        "status": "final" if kind == "final" else "provisional",
        "verdict": "on_target" if value >= TARGET else "below_target",
        "owner": "m.karimi",
        "team": "growth",
        "sample_size": 10000,
        "loaded_through": "2026-10-31",
        "days_behind": None,
        "note": None,
    }


def source(status: str, *, days_behind: int = 0, note: str | None = None) -> Standing:
    return Standing(
        subject=MAIL,
        period_start=None,
        alert_kind="data",
        condition="clear" if status == "fresh" else "breach",
        is_met=status == "fresh",
        is_muted=False,
        mute_reason=None,
        mark=None,
        gap=None,
        facts={
            "brand_id": "acme",
            "brand_name": "Acme",
            "brand_name_fa": "اکمی",
            "calendar": "gregorian",
            "source_id": "acme_mail",
            "status": status,
            "days_behind": days_behind,
            "loaded_through": "2026-10-28",
            "note": note,
        },
    )


@dataclass
class Story:
    """Publications one after the other; remembers what was decided."""

    hysteresis: float = 0.02
    past: list[Decision] = field(default_factory=list)
    event: int = 0

    def publish(self, *standings: Standing) -> list[Decision]:
        """Messages that a publication gives rise to."""
        self.event += 1
        decided = decide(standings, self.past, event_id=self.event, hysteresis=self.hysteresis)
        self.past += decided
        return [each for each in decided if each.kind not in {"watch", "withdrawn"}]


def said(decisions: Iterable[Decision]) -> list[tuple[str, int | None]]:
    """(kind, month) of KPI messages; of a source the month is None."""
    return [(each.kind, each.period_start.month if each.period_start else None) for each in decisions]


def alert(number: int) -> tuple[str, int | None]:
    return (ALERT, number)


def all_clear(number: int) -> tuple[str, int | None]:
    return (ALL_CLEAR, number)
