"""The rules that hold a changeset, and their words."""
