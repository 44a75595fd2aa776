"""Which vendors tell ``nava_apis`` in place of files: one module each."""

from __future__ import annotations

from types import ModuleType

from tests.known_company.nava import ads, lines, orders
from tests.known_company.nava_apis import google_ads, meta_ads, woocommerce
from tests.known_company.nava_apis.served import Vendor

VENDORS: tuple[Vendor, ...] = (google_ads, meta_ads, woocommerce)
REPLACED: tuple[ModuleType, ...] = (ads, lines, orders)
"""Families of ``nava`` whose files this brand hasn't; what vendors leave of them to files is in their own ``drops``."""
