"""Meta Ads by API; Ads Manager exports land in the same stream of campaign performance."""
