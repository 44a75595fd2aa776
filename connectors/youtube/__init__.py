"""YouTube channels: subscribers, videos and, for their owner, exact days."""
