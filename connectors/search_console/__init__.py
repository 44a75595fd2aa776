"""Google Search Console performance: API answers and the zip of the UI land in the same streams."""
