"""Google Analytics 4 events, from files of the raw BigQuery export; no network."""
