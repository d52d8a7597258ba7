"""The archive: moving what is past its time out of the way, and bringing it back."""
