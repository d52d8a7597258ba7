"""Flight Schedule Pro, the planning of a flight school: one database."""
