"""The mutation check: each rule is broken once, and a part of the suite must notice."""
