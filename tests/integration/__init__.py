"""The whole pipeline, run as its user runs it: the command line, real files, the published warehouse."""
