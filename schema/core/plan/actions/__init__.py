"""What to write for each kind of object."""
