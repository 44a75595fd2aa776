"""Keys of a Google Ads source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from connectors.core.api_config import Address, ApiConfig


def _digits(value: str) -> str:
    digits = value.replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == _ID_DIGITS):
        raise ValueError(f'{value!r} is no customer id of Google Ads: write its ten digits, "123-456-7890"')
    return digits


_ID_DIGITS = 10
CustomerId = Annotated[str, AfterValidator(_digits)]
"""Ten digits; the dashes of the user interface may be written."""


class Config(ApiConfig):
    """One account of Google Ads that serves ads; a manager account has no numbers of its own.

    Attributes:
        customer_id: the account.
        login_customer_id: the manager account through which the credentials reach it, if any.
        developer_token_env: variable with the developer token of a manager account's API center.
        credentials_file_env: variable with the path of a service account's JSON key, which must be a user of
            the ad account. Without it and without a refresh token, application default credentials are used.
        client_id_env: variable with the id of an OAuth client.
        client_secret_env: variable with its secret.
        refresh_token_env: variable with the refresh token of a user; all three or none.
        token_uri: where a refresh token is exchanged; a service account's key names its own.
        base_url: scheme and host of the API.
        api_version: as it stands in the path; a version lives about a year.
        days_per_request: days of one question, whose answer comes in one piece.
    """

    connector: Literal["google_ads"]
    customer_id: CustomerId
    login_customer_id: CustomerId | None = None
    developer_token_env: str
    credentials_file_env: str | None = None
    client_id_env: str | None = None
    client_secret_env: str | None = None
    refresh_token_env: str | None = None
    token_uri: Address = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    base_url: Address = "https://googleads.googleapis.com"
    api_version: Annotated[str, Field(pattern=r"^v[0-9]+$")] = "v26"
    days_per_request: Annotated[int, Field(ge=1, le=31)] = 7

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        user = (self.client_id_env, self.client_secret_env, self.refresh_token_env)
        if any(user) and not all(user):
            raise ValueError(
                "client_id_env, client_secret_env and refresh_token_env go together: name all three"
            )
        if any(user) and self.credentials_file_env:
            raise ValueError(
                "name either credentials_file_env or the three keys of a refresh token, not both"
            )
        return self
