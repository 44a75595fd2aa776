"""The HTML report: one self-contained file per brand, cadence and language, from the published file alone.

``facts`` reads, ``speech`` words and numbers, ``charts`` draws, ``page`` renders, ``files`` decides what is
written anew and writes it. docs/report.md says what a report holds and when it is written.
"""
