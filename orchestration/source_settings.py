"""Settings of one source: which connector, what silence means, which rows count.

In goes the mapping of a source in ``sanjeh.yml``, out comes a :class:`Source`. The connector word picks the
model that validates the connector's own keys; the keys every source shares are validated here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from connectors.core.errors import ConnectorError
from connectors.registry import API_CONNECTORS
from orchestration.source_kinds import DOES_NOT_SHAPE, config_model, connector_words, open_source
from orchestration.workspace import Workspace
from orchestration.yaml_source import YamlSource, closest, findings_of

if TYPE_CHECKING:
    from connectors.core.api import BrandFacts
    from connectors.core.outcome import SourceCheck
    from connectors.core.rate_limit import Limits
    from connectors.core.stream import Stream
    from orchestration.source_kinds import OpenedSource, SourceConfig


Model = TypeVar("Model", bound=BaseModel)

HAS_PEOPLE = frozenset(
    {"crm", "hubspot", "orders", "shopify", "stripe", "subscriptions", "surveys", "woocommerce"}
)
"""Connector words of streams with ids of customers, contacts, subscribers or respondents."""
FEEDS_ORDERS = frozenset({"orders", "shopify", "woocommerce"})
"""Connector words of streams of orders; the macro feeds_orders has the same."""


class ExpectKind(StrEnum):
    """Whether new days of a source are awaited."""

    DAILY = "daily"
    NONE = "none"
    UNTIL = "until"


class Expect(BaseModel):
    """What silence means: a missing day is a gap (daily), is not (none), or is one up to a last day (until).

    Attributes:
        until: last expected day, inclusive; only with ``until``.
    """

    model_config = ConfigDict(frozen=True)
    kind: ExpectKind
    until: date | None = None

    @classmethod
    def parse(cls, text: str) -> Expect:
        """Read ``daily``, ``none`` or ``until YYYY-MM-DD``; ValueError otherwise."""
        if text in {ExpectKind.DAILY, ExpectKind.NONE}:
            return cls(kind=ExpectKind(text))
        found = re.fullmatch(r"until (\d{4}-\d{2}-\d{2})", text.strip())
        if found is None:
            raise ValueError("write daily, none or until YYYY-MM-DD")
        return cls(kind=ExpectKind.UNTIL, until=date.fromisoformat(found.group(1)))


def _upper_case(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code.strip().upper() for code in codes)


class OrderRules(BaseModel):
    """What counts as an order and as revenue of one order source.

    Attributes:
        require_customer: lines without a customer don't count.
        require_positive_quantity: lines with a quantity of zero or less don't count as orders.
        require_positive_price: lines with a price of zero or less don't count as orders.
        count_letter_coded_lines: article codes without a digit (postage, fees) count too.
        extra_service_codes: further article codes that are services.
        drop_exact_duplicates: a line that repeats another in every column counts once.
        returns: subtract refunds on the refund's own day, or ignore them.
        returns_are_activity: a return makes its customer active.
        cancellation_prefix: order ids that start with it are cancellations.
        bad_debt_prefix: order ids that start with it are bad debt.
        counted_statuses: only these statuses count, in lower case; empty counts all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    require_customer: bool = False
    require_positive_quantity: bool = True
    require_positive_price: bool = True
    count_letter_coded_lines: bool = True
    extra_service_codes: Annotated[tuple[str, ...], AfterValidator(_upper_case)] = ()
    drop_exact_duplicates: bool = False
    returns: Literal["subtract", "ignore"] = "subtract"
    returns_are_activity: bool = False
    cancellation_prefix: str | None = Field(default=None, min_length=1)
    bad_debt_prefix: str | None = Field(default=None, min_length=1)
    counted_statuses: tuple[str, ...] = ()


class SubscriptionRules(BaseModel):
    """What counts as recurring revenue of one source of subscription items.

    Attributes:
        churn_at_period_end: an item that is set to cancel counts until the period already paid is over; else
            it stops counting when it is set to cancel.
        once_discounts_reduce: a discount of a single billing period reduces recurring revenue too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    churn_at_period_end: bool = True
    once_discounts_reduce: bool = False


def _no_reserved_namespace(name: str) -> str:
    if name == "email":
        raise ValueError("'email' stands for addresses; name the system that gives the ids, such as shop")
    return name


class _Shared(BaseModel):
    """Keys that every source may have beside those of its connector."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    expect: str = ExpectKind.DAILY.value
    rules: dict[str, object] | None = None
    test_patterns: dict[str, str] = Field(default_factory=dict)
    staff_patterns: dict[str, str] = Field(default_factory=dict)
    customer_ids: Annotated[str, AfterValidator(_no_reserved_namespace)] | None = Field(
        default=None, pattern=r"^[a-z][a-z0-9_]{0,62}$"
    )


