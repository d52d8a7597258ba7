"""The checks that are no rules: of files, of the history as a whole, of what is said about findings. Pure."""

from __future__ import annotations

CHECKS = {
    "allow-without-reason": "A comment allows a finding and does not say why.",
    "baseline": "The baseline knows a finding that occurs no more.",
    "canary": "Clients at work were stalled, or saw errors, while the migrations ran.",
    "checksums": "A revision that was applied has another file than then, or none.",
    "declarations": "The migrations do not make what is declared.",
    "downgrade": "A way back does not restore the catalog that was there before.",
    "heads": "The history cannot be walked: it has several heads, or a gap.",
    "irreversible": "A revision loses values that its way back cannot bring back.",
    "lint": "A revision's files are not complete, do not parse, or are not fit for how they run.",
    "migrations": "The migrations do not run.",
    "not-checked": "Something could not be looked at.",
    "old-release": "The release before does not work with the new schema.",
    "roundtrip": "Rows do not survive the way there and back.",
    "rows-refused": "A statement failed with rows that were made up for the check.",
    "static": "A revision was not read, as nothing is run.",
    "unknown-rule": "A comment allows a rule that there is not.",
    "unused-allow": "A comment allows what is not found.",
}
"""Each with what it finds."""
