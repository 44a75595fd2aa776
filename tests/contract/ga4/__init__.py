"""GA4's connector against the local GA4 server, by Google's own client over REST and gRPC."""
