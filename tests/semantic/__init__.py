"""MetricFlow beside the published KPI facts: an oracle that shares no SQL with them."""
