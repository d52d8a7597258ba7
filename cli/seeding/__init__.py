"""What `airside seed` is made of: which runs, the partitions they need, the work on several databases, the report."""
