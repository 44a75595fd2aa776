"""The local servers themselves: each quirk of a vendor is shown once."""
