"""The proofs of `airside check`: what each statement of a history really does, judged by rules."""
