"""TikTok Ads' connector against the local TikTok."""
