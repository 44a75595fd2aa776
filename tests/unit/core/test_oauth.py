"""Access tokens of a token server: whose fault it is when there is none."""

from __future__ import annotations

import pytest

from connectors.core.http import Answer
from connectors.core.oauth import judge_token
from connectors.core.retry import Kind


def answer(status: int, json: object) -> Answer:
    """What a token server said."""
    return Answer(status=status, headers={}, json=json, text="")


def test_a_token_is_good() -> None:
    assert judge_token(answer(200, {"access_token": "t", "expires_in": 3599})) is None


@pytest.mark.parametrize("status", [200, 400, 401])
@pytest.mark.parametrize("code", ["invalid_grant", "invalid_client"])
def test_a_refused_grant_is_a_matter_of_credentials_whatever_the_status(status: int, code: str) -> None:
    error = judge_token(answer(status, {"error": code, "error_description": "Token has been revoked."}))
    assert error is not None
    assert (error.kind, error.said.partition(";")[0]) == (Kind.AUTH, f"{code}: Token has been revoked")


@pytest.mark.parametrize(
    ("status", "json", "kind"),
    [
        (200, {}, Kind.RETRY),
        (200, ["t"], Kind.RETRY),
        (200, None, Kind.RETRY),
        (200, {"error": "temporarily_unavailable"}, Kind.RETRY),
        (400, {"error": "unsupported_grant_type"}, Kind.REFUSED),
        (429, {"error": "slow_down"}, Kind.THROTTLED),
        (503, None, Kind.RETRY),
    ],
)
def test_anything_else_without_a_token_is_judged_by_its_status(status: int, json: object, kind: Kind) -> None:
    error = judge_token(answer(status, json))
    assert error is not None
    assert error.kind is kind
