"""Declarations: the vocabulary (`airside.schema.core`) and one folder per system."""
