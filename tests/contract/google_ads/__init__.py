"""Google Ads' connector against the local Google Ads server."""
