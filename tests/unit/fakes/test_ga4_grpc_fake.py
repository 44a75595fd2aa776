"""The GA4 server over gRPC: the same answers as over REST, and faults as gRPC statuses."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest
from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.services.beta_analytics_data.transports import (
    BetaAnalyticsDataGrpcTransport,
    BetaAnalyticsDataRestTransport,
)
from google.analytics.data_v1beta.types import (
    BatchRunReportsRequest,
    DateRange,
    Dimension,
    GetMetadataRequest,
    Metric,
    RunReportRequest,
)
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials

from tests.fakes.faults import Fault
from tests.fakes.ga4 import Ga4Api
from tests.fakes.ga4_data import Property, Quality
from tests.fakes.ga4_grpc import Ga4Grpc
from tests.unit.fakes.conftest import SHOP

TRAFFIC = RunReportRequest(
    property=f"properties/{SHOP}",
    dimensions=[Dimension(name="sessionCampaignName")],
    metrics=[Metric(name=name) for name in ("sessions", "keyEvents", "activeUsers")],
    date_ranges=[DateRange(start_date="2026-11-02", end_date="2026-11-03")],
    return_property_quota=True,
    metric_aggregations=["TOTAL"],
)


@pytest.fixture
def client(ga4: Ga4Api) -> Iterator[BetaAnalyticsDataClient]:
    """Google's client on an insecure channel."""
    ga4.requires_token = True
    with Ga4Grpc(ga4) as server, grpc.insecure_channel(server.target) as channel:
        yield BetaAnalyticsDataClient(transport=BetaAnalyticsDataGrpcTransport(channel=channel))


def test_both_transports_give_the_same(ga4: Ga4Api, shop: Property, client: BetaAnalyticsDataClient) -> None:
    shop.quality = Quality(sampled=(1, 2), truncations=(("DATE_RANGE", "Older data are gone."),))
    over_grpc = client.run_report(TRAFFIC)
    ga4.requires_token = False
    shop.quota.next_day()
    rest = BetaAnalyticsDataRestTransport(
        host=ga4.base_url.removeprefix("http://"), url_scheme="http", credentials=AnonymousCredentials()
    )
    assert over_grpc == BetaAnalyticsDataClient(transport=rest).run_report(TRAFFIC)
    assert over_grpc.rows[1].dimension_values[0].value == "پویش میوه‌ها"
    assert over_grpc.totals[0].metric_values[2].value == "3"
    assert over_grpc.property_quota.tokens_per_day.consumed == 1
    assert ga4.violations == []


def test_a_batch_goes_over_grpc_too(ga4: Ga4Api, client: BetaAnalyticsDataClient) -> None:
    asked = BatchRunReportsRequest(property=f"properties/{SHOP}", requests=[TRAFFIC, TRAFFIC])
    batch = client.batch_run_reports(asked)
    assert [len(report.rows) for report in batch.reports] == [3, 3]
    assert ga4.violations == []


def test_other_methods_are_unimplemented(client: BetaAnalyticsDataClient) -> None:
    with pytest.raises(exceptions.MethodNotImplemented):
        client.get_metadata(GetMetadataRequest(name=f"properties/{SHOP}/metadata"))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.THROTTLED, exceptions.ResourceExhausted),
        (Fault.QUOTA_EXHAUSTED, exceptions.ResourceExhausted),
        (Fault.SERVER_ERROR, exceptions.InternalServerError),
        (Fault.FORBIDDEN, exceptions.PermissionDenied),
        (Fault.EXPIRED_TOKEN, exceptions.Unauthenticated),
        (Fault.ERROR_WITH_200, exceptions.InternalServerError),
        (Fault.HTML_PAGE, exceptions.ServiceUnavailable),
        (Fault.HTML_PAGE_WITH_200, exceptions.Unknown),
        (Fault.CUT_CONNECTION, exceptions.ServiceUnavailable),
    ],
)
def test_a_fault_is_a_status(
    ga4: Ga4Api, client: BetaAnalyticsDataClient, fault: Fault, error: type[Exception]
) -> None:
    ga4.order(fault)
    with pytest.raises(error):
        client.run_report(TRAFFIC)
    assert len(client.run_report(TRAFFIC).rows) == 3


def test_unavailable_and_refused_requests_have_their_statuses(
    ga4: Ga4Api, client: BetaAnalyticsDataClient
) -> None:
    ga4.server_error = 503
    ga4.order(Fault.SERVER_ERROR)
    with pytest.raises(exceptions.ServiceUnavailable, match="currently unavailable"):
        client.run_report(TRAFFIC)
    with pytest.raises(exceptions.InvalidArgument, match="A dateRange is required"):
        client.run_report(RunReportRequest(property=f"properties/{SHOP}", metrics=[Metric(name="sessions")]))


def test_a_token_in_the_metadata_is_judged(ga4: Ga4Api, client: BetaAnalyticsDataClient) -> None:
    token = ga4.tokens.issue(ga4.scope)
    good, bad = (("authorization", f"Bearer {each}") for each in (token, "ya29.other"))
    assert len(client.run_report(TRAFFIC, metadata=[good]).rows) == 3
    with pytest.raises(exceptions.Unauthenticated):
        client.run_report(TRAFFIC, metadata=[bad])
