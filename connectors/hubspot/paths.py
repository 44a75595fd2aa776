"""Paths of HubSpot's API by version: dates since 2026, numbers before."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paths:
    """Paths under one version, ``v3`` or a date."""

    version: str
    forms_version: str

    @property
    def _is_legacy(self) -> bool:
        return self.version == "v3"

    def objects(self, object_type: str) -> str:
        """List of records."""
        return (
            f"/crm/v3/objects/{object_type}"
            if self._is_legacy
            else f"/crm/objects/{self.version}/{object_type}"
        )

    def search(self, object_type: str) -> str:
        """Search of records."""
        return f"{self.objects(object_type)}/search"

    def associations(self, from_type: str, to_type: str) -> str:
        """Batch read of associations."""
        base = "/crm/v4/associations" if self._is_legacy else f"/crm/associations/{self.version}"
        return f"{base}/{from_type}/{to_type}/batch/read"

    def deal_pipelines(self) -> str:
        """Pipelines of deals with their stages."""
        return "/crm/v3/pipelines/deals" if self._is_legacy else f"/crm/pipelines/{self.version}/deals"

    def emails(self) -> str:
        """List of marketing e-mails."""
        return "/marketing/v3/emails" if self._is_legacy else f"/marketing/emails/{self.version}"

    def email_statistics(self, kind: str) -> str:
        """Statistics of e-mails: ``list`` or ``histogram``."""
        return f"{self.emails()}/statistics/{kind}"

    def forms(self) -> str:
        """List of forms."""
        return (
            "/marketing/v3/forms" if self.forms_version == "v3" else f"/marketing/forms/{self.forms_version}"
        )

    def submissions(self, form_id: str) -> str:
        """Submissions of a form; there is no other path yet."""
        return f"/form-integrations/v1/submissions/forms/{form_id}"

    def account(self) -> str:
        """Details of the account."""
        return "/account-info/v3/details"
