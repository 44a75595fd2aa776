{{ kpi_fact("day") }}
