"""A company with known answers: generated exports and API data, and an oracle in plain Python that says what the facts must hold."""
