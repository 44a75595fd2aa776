"""TikTok Ads: campaign performance and claimed conversions of one advertiser."""
