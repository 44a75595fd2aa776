"""Google Ads campaign performance: API answers and UI downloads land in the same stream."""
