"""Dagster assets, by layer: raw streams, the warehouse that dbt builds, the published file."""
