"""Settings: what ``sanjeh.yml`` says, validated whole before anything runs.

In goes a workspace, out comes :class:`Settings` with every default resolved (a brand inherits from the
project, a source from its brand). Anything wrong is one :class:`SettingsError` that lists all findings with
file, line and key.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
)

from connectors.core.api import BrandFacts
from orchestration.alerts.settings import AlertSettings, alert_findings
from orchestration.engine_settings import EngineSettings
from orchestration.errors import SettingsError
from orchestration.scorecards import Plans, Scorecard, load_plans
from orchestration.source_settings import Source, SourceReader
from orchestration.storage_settings import StorageSettings
from orchestration.workspace import Workspace
from orchestration.yaml_source import YamlSource, findings_of, read_yaml, without_empty

if TYPE_CHECKING:
    from connectors.core.api import Period
    from connectors.core.window import DateWindow

PII_KEY_VARIABLE = "SANJEH_PII_KEY"


class Weekday(StrEnum):
    """Days of the week by English name."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"{name!r} is no IANA time zone; write it as Asia/Tehran or Europe/London"
        ) from error
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Share = Annotated[Decimal, Field(ge=0, le=1)]
Month = Annotated[int, Field(ge=1, le=12)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
BusinessDays = Annotated[tuple[Weekday, ...], Field(min_length=1)]
UNOPENABLE_BRAND = "marts"
WESTERN_WEEK = (Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Attribution(_Strict):
    """Which touches an order or won deal is credited to.

    Attributes:
        rule: the ``first`` or ``last_non_direct`` touch takes all, ``linear`` shares equally,
            ``position_based`` gives 40 % to the first, 40 % to the last and the rest to those between.
        window_days: touches older than so many times 24 hours before the order don't count.
    """

    rule: Literal["first", "last_non_direct", "linear", "position_based"] = "last_non_direct"
    window_days: int = Field(default=30, ge=1, le=730)


class Project(_Strict):
    """Defaults of every brand, and what holds for the workspace as a whole.

    Attributes:
        currency: reporting currency, ISO 4217.
        fiscal_year_start: month of the calendar that a fiscal year starts on.
        gross_margin: share of order value left after cost of goods, 0 to 1.
        converted_stage: CRM lifecycle stage that counts as converted.
        qualified_stage: CRM lifecycle stage from which a lead counts as qualified.
        pii_key_env: variable that holds the key personal data is hashed with.
        attribution: rule and window by which KPIs are broken down by channel and campaign.
        customer_salt: salt of customer keys where that variable isn't set, for public data whose keys must be
            the same in every copy of the workspace; without either, each workspace makes a random one.
    """

    name: str = Field(min_length=1)
    timezone: Zone = "UTC"
    currency: Currency
    calendar: Literal["gregorian", "jalali"] = "gregorian"
    week_start: Weekday = Weekday.MONDAY
    fiscal_year_start: Month = 1
    gross_margin: Share | None = None
    business_days: BusinessDays = WESTERN_WEEK
    converted_stage: str = "customer"
    qualified_stage: str = "salesqualifiedlead"
    attribution: Attribution = Attribution()
    pii_key_env: str = PII_KEY_VARIABLE
    customer_salt: str | None = Field(default=None, min_length=1)


class _BrandEntry(_Strict):
    name: str = Field(min_length=1)
    name_fa: str | None = None
    search_terms: tuple[str, ...] = ()
    exclude_terms: tuple[str, ...] = ()
    timezone: Zone | None = None
    currency: Currency | None = None
    calendar: Literal["gregorian", "jalali"] | None = None
    week_start: Weekday | None = None
    fiscal_year_start: Month | None = None
    gross_margin: Share | None = None
    business_days: BusinessDays | None = None
    attribution: Attribution | None = None


class PublishSettings(_Strict):
    """What the published file holds.

    Attributes:
        detail: also publish fct_sessions and fct_order_lines.
        keep: published versions retained.
        per_brand: also one file per brand, which holds nothing of other brands.
        parquet: also the tables as Parquet.
    """

    detail: bool = False
    keep: int = Field(default=7, ge=2, le=1000)
    per_brand: bool = False
    parquet: bool = False

    @property
    def copies(self) -> int:
        """Kinds of copies of the published file that are asked for."""
        return self.per_brand + self.parquet


class ReportSettings(_Strict):
    """The HTML reports.

    Attributes:
        languages: in which they are written; the first one has ``reports/index.html``. Default: English, and
            Persian too where a brand or scorecard has a ``name_fa``.
    """

    languages: Annotated[tuple[Literal["en", "fa"], ...], Field(min_length=1)] | None = None

    @field_validator("languages")
    @classmethod
    def _once_each(cls, languages: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if languages and len(set(languages)) < len(languages):
            raise ValueError("a language stands there twice; name each once")
        return languages


class _SettingsFile(_Strict):
    project: Project
    brands: dict[Id, _BrandEntry] = Field(min_length=1)
    sources: dict[Id, dict[str, object]] = Field(default_factory=dict)
    publish: PublishSettings = PublishSettings()
    alerts: AlertSettings = AlertSettings()
    reports: ReportSettings = ReportSettings()
    storage: StorageSettings = StorageSettings()
    engine: EngineSettings = EngineSettings()


_REQUIRED = frozenset({"project", "brands"})


class Brand(_Strict):
    """One brand with the project's defaults filled in; fields as in :class:`Project`."""

    brand_id: str
    name: str
    name_fa: str | None
    search_terms: tuple[str, ...]
    exclude_terms: tuple[str, ...]
    timezone: str
    currency: str
    calendar: str
    week_start: Weekday
    fiscal_year_start: int
    gross_margin: Decimal | None
    business_days: tuple[Weekday, ...]
    attribution: Attribution

    @property
    def calendar_key(self) -> str:
        """``calendar-week_start-fiscal_year_start``, the key of calendar periods."""
        return f"{self.calendar}-{self.week_start}-{self.fiscal_year_start}"

    def facts(self) -> BrandFacts:
        """What connectors may know of the brand."""
        return BrandFacts(
            timezone=self.timezone,
            currency=self.currency,
            search_terms=self.search_terms,
            exclude_terms=self.exclude_terms,
            periods=partial(_periods, self.calendar_key),
        )


def _periods(calendar_key: str, window: DateWindow) -> list[Period]:
    from connectors.calendar.make import CalendarKey, periods_within  # noqa: PLC0415 - imports Arrow and Jalali

    return periods_within(CalendarKey.parse(calendar_key), window)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything a workspace configures.

    Attributes:
        brands: by brand id.
        sources: by source id.
        plans: scorecards, objectives and budgets of ``scorecards.yml``; empty where there is none.
        pii_key: key for personal data; None where its variable isn't set.
        alerts: who is told of what.
        storage: where the raw zone is kept.
        engine: what the build may use.
    """

    project: Project
    brands: Mapping[str, Brand]
    sources: Mapping[str, Source]
    publish: PublishSettings
    plans: Plans
    pii_key: str | None
    alerts: AlertSettings = field(default_factory=AlertSettings)
    reports: ReportSettings = field(default_factory=ReportSettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)

    @property
    def scorecards(self) -> tuple[Scorecard, ...]:
        """Scorecards of ``scorecards.yml``."""
        return self.plans.scorecards

    def calendar_keys(self) -> tuple[str, ...]:
        """Calendar keys in use, sorted; each needs its periods."""
        return tuple(sorted({brand.calendar_key for brand in self.brands.values()}))

    def report_languages(self) -> tuple[str, ...]:
        """Languages of the reports, the leading one first."""
        if self.reports.languages is not None:
            return self.reports.languages
        names = [brand.name_fa for brand in self.brands.values()] + [card.name_fa for card in self.scorecards]
        return ("en", "fa") if any(names) else ("en",)

    def fingerprint(self) -> str:
        """Hash of the settings that shape the warehouse: project, brands, sources."""
        shape = {
            "project": self.project.model_dump(mode="json"),
            "brands": {key: brand.model_dump(mode="json") for key, brand in self.brands.items()},
            "sources": {key: source.shape() for key, source in self.sources.items()},
            "pii_key": self.pii_key,  # salts the customer keys; only its hash with all the rest is kept
        }
        return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()


def load_settings(workspace: Workspace, *, require_secrets: bool = True) -> Settings:
    """Read and validate ``sanjeh.yml`` and ``scorecards.yml``.

    Args:
        workspace: where the files are.
        require_secrets: a ``*_env`` field whose variable isn't set is an error; call
            ``workspace.load_environment()`` before.

    Raises:
        SettingsError: every finding on a line of its own, with file, line and key path.
    """
    source = read_yaml(workspace.settings_file)
    try:
        data = source.data
        if isinstance(data, dict):  # nothing below `brands:` is a finding, below `alerts:` no alerts
            empty = {key: value for key, value in data.items() if key in _REQUIRED}
            data = {**without_empty(data), **empty}
        parsed = _SettingsFile.model_validate(data)
    except ValidationError as error:
        raise SettingsError("\n".join(findings_of(error, source, _SettingsFile))) from error
    brands = {brand_id: _brand(brand_id, entry, parsed.project) for brand_id, entry in parsed.brands.items()}
    reader = SourceReader(file=source, brands={key: brand.facts() for key, brand in brands.items()})
    sources = reader.read(parsed.sources)
    findings = list(reader.findings)
    findings += alert_findings(parsed.alerts, source, brands=brands)
    if require_secrets:
        findings += _missing_variables(source)
    if parsed.publish.per_brand and UNOPENABLE_BRAND in brands:
        findings.append(
            source.finding(
                ("brands", UNOPENABLE_BRAND),
                f"with publish.per_brand its file {UNOPENABLE_BRAND}.duckdb would be a catalog named like "
                "the schema in it, which DuckDB refuses to query as ambiguous. Give the brand another id, or "
                "switch publish.per_brand off.",
            )
        )
    plans = Plans.none(workspace.scorecards_file)
    if workspace.scorecards_file.is_file():
        plans, wrong = load_plans(workspace.scorecards_file, brands=brands)
        findings += wrong
    if findings:
        raise SettingsError("\n".join(findings))
    return Settings(
        project=parsed.project,
        brands=brands,
        sources=sources,
        publish=parsed.publish,
        plans=plans,
        pii_key=os.environ.get(parsed.project.pii_key_env) or None,
        alerts=parsed.alerts,
        reports=parsed.reports,
        storage=parsed.storage,
        engine=parsed.engine,
    )


def _brand(brand_id: str, entry: _BrandEntry, project: Project) -> Brand:
    own = entry.model_dump(exclude_none=True)
    inherited = project.model_dump(
        include={
            "timezone",
            "currency",
            "calendar",
            "week_start",
            "fiscal_year_start",
            "gross_margin",
            "business_days",
            "attribution",
        }
    )
    if entry.attribution is not None:  # what a brand leaves out of it is the project's, too
        own["attribution"] = {
            **project.attribution.model_dump(),
            **entry.attribution.model_dump(exclude_unset=True),
        }
    return Brand.model_validate({"name_fa": None, **inherited, **own, "brand_id": brand_id})


def _missing_variables(source: YamlSource) -> list[str]:
    """Findings for each ``*_env`` key whose variable isn't set.

    Numbers don't wait for a channel of alerts: what it should have got fails to be delivered, and is retried.
    """
    findings = []
    for key_path in source.lines:
        key = key_path[-1] if key_path else None
        if not isinstance(key, str) or not key.endswith("_env") or key_path[0] == "alerts":
            continue
        name = source.value_at(key_path)
        if isinstance(name, str) and not os.environ.get(name):
            owner = f"source {key_path[1]!r}" if key_path[0] == "sources" else f"{key_path[0]}"
            findings.append(
                source.finding(
                    key_path,
                    f"{owner} needs the environment variable {name}, which is not set. Set it, or add the "
                    f"line {name}=... to the file .env of the workspace.",
                )
            )
    return findings
