"""What `bench/partitions.py` is made of."""
