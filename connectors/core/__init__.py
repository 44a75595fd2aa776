"""What every connector builds on: streams, raw zone, text, dates, errors."""
