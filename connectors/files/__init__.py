"""Mapped files: exports of any tool, read by a declared mapping and landed in the streams of the raw zone."""
