"""Brand ``nava_apis``: what happened at ``nava``, told by the connectors' local servers where there is a connector."""
