"""All connectors at once against slow and failing servers: runs over the demo's workspace, faults drawn at random."""
