"""Which vendors tell ``nava_apis`` in place of files: one module each."""

from __future__ import annotations

from types import ModuleType

from tests.known_company.nava import ads, email, lines, orders, social
from tests.known_company.nava_apis import google_ads, instagram, mailchimp, meta_ads, woocommerce
from tests.known_company.nava_apis.served import Vendor

VENDORS: tuple[Vendor, ...] = (google_ads, meta_ads, mailchimp, instagram, woocommerce)
REPLACED: tuple[ModuleType, ...] = (ads, email, lines, orders, social)
"""Families of ``nava`` whose files this brand hasn't; what vendors leave of them to files is in their own ``drops``."""
