"""Social accounts: follower counts and posts."""
