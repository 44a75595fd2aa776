{{ kpi_fact("month") }}
