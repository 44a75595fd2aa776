"""Alerts: who is told what about the targets and sources of a new publication.

``standings`` reads what the published file says, ``decide`` what of it is worth saying given what was said
before, ``record`` keeps both in the ledger, ``render`` finds the words, ``deliver`` brings them to a channel;
``sending`` is all of that in order, for the Dagster asset and the command line.
"""
