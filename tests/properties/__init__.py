"""Properties of the models' own SQL, on drawn data, in DuckDB without dbt's start-up."""
