"""How fresh the data are, what is missing, and what was published when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orchestration.report.speech import Speaker

Row = Mapping[str, Any]
_TONES = {"fresh": "good", "gaps": "warn", "late": "warn", "failed": "bad"}
SHOWN_GAPS = 20


def quality_view(facts: Row, speaker: Speaker) -> dict[str, Any] | None:
    """Sources and gaps; None where the brand has no data."""
    if "sources" not in facts:
        return None
    sources = facts["sources"]
    late = sum(row["status"] != "fresh" for row in sources)
    since = speaker.day(facts["missing_since"])
    overdue = [row for row in facts["missing"] if row["is_overdue"]]
    key = "sources.some" if late else "sources.with_gaps" if overdue else "sources.all_fresh"
    said = [speaker.say(key, late=speaker.count(late), count=speaker.count(len(sources)))]
    lacking = list(dict.fromkeys(row["source_id"] for row in overdue))
    if overdue:
        days = sum((row["last_day"] - row["first_day"]).days + 1 for row in overdue)
        named = speaker.say("comma").join(lacking)
        said.append(speaker.say("sources.overdue", days=speaker.count(days), since=since, sources=named))
    return {
        "said": " ".join(said),
        "sources": [
            {
                "source": row["source_id"],
                "stream": f"{row['connector']}/{row['stream']}",
                "through": speaker.day(row["loaded_through"]),
                "behind": speaker.count(row["days_behind"]),
                "rows": speaker.count(row["row_count"]),
                "rejected": speaker.count(row["rejected_rows"]),
                "status": speaker.either("status", _status(row, lacking, sources)),
                "tone": _TONES.get(_status(row, lacking, sources), "none"),
                "note": row["quality_note"] or "",
            }
            for row in sources
        ],
        "missing_none": speaker.say("missing.none", since=since),
        "missing_caption": speaker.say("missing.caption", since=since),
        "missing": [
            {
                "source": row["source_id"],
                "first": speaker.day(row["first_day"]),
                "last": speaker.day(row["last_day"]),
                "days": speaker.count((row["last_day"] - row["first_day"]).days + 1),
                "state": speaker.say("overdue" if row["is_overdue"] else "not_due"),
            }
            for row in facts["missing"][:SHOWN_GAPS]
        ],
        "missing_more": speaker.say("rest", count=speaker.count(len(facts["missing"]) - SHOWN_GAPS))
        if len(facts["missing"]) > SHOWN_GAPS
        else "",
    }


def _status(row: Row, lacking: Sequence[str], sources: Sequence[Row]) -> str:
    """A stream's status; the only one of a source that lacks overdue days isn't just fresh."""
    streams = sum(each["source_id"] == row["source_id"] for each in sources)
    has_gaps = row["status"] == "fresh" and row["source_id"] in lacking and streams == 1
    return "gaps" if has_gaps else str(row["status"])


def publication_view(facts: Row, speaker: Speaker) -> dict[str, Any]:
    """This publication, those before, and values changed after they were published."""
    publication = facts["publication"]
    return {
        "footer": speaker.say(
            "footer",
            version=speaker.count(publication["version"]),
            published=_moment(publication["restored_at"] or publication["published_at"], speaker),
        ),
        "rows": [
            {
                "version": speaker.count(row["version"]),
                "published": _moment(row["published_at"], speaker),
                "changed": speaker.count(row["changed"]),
                "new": speaker.count(row["new"]),
                "restated": speaker.count(row["restated"]),
            }
            for row in facts["publications"]
        ],
        "revisions": [
            {
                "kpi": speaker.name(row),
                "period": speaker.label(row),
                "before": speaker.value(row["before"], row["unit"], row["currency_code"]),
                "after": speaker.value(row["value"], row["unit"], row["currency_code"]),
                "reason": speaker.either("reason", row["reason"].replace(" ", "_"))
                + (f" ({row['moved_by']})" if row["moved_by"] else ""),
                "version": speaker.count(row["version"]),
            }
            for row in facts.get("revisions", ())
        ],
    }


def _moment(moment: Any, speaker: Speaker) -> str:
    return f"{speaker.day(moment.date())} {speaker.digits(f'{moment:%H:%M}')}"
