{{ kpi_fact("week") }}
