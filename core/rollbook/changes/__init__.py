"""Snapshot against directory: changeset, digest, lanes and the inverse."""