@dataclass(frozen=True, kw_only=True)
class Source:
    """One configured source, ready to be opened.

    Attributes:
        connector: the word in ``sanjeh.yml``, e.g. ``orders_file``.
        timezone: of the source, else of its brand.
        currency: of the source, else of its brand; amounts without a currency of their own are in it.
        config: the connector's own validated keys.
        streams: what the source feeds.
        brand: what its connector may know of the brand.
        order_rules: None for sources that feed no orders.
        subscription_rules: None for sources that feed no subscription items.
        test_patterns: LIKE pattern by column; rows that match are tests.
        staff_patterns: LIKE pattern by column; rows that match are staff.
        customer_ids: namespace of the ids of customers, contacts, subscribers or respondents: the source
            itself, or a name that sources with the same ids share.
    """

    source_id: str
    connector: str
    brand_id: str
    expect: Expect
    timezone: str
    currency: str
    config: SourceConfig
    streams: tuple[Stream, ...]
    order_rules: OrderRules | None
    subscription_rules: SubscriptionRules | None
    test_patterns: Mapping[str, str]
    staff_patterns: Mapping[str, str]
    customer_ids: str
    brand: BrandFacts

    @property
    def is_api(self) -> bool:
        """Whether it calls an API, which has all of its streams from the first landing on."""
        return self.connector in API_CONNECTORS

    def open(self, workspace: Workspace, *, limits: Limits | None = None) -> OpenedSource:
        """The connector that checks and lands this source; ``limits`` are shared by the sources of a run."""
        return open_source(
            self.source_id, self.connector, self.config, workspace, brand=self.brand, limits=limits
        )

    def check(self, workspace: Workspace, *, now: datetime) -> SourceCheck:
        """Whether the source could be read at ``now``; lands nothing."""
        from connectors.core.api_source import ApiSource  # noqa: PLC0415 - Arrow, where nothing else needs it

        opened = self.open(workspace)
        return opened.check(now=now) if isinstance(opened, ApiSource) else opened.check()

    def shape(self) -> dict[str, object]:
        """What of this source shapes the warehouse, for the fingerprint of the settings."""
        return {
            "config": self.config.model_dump(mode="json", exclude=DOES_NOT_SHAPE),
            "expect": self.expect.model_dump(mode="json"),
            "zone": [self.timezone, self.currency],
            "rules": [
                rules.model_dump(mode="json") if rules else None
                for rules in (self.order_rules, self.subscription_rules)
            ],
            "patterns": [dict(self.test_patterns), dict(self.staff_patterns)],
            "customer_ids": self.customer_ids,
        }


