"""The words of one message: title and lines in the language of the channel, as plain text or Markdown.

In goes a decision with its facts, out comes a :class:`Message`. Persian messages have Persian digits; dates
of a brand with the Jalali calendar are Jalali. What is said of the value follows the direction of the target.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import jdatetime

from orchestration.alerts.decide import DATA_CLEAR, Decision
from orchestration.alerts.words import WORDS
from orchestration.persian import persian_digits, persian_number
from orchestration.scorecard_view import format_value

RUN_FAILED, TEST = "run_failed", "test"
SHOWN_CHARACTERS = 600
"""Of a source's or run's own words."""
_MARKDOWN = re.compile(r"([\\*_\[\]<>#|])")


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a person reads; ``lines`` are (label, text), the label empty for a sentence of its own."""

    title: str
    lines: tuple[tuple[str, str], ...]

    def plain(self) -> str:
        """The lines as plain text."""
        return "\n".join(f"{label}: {text}" if label else text for label, text in self.lines)

    def markdown(self) -> str:
        """The lines as a Markdown list."""
        return "\n".join(
            f"- **{label}:** {_escaped(text)}" if label else f"- {_escaped(text)}"
            for label, text in self.lines
        )


def digest(messages: Sequence[Message], language: str, *, is_markdown: bool) -> tuple[str, str]:
    """Title and body of one message that tells of several; a single one is told as it is."""
    texts = [each.markdown() if is_markdown else each.plain() for each in messages]
    if len(messages) == 1:
        return messages[0].title, texts[0]
    count = str(len(messages))
    title = WORDS[language]["many"].format(count=persian_digits(count) if language == "fa" else count)
    heads = [f"**{_escaped(each.title)}**\n" if is_markdown else each.title for each in messages]
    return title, "\n\n".join(f"{head}\n{text}" for head, text in zip(heads, texts, strict=True))


def render(decision: Decision, language: str) -> Message:
    """The message of a decision in ``en`` or ``fa``."""
    voice = _Voice(decision.facts, language)
    match decision.kind:
        case "alert":
            title, lines = voice.alert()
        case "all_clear":
            title, lines = voice.all_clear()
        case "data_alert" | "data_clear":
            title, lines = voice.source(decision.kind)
        case "run_failed":
            title, lines = voice.run_failed()
        case _:
            title, lines = voice.test()
    key = (voice.word("key"), decision.alert_id)
    return Message(title=title, lines=(*lines, key))


def _escaped(text: str) -> str:
    """Markdown that shows ``text`` as it is, code in backticks included."""
    parts = text.split("`")
    return "`".join(part if number % 2 else _MARKDOWN.sub(r"\\\1", part) for number, part in enumerate(parts))


Lines = tuple[tuple[str, str], ...]


