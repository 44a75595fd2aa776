"""Daily counts of forms: people who saw them and people who sent them."""