@dataclass(kw_only=True)
class SourceReader:
    """Validates the mapping ``sources``; findings pile up so that a user sees all of them at once.

    Attributes:
        brands: facts by brand id.
        findings: what is wrong, as ``file:line (key): message``.
    """

    file: YamlSource
    brands: Mapping[str, BrandFacts]
    findings: list[str] = field(default_factory=list)

    def read(self, entries: Mapping[str, Mapping[str, object]]) -> dict[str, Source]:
        """The valid sources of ``entries`` by id."""
        sources = {}
        for source_id, entry in entries.items():
            source = self._source(source_id, entry)
            if source is not None:
                sources[source_id] = source
        return sources

    def _source(self, source_id: str, entry: Mapping[str, object]) -> Source | None:
        before = len(self.findings)
        connector = self._word(source_id, entry, "connector", connector_words())
        brand_id = self._word(source_id, entry, "brand", self.brands)
        common = {key: entry[key] for key in _Shared.model_fields if key in entry}
        shared = self._validated(_Shared, source_id, common)
        own = {key: value for key, value in entry.items() if key not in _Shared.model_fields}
        # Stand-ins for a wrong word, which is a finding already, so that the other keys are looked at too.
        stand_in = {"connector": connector or "-", "brand": brand_id or "-"}
        model = config_model(connector or "-")
        config = self._validated(model, source_id, {**own, **stand_in}) if connector else None
        expect = self._expect(source_id, shared) if shared else None
        if len(self.findings) > before or not (connector and brand_id and shared and config and expect):
            return None
        brand = self.brands[brand_id]
        workspace = Workspace(self.file.path.parent)
        try:
            opened = open_source(source_id, connector, config, workspace, brand=brand)
        except ConnectorError as error:
            message = str(error).removeprefix(f"sources.{source_id}: ")
            self.findings.append(self.file.finding(("sources", source_id), message))
            return None
        streams = opened.streams()
        self._check_patterns(source_id, shared, streams)
        self._check_customer_ids(source_id, shared, streams)
        feeds_orders = any(stream.connector in FEEDS_ORDERS for stream in streams)
        feeds_items = any(stream.id in {"subscriptions/items", "stripe/subscriptions"} for stream in streams)
        order_rules = self._rules(OrderRules, source_id, shared) if feeds_orders else None
        subscription_rules = self._rules(SubscriptionRules, source_id, shared) if feeds_items else None
        if shared.rules is not None and not (feeds_orders or feeds_items):
            fed = ", ".join(stream.id for stream in streams)
            at = ("sources", source_id, "rules")
            message = f"rules are for orders and subscription items; this source feeds {fed}. Remove them."
            self.findings.append(self.file.finding(at, message))
        return Source(
            source_id=source_id,
            connector=connector,
            brand_id=brand_id,
            expect=expect,
            timezone=config.timezone or brand.timezone,
            currency=config.currency or brand.currency,
            config=config,
            streams=streams,
            order_rules=order_rules,
            subscription_rules=subscription_rules,
            test_patterns=shared.test_patterns,
            staff_patterns=shared.staff_patterns,
            customer_ids=shared.customer_ids or source_id,
            brand=brand,
        )

    def _word(
        self, source_id: str, entry: Mapping[str, object], key: str, allowed: Iterable[str]
    ) -> str | None:
        word = entry.get(key)
        if isinstance(word, str) and word in set(allowed):
            return word
        at = ("sources", source_id, key)
        if key not in entry:
            self.findings.append(
                f"{self.file.where(at, exact=True)}: the key {key!r} is required and missing."
            )
        else:
            known = closest(str(word), allowed)
            self.findings.append(self.file.finding(at, f"there is no {key} {word!r}. {known}"))
        return None

    def _validated(self, model: type[Model], source_id: str, value: object) -> Model | None:
        try:
            return model.model_validate(value)
        except ValidationError as error:
            at = ("sources", source_id)
            self.findings += findings_of(error, self.file, model, at=at, more=_Shared.model_fields)
            return None

    def _expect(self, source_id: str, shared: _Shared) -> Expect | None:
        try:
            return Expect.parse(shared.expect)
        except ValueError as error:
            at = ("sources", source_id, "expect")
            self.findings.append(self.file.finding(at, f"{shared.expect!r} is not understood: {error}."))
            return None

    def _rules(self, model: type[Model], source_id: str, shared: _Shared) -> Model | None:
        try:
            return model.model_validate(shared.rules or {})
        except ValidationError as error:
            self.findings += findings_of(error, self.file, model, at=("sources", source_id, "rules"))
            return None

    def _check_customer_ids(self, source_id: str, shared: _Shared, streams: tuple[Stream, ...]) -> None:
        if shared.customer_ids is None:
            return
        at = ("sources", source_id, "customer_ids")
        if not any(stream.connector in HAS_PEOPLE for stream in streams):
            fed = ", ".join(stream.id for stream in streams)
            message = f"customer_ids is for sources with ids of people; this one feeds {fed}. Remove it."
            self.findings.append(self.file.finding(at, message))

    def _check_patterns(self, source_id: str, shared: _Shared, streams: tuple[Stream, ...]) -> None:
        columns = {column.name for stream in streams for column in stream.columns}
        columns |= {name for stream in streams for column in stream.columns for name, _ in column.landed}
        for key in ("test_patterns", "staff_patterns"):
            for column in getattr(shared, key):
                if column not in columns:
                    place = ("sources", source_id, key, column)
                    hint = closest(column, columns)
                    self.findings.append(
                        self.file.finding(place, f"no stream of this source has that column. {hint}")
                    )