class _Voice:
    def __init__(self, facts: Mapping[str, Any], language: str) -> None:
        self.facts = facts
        self.language = language
        self.words = WORDS[language]

    def word(self, name: str, **parts: str) -> str:
        return self.words[name].format(**parts)

    def alert(self) -> tuple[str, Lines]:
        said = self.word("alert", kpi=self.kpi, side=self.word(self._side()), period=self.period)
        lines = [*self._numbers(), *self._about(), *self._explained()]
        lines.append(("", self.word(str(self.facts["alert_kind"]))))
        lines.append((self.word("todo"), self._todo()))
        return f"{self.brand}: {said}", tuple(lines)

    def all_clear(self) -> tuple[str, Lines]:
        said = self.word("back", kpi=self.kpi, period=self.period)
        ended = [self._named(each) for each in self.facts.get("ended", [])]
        lines = [*self._numbers(), *self._about()]
        if ended:
            lines.append((self.word("ended"), self.word("list").join(ended)))
        lines.append(("", self.word(str(self.facts["alert_kind"]))))
        lines.append((self.word("todo"), self.word("todo_back")))
        return f"{self.brand}: {said}", tuple(lines)

    def source(self, kind: str) -> tuple[str, Lines]:
        status = "clear" if kind == DATA_CLEAR else str(self.facts["status"])
        said = self.word(f"data_{status}", source=str(self.facts["source_id"]))
        lines = []
        if self.facts.get("note"):
            lines.append((self.word("reason"), _short(str(self.facts["note"]))))
        if self.facts.get("loaded_through"):
            lines.append((self.word("through"), self._day(self.facts["loaded_through"])))
        days = self._digits(str(self.facts.get("days_behind") or ""))
        todo = "todo_data_clear" if kind == DATA_CLEAR else f"todo_{status}"
        lines.append((self.word("todo"), self.word(todo, days=days)))
        return f"{self.brand}: {said}", tuple(lines)

    def run_failed(self) -> tuple[str, Lines]:
        project = str(self.facts.get("project") or "Sanjeh")
        reason = (self.word("reason"), _short(str(self.facts.get("error") or "–")))
        return f"{project}: {self.word('run_failed')}", (reason, (self.word("todo"), self.word("todo_run")))

    def test(self) -> tuple[str, Lines]:
        project = str(self.facts.get("project") or "Sanjeh")
        return f"{project}: {self.word('test')}", ((self.word("todo"), self.word("todo_test")),)

    @property
    def brand(self) -> str:
        return self._either("brand_name_fa", "brand_name")

    @property
    def kpi(self) -> str:
        return self._either("kpi_name_fa", "kpi_name_en")

    @property
    def period(self) -> str:
        return self._named(self.facts)

    def _named(self, period: Mapping[str, Any]) -> str:
        label = period.get("label_fa") if self.language == "fa" else period.get("label_en")
        return str(label or period.get("period_start") or "")

    def _either(self, persian: str, english: str) -> str:
        text = (self.facts.get(persian) if self.language == "fa" else None) or self.facts.get(english)
        return str(text or "")

    def _side(self) -> str:
        facts = self.facts
        if facts.get("judged_value") is None:
            return "no_conversion"
        is_low = (facts.get("gap") or 0) < 0
        if facts["direction"] == "range":
            return "below_range" if is_low else "above_range"
        if facts["alert_kind"] == "paced":
            if is_low:
                return "behind_pace"
            return "above" if facts["judged_value"] > facts["target"] else "over_pace"
        return "below" if is_low else "above"

    def _numbers(self) -> Iterator[tuple[str, str]]:
        facts = self.facts
        value = facts.get("judged_value")
        yield self.word("value"), self.word("no_value") if value is None else self._amount(value)
        yield self.word("target"), self._target()
        if facts.get("gap") is not None:
            yield self.word("gap"), self._gap(float(facts["gap"]))

    def _target(self) -> str:
        facts = self.facts
        low = self._amount(facts["target"])
        if facts["direction"] == "range":
            return self.word("between", low=low, high=self._amount(facts["target_upper"]))
        if facts.get("target_at_pace") is not None:
            low = self.word("due", due=self._amount(facts["target_at_pace"]), target=low)
        return self.word("at_most" if facts["direction"] == "lower" else "at_least", value=low)

    def _gap(self, gap: float) -> str:
        sign = "+" if gap > 0 else "−" if gap < 0 else ""
        if self.facts.get("unit") == "ratio":
            return self.word("points", value=f"{sign}{self._digits(f'{abs(gap) * 100:,.2f}')}")
        return f"{sign}{self._amount(abs(gap))}"

    def _about(self) -> Iterator[tuple[str, str]]:
        facts = self.facts
        if facts.get("segment_type") not in (None, "overall"):
            yield self.word("segment"), _segment(facts)
        if facts.get("sample_size") is not None:
            yield self.word("sample"), self._digits(f"{facts['sample_size']:,}")
        if facts.get("loaded_through"):
            yield self.word("through"), self._day(facts["loaded_through"])
        yield self.word("scorecard"), self._either("scorecard_name_fa", "scorecard_name")
        team = self.word("team", team=str(facts["team"])) if facts.get("team") else None
        owners = [text for text in (facts.get("owner"), team) if text]
        if owners:
            yield self.word("owner"), self.word("list").join(owners)

    def _explained(self) -> Iterator[tuple[str, str]]:
        parts = [
            f"{_segment(part)} {self._gap(float(part['contribution']))}"
            for part in self.facts.get("explained", [])
        ]
        if parts:
            yield self.word("explains"), self.word("list").join(parts)

    def _todo(self) -> str:
        facts = self.facts
        first = facts["period_start"]
        options = "" if facts["grain"] == "day" else f" --grain {facts['grain']}"
        if facts["segment_type"] != "overall":
            options += f" --segment {shlex.quote(_segment(facts))}"
        return self.word(
            "todo_alert", brand=facts["brand_id"], kpi_id=facts["kpi_id"], first=f"{first}{options}"
        )

    def _amount(self, value: float) -> str:
        facts = self.facts
        return format_value(value, unit=facts["unit"], currency=facts["currency_code"], lang=self.language)

    def _day(self, text: str) -> str:
        day = date.fromisoformat(text)
        if self.facts.get("calendar") == "jalali":
            text = jdatetime.date.fromgregorian(date=day).strftime("%Y/%m/%d")
        return self._digits(text)

    def _digits(self, text: str) -> str:
        return persian_number(text) if self.language == "fa" else text


def _segment(facts: Mapping[str, Any]) -> str:
    return f"{facts['segment_type']}/{facts['segment']}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARACTERS else f"{line[:SHOWN_CHARACTERS]} …"
