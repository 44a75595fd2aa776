"""Rows of the control tables: pure functions from settings, state and manifests to tuples.

Columns and their order are those of ``control_tables.CONTROL_TABLES``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connectors.core.manifest import Manifest
from orchestration.run_state import Build, State
from orchestration.scorecard_lint import LintFinding
from orchestration.scorecards.rows import Row, plan_rows
from orchestration.settings import Settings

Tables = Mapping[str, Sequence[Row]]


def inputs_hash(manifests: Iterable[Manifest]) -> str:
    """Hash of the content of every listed slice, whichever run landed it."""
    digest = hashlib.sha256()
    for manifest in sorted(manifests, key=lambda m: (m.connector, m.stream, m.source)):
        for key, entry in sorted(manifest.slices.items()):
            digest.update(
                f"{manifest.connector}|{manifest.stream}|{manifest.source}|{key}|{entry.content_hash}\n".encode()
            )
    return digest.hexdigest()


def customer_salt(settings: Settings, state: State, brand_id: str) -> str:
    """Hex salt of a brand's customer keys: from the key for personal data, the settings, or the workspace."""
    key = settings.pii_key or settings.project.customer_salt or state.customer_salt
    return hmac.new(key.encode(), f"customer_key|{brand_id}".encode(), hashlib.sha256).hexdigest()[:32]


def control_rows(
    settings: Settings,
    state: State,
    manifests: Sequence[Manifest],
    *,
    build: Build,
    built_at: datetime,
    built_through: int,
    is_full_refresh: bool,
    findings: Iterable[LintFinding] = (),
) -> dict[str, list[Row]]:
    """Rows of every control table, in the column order of ``CONTROL_TABLES``."""
    project = settings.project
    run: Row = (
        build.run_id,
        build.load_id,
        _utc(build.as_of),
        _utc(built_at),
        built_through,
        is_full_refresh,
        project.converted_stage,
        project.qualified_stage,
        build.git_revision,
    )
    brands: list[Row] = [
        (
            brand.brand_id,
            brand.name,
            brand.name_fa,
            brand.timezone,
            brand.currency,
            brand.calendar,
            brand.week_start.value,
            brand.fiscal_year_start,
            brand.calendar_key,
            brand.gross_margin,
            build.as_of.astimezone(ZoneInfo(brand.timezone)).date(),
            customer_salt(settings, state, brand.brand_id),
            brand.attribution.rule,
            brand.attribution.window_days,
        )
        for brand in settings.brands.values()
    ]
    return {
        "run": [run],
        "brands": brands,
        "alert_settings": [(settings.alerts.hysteresis,)],
        "search_terms": [
            (brand.brand_id, term, excluded)
            for brand in settings.brands.values()
            for terms, excluded in ((brand.search_terms, False), (brand.exclude_terms, True))
            for term in terms
        ],
        **_source_rows(settings, state, manifests),
        **_slice_rows(manifests, built_through),
        **plan_rows(settings.plans, settings.brands),
        "scorecard_findings": [
            (
                finding.code,
                finding.severity.value,
                finding.brand,
                finding.scorecard_id,
                finding.place,
                f"{finding.message} {finding.why}",
                finding.remedy,
            )
            for finding in findings
        ],
    }


def _source_rows(settings: Settings, state: State, manifests: Sequence[Manifest]) -> dict[str, list[Row]]:
    landed = {(m.source, f"{m.connector}/{m.stream}") for m in manifests if m.slices}
    has_landed = {source_id for source_id, _ in landed}
    sources: list[Row] = []
    streams: list[Row] = []
    patterns: list[Row] = []
    rules: list[Row] = []
    subscription_rules: list[Row] = []
    for source in settings.sources.values():
        expect = source.expect
        sources.append(
            (
                source.source_id,
                source.brand_id,
                source.connector,
                expect.kind.value,
                expect.until,
                source.timezone,
                source.currency,
                source.customer_ids,
            )
        )
        for stream in source.streams:
            # A report export may hold few of the streams its format can; what never landed is not awaited.
            is_optional = source.source_id in has_landed and not source.is_api
            if is_optional and (source.source_id, stream.id) not in landed:
                continue
            attempt = state.streams.get(f"{source.source_id}|{stream.id}")
            streams.append(
                (
                    source.source_id,
                    source.brand_id,
                    stream.connector,
                    stream.name,
                    stream.kind.value,
                    stream.usable_after_days,
                    stream.final_after_days,
                    attempt.last_error if attempt else None,
                    _utc(attempt.last_success_at) if attempt and attempt.last_success_at else None,
                    attempt.rejected_rows if attempt else None,
                )
            )
        for rule, by_field in (("test", source.test_patterns), ("staff", source.staff_patterns)):
            patterns += [(source.source_id, rule, field, text.lower()) for field, text in by_field.items()]
        order = source.order_rules
        if order is not None:
            rules.append(
                (
                    source.source_id,
                    order.require_customer,
                    order.require_positive_quantity,
                    order.require_positive_price,
                    order.count_letter_coded_lines,
                    ",".join(order.extra_service_codes) or None,
                    order.drop_exact_duplicates,
                    order.returns,
                    order.returns_are_activity,
                    order.cancellation_prefix,
                    order.bad_debt_prefix,
                    ",".join(word.lower() for word in order.counted_statuses) or None,
                )
            )
        billing = source.subscription_rules
        if billing is not None:
            subscription_rules.append(
                (source.source_id, billing.churn_at_period_end, billing.once_discounts_reduce)
            )
    return {
        "sources": sources,
        "source_streams": streams,
        "row_rules": patterns,
        "order_rules": rules,
        "subscription_rules": subscription_rules,
    }


def _slice_rows(manifests: Iterable[Manifest], built_through: int) -> dict[str, list[Row]]:
    slices: list[Row] = []
    changed: list[Row] = []
    for manifest in manifests:
        for key, entry in manifest.slices.items():
            slices.append(
                (
                    manifest.connector,
                    manifest.stream,
                    manifest.source,
                    manifest.brand,
                    key,
                    entry.window_start,
                    entry.window_end,
                    entry.rows,
                    entry.content_hash,
                    entry.load_id,
                    _utc(entry.loaded_at),
                )
            )
            if entry.load_id > built_through:
                changed.append((manifest.connector, manifest.stream, manifest.source, key, "upserted"))
        changed += [
            (manifest.connector, manifest.stream, manifest.source, key, "removed")
            for key, load_id in manifest.removed.items()
            if load_id > built_through and key not in manifest.slices
        ]
    return {"slices": slices, "changed_slices": changed}


def _utc(moment: datetime) -> datetime:
    """The moment as DuckDB TIMESTAMP: UTC without zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)
