"""LinkedIn Ads: campaign performance and claimed conversions of one ad account."""
