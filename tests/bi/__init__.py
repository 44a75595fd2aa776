"""BI clients that others wrote, over a published file that a real refresh replaces meanwhile: ``make test-bi``."""
