"""Orchestration: what runs when. Thin over ``connectors`` (extract) and ``dbt_project`` (transform)."""
