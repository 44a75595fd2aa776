"""Marketing costs outside the ad platforms: fees, tools, production."""
