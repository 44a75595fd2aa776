"""The reports as a browser shows them; `make test-report`, not part of `make test`."""
