{{ kpi_fact("quarter") }}
