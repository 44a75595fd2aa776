"""The same warehouse built by DuckDB and by Spark, compared cell by cell."""
