"""The exotic travel booking platform: one database."""
