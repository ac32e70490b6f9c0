"""The vocabulary of a roster: kinds and their fields, records, changes, findings, states."""
