"""pg_partman beside Airside: read a set of it, take it over, hand one to it, or watch both. Through SQL alone."""
