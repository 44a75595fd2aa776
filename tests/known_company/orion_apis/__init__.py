"""Brand ``orion_apis``: the recurring revenue of ``orion``, told by Stripe's local server in place of a file."""
