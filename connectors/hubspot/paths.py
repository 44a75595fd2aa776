"""Paths of HubSpot's API, by version: dated ones, and the numbered ones that go out of use in 2027."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.hubspot.config import LEGACY_VERSION, Config


@dataclass(frozen=True)
class Paths:
    """Where things are asked for.

    Attributes:
        version: of everything but forms.
        forms_version: of forms.
    """

    version: str
    forms_version: str

    @classmethod
    def of(cls, config: Config) -> Paths:
        """The paths of a configured version; forms have only got as far as a beta of the dated ones."""
        version = config.api_version
        dated = version if version.endswith("-beta") else f"{version}-beta"
        return cls(version, config.forms_version or (version if version == LEGACY_VERSION else dated))

    @property
    def account(self) -> str:
        """Details of the account."""
        return f"/account-info/{self.version}/details"

    def objects(self, object_type: str) -> str:
        """List of records."""
        if self.version == LEGACY_VERSION:
            return f"/crm/v3/objects/{object_type}"
        return f"/crm/objects/{self.version}/{object_type}"

    def search(self, object_type: str) -> str:
        """Search of records."""
        return f"{self.objects(object_type)}/search"

    def associations(self, from_type: str, to_type: str) -> str:
        """Which records belong to some others; the numbered path is a v4."""
        base = (
            "/crm/v4/associations" if self.version == LEGACY_VERSION else f"/crm/associations/{self.version}"
        )
        return f"{base}/{from_type}/{to_type}/batch/read"

    @property
    def deal_pipelines(self) -> str:
        """Pipelines of deals with their stages."""
        if self.version == LEGACY_VERSION:
            return "/crm/v3/pipelines/deals"
        return f"/crm/pipelines/{self.version}/deals"

    @property
    def emails(self) -> str:
        """Marketing e-mails; their statistics are below it."""
        if self.version == LEGACY_VERSION:
            return "/marketing/v3/emails"
        return f"/marketing/emails/{self.version}"

    @property
    def forms(self) -> str:
        """Forms."""
        if self.forms_version == LEGACY_VERSION:
            return "/marketing/v3/forms"
        return f"/marketing/forms/{self.forms_version}"

    def submissions(self, form_id: str) -> str:
        """Submissions of a form: version 1 is the only one there is."""
        return f"/form-integrations/v1/submissions/forms/{form_id}"
