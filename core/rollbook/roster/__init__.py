"""The vocabulary of a roster: kinds and their fields, records, grades, changes, findings and
states."""
