"""LinkedIn Ads' connector against the local LinkedIn."""
