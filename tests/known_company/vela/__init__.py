"""Vela, a web shop in New York whose only traffic source is the raw event export: Sunday weeks, USD."""
