"""What `bench/archive.py` measures, a module for each part."""
