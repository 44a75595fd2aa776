"""The warehouse built by Apache Spark: what it is told, the program that runs dbt, what comes back."""
