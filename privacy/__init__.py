"""Personal data: where it is, and how it leaves."""
