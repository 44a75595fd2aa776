"""The cases, a module per connector, each with the tuple ``CASES``; ``roster`` finds them."""
