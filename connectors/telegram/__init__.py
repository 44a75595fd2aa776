"""Telegram channels and groups: members, by the Bot API."""
