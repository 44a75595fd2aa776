"""Google Analytics 4 reports: API answers and exports of reports land in the same streams."""
