"""Google Ads: performance, conversions, the account; UI downloads land in the campaigns' stream as well."""
