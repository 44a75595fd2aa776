"""The oracle: KPIs reckoned in plain Python from the reference text, sharing no code with what it checks."""
