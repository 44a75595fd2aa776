"""A proposed scorecard as YAML to paste into ``scorecards.yml``, and as a table."""

from __future__ import annotations

from collections.abc import Mapping

import yaml
from rich.table import Table

from orchestration.progress import counted
from orchestration.scorecard_suggestion import Proposal, Suggestion
from orchestration.scorecard_view import format_value

_WIDTH = 1000
"""A scalar is never folded over lines."""


def as_yaml(suggestion: Suggestion) -> str:
    """A whole ``scorecards.yml`` with the proposed scorecard; comments say where each target comes from."""
    card = suggestion.card
    lines = [
        "# Proposed by `sanjeh suggest`: each target is better than about 60 % of the recent final periods,",
        "# each baseline is their median. Where scorecards.yml has a list already, paste from `- id` on.",
        *(
            f"# Scorecard {name} has targets for some of these KPIs: replace it, or take them out of one."
            for name in suggestion.overlaps
        ),
        "scorecards:",
        f"  - id: {card.id}",
    ]
    head = {
        "brand": card.brand,
        "name": card.name,
        "name_fa": card.name_fa,
        "goal": card.goal.value,
        "grain": card.grain.value if card.grain else None,
        "owner": card.owner,
    }
    lines += [f"    {key}: {_scalar(value)}" for key, value in head.items() if value is not None]
    lines.append("    kpis:")
    for proposal, target in zip(suggestion.proposals, card.kpis, strict=True):
        entry = {
            "kpi": target.kpi,
            "target": _plain(proposal.target),
            "baseline": _plain(proposal.baseline),
            "unit": target.unit,
            "valid_from": target.valid_from,
        }
        lines.append(f"      # {_origin(suggestion, proposal)}")
        lines.append(f"      - {_flow(entry)}")
    return "\n".join(lines) + "\n"


def as_table(suggestion: Suggestion) -> Table:
    """The same for the eye."""
    card = suggestion.card
    table = Table(title=f"{card.name} (proposed)", title_justify="left", title_style="bold")
    for header in ("KPI", "target", "baseline", "best", "reached in", "role", "owner"):
        is_number = header in {"target", "baseline", "best", "reached in"}
        table.add_column(header, justify="right" if is_number else "left")
    for proposal in suggestion.proposals:
        sign = "≤" if proposal.kpi.direction.value == "lower" else "≥"
        table.add_row(
            proposal.kpi.name_en,
            f"{sign} {_shown(suggestion, proposal, proposal.target)}",
            _shown(suggestion, proposal, proposal.baseline),
            _shown(suggestion, proposal, proposal.best),
            f"{proposal.reached} of {len(proposal.series.values)} {card.grain}s",
            "core" if card.goal in proposal.kpi.goals else "support",
            proposal.kpi.owner,
        )
    return table


def _origin(suggestion: Suggestion, proposal: Proposal) -> str:
    periods = counted(len(proposal.series.values), f"final {suggestion.card.grain}")
    middle, best = (_shown(suggestion, proposal, value) for value in (proposal.middle, proposal.best))
    return (
        f"{periods} since {proposal.series.starts[0]}: median {middle}, best {best}; "
        f"{proposal.reached} reached this target"
    )


def _shown(suggestion: Suggestion, proposal: Proposal, value: float) -> str:
    return format_value(value, unit=proposal.kpi.unit, currency=suggestion.brand.currency, lang="en")


def _plain(number: float) -> int | float:
    """Whole numbers without a decimal point."""
    return int(number) if number == int(number) else number


def _scalar(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=True, width=_WIDTH).removesuffix("...\n").strip()


def _flow(entry: Mapping[str, object]) -> str:
    text = yaml.safe_dump(
        dict(entry), default_flow_style=True, sort_keys=False, allow_unicode=True, width=_WIDTH
    )
    return text.strip()
