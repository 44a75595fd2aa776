"""Ready-made declarations, one module per kind of export file; each holds one ``PRESET``."""
