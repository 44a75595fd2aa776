"""Meta Ads campaign performance: API answers and Ads Manager exports land in the same stream."""
