"""What `airside check` needs beside its options: what is asked for, who does it, where it is written."""
