"""Connectors: what knows APIs and files, and nothing of Dagster or dbt.

``core`` is what every connector builds on (streams, raw zone, text, dates). Each other folder is one source:
its ``streams.py`` declares what lands. ``files`` reads exports dropped into a folder and lands them in those
streams.
``registry`` is the only module that imports every source.
"""
