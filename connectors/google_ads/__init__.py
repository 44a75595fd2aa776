"""Google Ads: performance, conversions and the account itself; UI downloads land in the campaigns' stream as well."""
