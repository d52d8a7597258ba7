"""Reference data, development fixtures and generated data."""
